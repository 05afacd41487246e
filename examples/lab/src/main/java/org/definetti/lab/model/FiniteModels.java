package org.definetti.lab.model;

import static org.definetti.lab.model.BuiltInModel.ANY_LENGTH;
import static org.definetti.lab.model.BuiltInModel.ordered;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.EqualMeanClusters;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.latent.finite.RegressionConcepts;
import org.definetti.latent.finite.SparseBoolean;
import org.definetti.latent.finite.SparseRule;
import org.definetti.latent.finite.Topics;
import org.ejml.simple.SimpleMatrix;

/** The models of finitely many latents of the catalogue. */
final class FiniteModels {

  private static final String EXACT =
      "posterior, predictive, evidence, by adding log-likelihoods; zero probabilities included";

  static final List<BuiltInModel> ALL =
      List.of(
          new BuiltInModel(
              "categorical-concepts",
              "Throws of one of K known dice: which one?",
              "z = k with probability p_k;  x | z ~ Categorical(P_z); p and rows of P as"
                  + " proportions, P moved to its average row as separation falls from 1 to 0",
              EXACT,
              ANY_LENGTH,
              ordered(
                  "prior",
                  "1/1/1",
                  "likelihoods",
                  "0.6/0.2/0.1/0.1/0.3/0.5/0.15/0.05/0.3/0.2/0.35/0.15",
                  "separation",
                  "1"),
              FiniteModels::categorical,
              CategoricalConcepts::from),
          new BuiltInModel(
              "gaussian-concepts",
              "Noisy measurements of one of K known points: which one?",
              "z = k with probability p_k;  x | z ~ N(mu_z, s2 I), or s2_z if each has its own"
                  + " (full covariances by a model file)",
              EXACT,
              ANY_LENGTH,
              ordered("prior", "1/1/1", "means", "1/0/-0.5/0.8/-0.5/-0.8", "variances", "1"),
              FiniteModels::gaussian,
              GaussianConcepts::from),
          new BuiltInModel(
              "regression-concepts",
              "Noisy values of one of K known linear maps at random keys: which one?",
              "c = k with probability p_k;  v = z_c k + noise of variance s2;  tokens (k, v)",
              EXACT,
              ANY_LENGTH,
              ordered(
                  "prior",
                  "1/1/1",
                  "value-width",
                  "1",
                  "maps",
                  "1/0/-0.5/0.8/-0.5/-0.8",
                  "noise-variance",
                  "0.25",
                  "keys",
                  "sphere",
                  "label-variance",
                  "0.25"),
              FiniteModels::regression,
              RegressionConcepts::from),
          new BuiltInModel(
              "topics",
              "Words of a document that mixes known topics in unknown proportions (latent"
                  + " Dirichlet allocation on a grid).",
              "theta uniform on the multiples of 1/grid in the simplex;  P(x = w | theta) = sum_t"
                  + " theta_t beta_tw; rows of beta as proportions, moved to their average as"
                  + " separation falls from 1 to 0",
              EXACT + "; the prediction depends on the posterior through E[theta | X] alone",
              ANY_LENGTH,
              ordered(
                  "topic-count",
                  "3",
                  "grid",
                  "4",
                  "topics",
                  "42/10/7/1/18/34/7/1/12/10/22/16",
                  "separation",
                  "1"),
              FiniteModels::topics,
              Topics::from),
          new BuiltInModel(
              "equal-mean-clusters",
              "Numbers around zero of one of K known spreads: which one?",
              "z = k with probability p_k;  x | z ~ N(0, d_z^2)",
              EXACT + "; the mean of x says nothing about z",
              ANY_LENGTH,
              ordered("prior", "1/1/1", "deviations", "0.5/1/2"),
              s -> EqualMeanClusters.of(s.numbers("deviations")).withPrior(prior(s)),
              EqualMeanClusters::from),
          new BuiltInModel(
              "sparse-boolean",
              "Bit strings labelled by an unknown function of few of their bits: which bits?",
              "z a uniform s-subset of T positions;  bits ~ Bernoulli(p);  label = conjunction or"
                  + " parity of the bits at z, flipped with probability noise;  tokens (bits, label)",
              "posterior, predictive (the vote of the subsets), evidence, by counting over all C(T,"
                  + " s) subsets, 64 tokens at a time; without noise the version space",
              "any length; at most 20,000,000 subsets: 490 positions for s = 3",
              ordered(
                  "rule",
                  "conjunction",
                  "positions",
                  "8",
                  "relevant",
                  "2",
                  "one-probability",
                  "0.7071067811865476",
                  "noise",
                  "0.05"),
              s ->
                  SparseBoolean.of(
                          s.choice("rule", SparseRule.class),
                          s.whole("positions"),
                          s.whole("relevant"))
                      .withOneProbability(s.number("one-probability"))
                      .withNoise(s.number("noise")),
              SparseBoolean::from));

  private FiniteModels() {}

  private static CategoricalConcepts categorical(Settings s) {
    SimpleMatrix likelihoods = rows(s, "likelihoods", s.numbers("prior").length);
    return CategoricalConcepts.of(separated(s, likelihoods)).withPrior(prior(s));
  }

  private static GaussianConcepts gaussian(Settings s) {
    int concepts = s.numbers("prior").length;
    SimpleMatrix means = rows(s, "means", concepts);
    double[] variances = s.numbers("variances");
    if (variances.length == 1) {
      return GaussianConcepts.of(means, variances[0]).withPrior(prior(s));
    }
    SimpleMatrix unit = SimpleMatrix.identity(means.getNumCols());
    List<SimpleMatrix> own = Arrays.stream(variances).mapToObj(unit::scale).toList();
    return GaussianConcepts.of(means, own).withPrior(prior(s));
  }

  private static RegressionConcepts regression(Settings s) {
    int concepts = s.numbers("prior").length;
    int valueWidth = Math.max(1, s.whole("value-width"));
    SimpleMatrix stacked = rows(s, "maps", concepts * valueWidth);
    List<SimpleMatrix> maps = new ArrayList<>();
    for (int k = 0; k < concepts; k++) {
      maps.add(stacked.rows(k * valueWidth, (k + 1) * valueWidth));
    }
    return RegressionConcepts.of(maps, s.number("noise-variance"))
        .withPrior(prior(s))
        .withKeys(s.choice("keys", KeyLaw.class))
        .withLabelVariance(s.number("label-variance"));
  }

  private static Topics topics(Settings s) {
    SimpleMatrix topics = separated(s, rows(s, "topics", s.whole("topic-count")));
    return Topics.of(Topics.simplexGrid(topics.getNumRows(), s.whole("grid")), topics);
  }

  private static SimpleMatrix prior(Settings s) {
    return proportions("prior", s.numbers("prior"), 0, s.numbers("prior").length);
  }

  // Rows of proportions, moved towards their average: P_z = average + separation (row - average).
  private static SimpleMatrix separated(Settings s, SimpleMatrix weights) {
    double separation = s.number("separation");
    if (!(separation >= 0 && separation <= 1)) {
      throw new IllegalArgumentException("separation: expected in 0..1, got " + separation);
    }
    List<SimpleMatrix> rows = new ArrayList<>();
    SimpleMatrix average = new SimpleMatrix(1, weights.getNumCols());
    for (int k = 0; k < weights.getNumRows(); k++) {
      int width = weights.getNumCols();
      rows.add(proportions("row " + k, weights.getDDRM().data, k * width, width));
      average = average.plus(rows.get(k).divide(weights.getNumRows()));
    }
    SimpleMatrix moved = new SimpleMatrix(0, weights.getNumCols());
    for (SimpleMatrix row : rows) {
      moved = moved.concatRows(average.scale(1 - separation).plus(row.scale(separation)));
    }
    return moved;
  }

  static SimpleMatrix proportions(String name, double[] weights, int from, int count) {
    double sum = Arrays.stream(weights, from, from + count).sum();
    double[] row = new double[count];
    for (int i = 0; i < count; i++) {
      row[i] = weights[from + i] / sum;
    }
    if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + ": expected a finite sum > 0, got " + sum);
    }
    return new SimpleMatrix(1, count, true, row);
  }

  // The numbers of a key as a matrix of {@code rows} rows.
  static SimpleMatrix rows(Settings s, String key, int rows) {
    double[] numbers = s.numbers(key);
    if (rows < 1 || numbers.length % rows != 0) {
      throw new IllegalArgumentException(
          key + ": expected a multiple of " + rows + " numbers, got " + numbers.length);
    }
    return new SimpleMatrix(rows, numbers.length / rows, true, numbers);
  }
}
