package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.kernel.RbfKernel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.latent.finite.RegressionConcepts;
import org.definetti.latent.finite.Topics;
import org.definetti.latent.mixture.TwoTopics;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.latent.sequence.AutoRegression;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.latent.sequence.IndexTied;
import org.definetti.random.Dirichlet;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * The models that A1 to A3 speak of, M1 to M6, M8 and M9, with hyperparameters drawn at random, and
 * the sequence models that must be told from them.
 */
final class AuditedModels {

  private static final int WORDS = 4;
  private static final int CONCEPTS = 3;
  private static final int KEY_WIDTH = 2;

  private AuditedModels() {}

  /**
   * Returns one model of each family.
   *
   * @param width of real tokens and of values
   */
  static List<LatentModel<?>> draw(int width, RandomGenerator rng) {
    List<LatentModel<?>> models = new ArrayList<>(ofCategories(rng));
    models.add(GaussianMean.of(width, scale(rng), scale(rng)));
    models.add(GaussianConcepts.of(normal(CONCEPTS, width, rng).scale(2), scale(rng)));
    List<SimpleMatrix> maps = new ArrayList<>();
    for (int k = 0; k < CONCEPTS; k++) {
      maps.add(normal(width, KEY_WIDTH, rng));
    }
    models.add(RegressionConcepts.of(maps, scale(rng)));
    models.add(LinearRegression.of(KEY_WIDTH, width, scale(rng), scale(rng)));
    models.add(
        GaussianProcess.of(new RbfKernel(scale(rng)), KEY_WIDTH, scale(rng), scale(rng))
            .withValueWidth(width));
    return models;
  }

  /** Returns those whose tokens are categories: M2, M3, M4a, M8, M9. */
  static List<LatentModel<?>> ofCategories(RandomGenerator rng) {
    return List.of(
        BetaBernoulli.of(scale(rng), scale(rng)),
        DirichletCategorical.of(scale(rng), scale(rng), scale(rng)),
        concepts(rng),
        Topics.of(Topics.simplexGrid(2, 5), laws(2, WORDS, rng)),
        TwoTopics.of(laws(2, WORDS, rng)).withPrior(scale(rng), scale(rng)));
  }

  /** Returns M4a: three concepts, four symbols. */
  static CategoricalConcepts concepts(RandomGenerator rng) {
    return CategoricalConcepts.of(laws(CONCEPTS, WORDS, rng)).withPrior(laws(1, CONCEPTS, rng));
  }

  /** Returns a part for each model, the first ones with these controls. */
  static List<ClaimPart> parts(
      Map<String, Deviation> models, double bound, List<Control> controls) {
    List<ClaimPart> parts = new ArrayList<>();
    models.forEach(
        (name, deviation) -> {
          ClaimPart part = ClaimPart.of(name, deviation.atMost(bound));
          boolean more = parts.size() < controls.size();
          parts.add(more ? part.withControl(controls.get(parts.size())) : part);
        });
    return parts;
  }

  /** Returns an autoregression: the neighbour in time counts for more. */
  static AutoRegression autoRegression() {
    return AutoRegression.of(0.7, 0.5, 1);
  }

  /** Returns a chain of two states that tend to stay, in equilibrium from the start. */
  static HiddenMarkov hiddenMarkov() {
    SimpleMatrix initial = new SimpleMatrix(1, 2, true, 0.5, 0.5);
    SimpleMatrix transition = new SimpleMatrix(2, 2, true, 0.8, 0.2, 0.2, 0.8);
    return HiddenMarkov.of(
        initial, transition, new SimpleMatrix(2, 3, true, 0.7, 0.25, 0.05, 0.05, 0.15, 0.8));
  }

  /** Returns tokens whose law depends on their index, odd or even. */
  static IndexTied indexTied() {
    SimpleMatrix even = new SimpleMatrix(2, 3, true, 0.7, 0.2, 0.1, 0.1, 0.3, 0.6);
    SimpleMatrix odd = new SimpleMatrix(2, 3, true, 0.1, 0.1, 0.8, 0.5, 0.4, 0.1);
    return IndexTied.of(new SimpleMatrix(1, 2, true, 0.5, 0.5), List.of(even, odd));
  }

  /** Returns a positive number between 1/4 and 4, uniform in its logarithm. */
  private static double scale(RandomGenerator rng) {
    return StrictMath.pow(4, 2 * rng.nextDouble() - 1);
  }

  /** Returns rows of probabilities, none close to zero. */
  static SimpleMatrix laws(int rows, int columns, RandomGenerator rng) {
    double[] concentrations = new double[columns];
    Arrays.fill(concentrations, 2);
    double[] laws = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      double[] law = Dirichlet.draw(concentrations, rng);
      for (int w = 0; w < columns; w++) {
        laws[i * columns + w] = 0.9 * law[w] + 0.1 / columns;
      }
    }
    return new SimpleMatrix(rows, columns, true, laws);
  }

  /** Returns independent standard normal entries. */
  static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] entries = new double[rows * columns];
    Normal.fill(entries, 0, entries.length, rng);
    return new SimpleMatrix(rows, columns, true, entries);
  }
}
