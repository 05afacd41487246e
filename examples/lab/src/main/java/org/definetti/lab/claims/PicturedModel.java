package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.derivation.Derivation;
import org.definetti.engine.Widths;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Training;
import org.definetti.kernel.RbfKernel;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Sample;
import org.definetti.latent.finite.Topics;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.layer.Layer;
import org.definetti.layer.Layers;
import org.definetti.layer.MultiHeadLayer;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A model of which E9 draws the error against length, with what is known of it.
 *
 * <pre>{@code
 * error(f, L) = E |f(X, q) - m|²,  m = E[y | z, q]     squared-gap(f, L) = E |f(X, q) - E[y | X, q]|²
 * error(f, L) = error(exact posterior, L) + squared-gap(f, L)
 * }</pre>
 *
 * <p>Where: q the query of the label y. The second line is D3 with the target's noise left out, so
 * the exact posterior is the floor. All attentions answer the same question about the same
 * sequences; lengths are nested prefixes.
 *
 * @param model the model
 * @param answer m, from the latent and the query
 * @param spread the prior variance of m, summed over coordinates
 * @param form the derived attention, exact for this model
 * @param learned the name of what is trained
 * @param layer what is trained
 * @param lengths trained on; null to train one attention for each length that is drawn
 * @param longest the longest length drawn
 */
record PicturedModel<Z>(
    LatentModel<Z> model,
    BiFunction<Z, SimpleMatrix, SimpleMatrix> answer,
    double spread,
    String form,
    String learned,
    Function<Widths, Layer> layer,
    @Nullable Lengths lengths,
    int longest) {

  /** The largest squared gap, as a share of the spread, where the exact answer is in the class. */
  private static final double IN_CLASS = 0.01;

  /** The same where it is not: what was measured, rounded up. */
  private static final double NOT_IN_CLASS = 0.05;

  static final String ERROR = "squared-error";
  static final String GAP = "squared-gap";

  /** Samples that ask about one sequence, since drawing long ones is most of the work. */
  private static final int QUESTIONS = 4;

  private static final int BATCH = 64;

  /** Returns M1, M3, M5, M8 and the Gaussian process (M6). */
  static List<PicturedModel<?>> all() {
    return List.of(gaussianMean(), dirichlet(), regression(), topics(), process());
  }

  /** Returns M1, M5 and M8. */
  static List<PicturedModel<?>> few() {
    return List.of(gaussianMean(), regression(), topics());
  }

  private static PicturedModel<SimpleMatrix> gaussianMean() {
    return new PicturedModel<>(
        NullHeads.GAUSSIAN,
        (z, query) -> z,
        NullHeads.gaussianSpread(),
        "null-token-softmax",
        "null-token-softmax",
        widths -> Layers.withIdentityValues("null-token-softmax", widths),
        Lengths.uniform(1, 64),
        1024);
  }

  private static PicturedModel<SimpleMatrix> dirichlet() {
    return new PicturedModel<>(
        NullHeads.DIRICHLET,
        (z, query) -> z,
        NullHeads.dirichletSpread(),
        "null-token-softmax",
        "null-token-softmax",
        widths -> Layers.withIdentityValues("null-token-softmax", widths),
        Lengths.uniform(1, 64),
        1024);
  }

  private static PicturedModel<SimpleMatrix> regression() {
    LinearRegression model = SphereRegression.MODEL;
    return new PicturedModel<>(
        model,
        (z, query) -> query.mult(z.transpose()),
        model.priorVariance() * SphereRegression.VALUE_WIDTH,
        "cme",
        "linear-cme",
        widths -> Layers.of("linear-cme", widths),
        Lengths.uniform(1, 64),
        1024);
  }

  private static PicturedModel<SimpleMatrix> topics() {
    Topics model = TransferModels.topics(1);
    return new PicturedModel<>(
        model,
        (z, query) -> model.valueLaw(z, query).mean(),
        spread(model),
        "concept-dictionary",
        "multi-head",
        widths -> MultiHeadLayer.of(widths, 4).withNullToken().withLogBias().withClassQuery(),
        null,
        256);
  }

  private static double spread(Topics model) {
    SimpleMatrix query = model.tokenSpace().emptyQuery();
    SimpleMatrix mean = model.prior().predictive(query).mean();
    double spread = 0;
    for (int s = 0; s < model.latents().size(); s++) {
      SimpleMatrix law = model.valueLaw(model.latents().get(s), query).mean();
      double norm = law.minus(mean).normF();
      spread += model.priorProbabilities().get(0, s) * norm * norm;
    }
    return spread;
  }

  /** Keys on the circle, length scale 0.5. */
  private static PicturedModel<?> process() {
    GaussianProcess model = GaussianProcess.of(new RbfKernel(0.25), 2, 1, 0.1);
    return new PicturedModel<>(
        model,
        (function, query) -> function.at(query),
        model.priorVariance(),
        "cme",
        "cme",
        widths -> Layers.of("cme", widths),
        Lengths.uniform(1, 24),
        256);
  }

  /** Returns the bound that is judged by. */
  double bound() {
    return lengths == null ? NOT_IN_CLASS : IN_CLASS;
  }

  String name() {
    return model.description().name();
  }

  /** Returns the lengths drawn: powers of two, or of four. */
  int[] drawn(int step) {
    return Judging.ints(Judging.octaves(0, 31 - Integer.numberOfLeadingZeros(longest), step));
  }

  Attention derived() {
    return Derivation.of(model, form).attention();
  }

  private Training training(int steps) {
    Training training =
        Training.of(layer)
            .withOptions(TrainingOptions.withDefaults().withSteps(steps))
            .withBatchSize(BATCH)
            .withGroupSize(QUESTIONS);
    return lengths == null ? training : training.withLengths(lengths);
  }

  String trainedOn() {
    return training(1).lengthsLabel();
  }

  /** Returns the attention to use at a length, trained anew for each or once for all. */
  IntFunction<Attention> trained(Objective objective, int steps, int[] drawn, Seed seed) {
    Map<Integer, Attention> byLength = new LinkedHashMap<>();
    for (int length : lengths == null ? drawn : new int[] {0}) {
      Seed own = seed.child(length);
      byLength.put(
          length,
          training(steps).trainer(model, objective, length, own).fit(own.child("fit")).attention());
    }
    return length -> byLength.getOrDefault(lengths == null ? length : 0, derived());
  }

  /** Returns the layer as it is before its first step. */
  Attention untrained(Seed seed) {
    Layer initial = layer.apply(Objective.MASKED.widths(model));
    return initial.toAttention(initial.initial(seed.generator()));
  }

  /**
   * Measures error and gap at each length.
   *
   * @param attention by length; null for the exact posterior, which has no gap
   */
  CellResult measure(
      @Nullable IntFunction<Attention> attention, int[] drawn, int sequences, Seed seed) {
    double[][] errors = new double[drawn.length][sequences];
    double[][] gaps = new double[drawn.length][sequences];
    SimpleMatrix query = model.labelQuery();
    for (int s = 0; s < sequences; s++) {
      Sample<Z> sample = model.sample(drawn[drawn.length - 1], seed.child(s).generator());
      SimpleMatrix target = answer.apply(sample.latent(), query);
      List<Belief<Z>> beliefs = model.prior().prefixes(sample.tokens(), drawn);
      Context whole = Context.of(model, sample.tokens());
      for (int i = 0; i < drawn.length; i++) {
        SimpleMatrix exact = beliefs.get(i).predictive(query).mean();
        SimpleMatrix out =
            attention == null
                ? exact
                : attention.apply(drawn[i]).attend(query, whole.prefix(drawn[i]));
        errors[i][s] = square(out.minus(target));
        gaps[i][s] = square(out.minus(exact));
      }
    }
    List<CellPoint> points = new ArrayList<>();
    for (int i = 0; i < drawn.length; i++) {
      Map<String, Estimate> metrics = new TreeMap<>();
      metrics.put(ERROR, Estimate.of(errors[i]));
      if (attention != null) {
        metrics.put(GAP, Estimate.of(gaps[i]));
      }
      points.add(new CellPoint(drawn[i], metrics));
    }
    return new CellResult(points);
  }

  /** Returns the largest distance of the derived attention from the exact mean. */
  double derivedDeviation(Attention attention, int[] drawn, int sequences, Seed seed) {
    double largest = 0;
    for (CellPoint point : measure(length -> attention, drawn, sequences, seed).points()) {
      // The mean square bounds the largest up to the number of sequences.
      Estimate gap = point.metrics().get(GAP);
      largest = Math.max(largest, gap == null ? Double.NaN : Math.sqrt(gap.mean() * gap.count()));
    }
    return largest;
  }

  private static double square(SimpleMatrix row) {
    double norm = row.normF();
    return norm * norm;
  }
}
