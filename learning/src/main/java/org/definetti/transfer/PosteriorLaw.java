package org.definetti.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.Sample;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.FiniteBelief;
import org.ejml.simple.SimpleMatrix;

/**
 * The law of the posterior π_X of a model with K latents, over sequences X of one length: S
 * posteriors with their probabilities.
 *
 * <ul>
 *   <li>Exact for categories: one cell for every vector of counts, because the posterior depends on
 *       nothing else. Otherwise a sample, every cell of probability 1/S.
 *   <li>Every cell has a sequence that leads to its posterior, so that any predictor whose output
 *       does not depend on the order can be averaged over the same law.
 *   <li>Source: [derived].
 * </ul>
 *
 * <p>Immutable.
 */
public final class PosteriorLaw {

  private final List<Tokens> sequences;
  private final SimpleMatrix probabilities; // (1, S)
  private final SimpleMatrix posteriors; // (S, K)

  private PosteriorLaw(
      List<Tokens> sequences, SimpleMatrix probabilities, SimpleMatrix posteriors) {
    this.sequences = List.copyOf(sequences);
    this.probabilities = probabilities;
    this.posteriors = posteriors;
  }

  /**
   * Returns the exact law for a model of categories.
   *
   * <p>Cost: C(L + W - 1, L) cells, those of probability zero left out.
   *
   * @param length L, at least 0
   * @throws IllegalArgumentException if tokens are not categories or there are more than a million
   *     cells
   */
  public static PosteriorLaw enumerated(FiniteLatentModel<?> model, int length) {
    Check.atLeast("length", 0, length);
    SimpleMatrix logs = logOfCategories(model);
    CountVectors counts = CountVectors.of(logs.getNumRows(), length);
    int latents = logs.getNumCols();
    List<Tokens> sequences = new ArrayList<>();
    List<double[]> rows = new ArrayList<>();
    List<Double> masses = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      double[] joint = new double[latents];
      double mass = 0;
      for (int k = 0; k < latents; k++) {
        double log = counts.logLikelihood(i, logs, k) + counts.logOrders(i);
        joint[k] = model.priorProbabilities().get(0, k) * Math.exp(log);
        mass += joint[k];
      }
      if (mass > 0) {
        sequences.add(Tokens.ofRows(model.tokenSpace(), counts.sequence(i)));
        masses.add(mass);
        for (int k = 0; k < latents; k++) {
          joint[k] /= mass;
        }
        rows.add(joint);
      }
    }
    double[] probabilities = masses.stream().mapToDouble(Double::doubleValue).toArray();
    return new PosteriorLaw(
        sequences,
        new SimpleMatrix(1, probabilities.length, true, probabilities),
        new SimpleMatrix(rows.toArray(double[][]::new)));
  }

  /** Returns log P(x = w | z_k), shape (W, K). */
  static SimpleMatrix logOfCategories(FiniteLatentModel<?> model) {
    if (!(model.tokenSpace() instanceof CategoricalTokens categories)) {
      throw new IllegalArgumentException(
          "model: expected tokens that are categories, got " + model.tokenSpace());
    }
    double[] each = new double[categories.count()];
    for (int w = 0; w < each.length; w++) {
      each[w] = w;
    }
    return model.logLikelihoods(Tokens.ofRows(categories, each));
  }

  /**
   * Returns a sample of the law for any model with finitely many latents.
   *
   * @param length L, at least 0
   * @param count S, at least 1
   */
  public static PosteriorLaw drawn(
      FiniteLatentModel<?> model, int length, int count, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    Check.atLeast("count", 1, count);
    return draw(model, length, count, rng);
  }

  private static <Z> PosteriorLaw draw(
      FiniteLatentModel<Z> model, int length, int count, RandomGenerator rng) {
    FiniteBelief<Z> prior = FiniteBelief.prior(model);
    List<Tokens> sequences = new ArrayList<>();
    double[][] rows = new double[count][];
    for (int s = 0; s < count; s++) {
      Sample<Z> sample = model.sample(length, rng);
      sequences.add(sample.tokens());
      rows[s] = prior.observe(sample.tokens()).probabilities().getDDRM().data;
    }
    SimpleMatrix probabilities = new SimpleMatrix(1, count).plus(1.0 / count);
    return new PosteriorLaw(sequences, probabilities, new SimpleMatrix(rows));
  }

  /** Returns the number S of cells. */
  public int size() {
    return sequences.size();
  }

  /** Returns the probability of each cell, shape (1, S), adding up to one. */
  public SimpleMatrix probabilities() {
    return probabilities;
  }

  /** Returns the posterior π_X of each cell, shape (S, K), one a row. */
  public SimpleMatrix posteriors() {
    return posteriors;
  }

  /** Returns a sequence of each cell, in the order of the cells. */
  public List<Tokens> sequences() {
    return sequences;
  }

  /** Returns E v, shape (1, d), of a vector v given for every cell. */
  SimpleMatrix mean(SimpleMatrix rows) {
    return probabilities.mult(rows);
  }

  /**
   * Returns {@code E[v vᵀ]}, shape (d, d), of a vector v given for every cell.
   *
   * @param rows v of each cell, shape (S, d)
   */
  public SimpleMatrix secondMoments(SimpleMatrix rows) {
    Check.matrix("rows", rows, size(), -1);
    int width = rows.getNumCols();
    double[] weighted = rows.getDDRM().data.clone();
    for (int i = 0; i < weighted.length; i++) {
      weighted[i] *= probabilities.get(0, i / width);
    }
    return rows.transpose().mult(new SimpleMatrix(size(), width, true, weighted));
  }

  /**
   * Returns {@code E||v - E v||²} of a vector v given for every cell.
   *
   * @param rows v of each cell, shape (S, d)
   */
  public double variance(SimpleMatrix rows) {
    Check.matrix("rows", rows, size(), -1);
    SimpleMatrix mean = mean(rows);
    double sum = 0;
    for (int s = 0; s < size(); s++) {
      double square = 0;
      for (int i = 0; i < rows.getNumCols(); i++) {
        double centred = rows.get(s, i) - mean.get(0, i);
        square += centred * centred;
      }
      sum += probabilities.get(0, s) * square;
    }
    return sum;
  }
}
