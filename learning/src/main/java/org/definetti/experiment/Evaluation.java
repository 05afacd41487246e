package org.definetti.experiment;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.derivation.BeliefReadout;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Sample;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.objective.Objective;
import org.definetti.objective.Question;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * Compares an attention with the exact posterior on nested prefixes of fresh sequences.
 *
 * <p>For each sequence the latent, the question (a masked token or a label) and the tokens are drawn
 * once; every length sees a prefix of the same tokens and answers the same question, so lengths are
 * paired. Sequence i of a seed is the same for every attention, so attentions are paired too.
 *
 * <p>Cost per sequence: one pass for all exact posteriors, one call of the attention per length.
 */
final class Evaluation {

  private final LatentModel<?> model;
  private final Objective objective;
  private final int[] lengths;

  Evaluation(LatentModel<?> model, Objective objective, int[] lengths) {
    this.model = model;
    this.objective = objective;
    this.lengths = lengths.clone();
  }

  /**
   * Returns the mean and standard error of each metric at each length.
   *
   * @param attention the attention to use at a length
   * @param sequences how many sequences to draw, at least 1
   * @param seed the stream of the sequences
   */
  Map<Integer, Map<Metric, Estimate>> of(IntFunction<Attention> attention, int sequences, Seed seed) {
    List<Map<Metric, Moments>> totals = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      totals.add(new EnumMap<>(Metric.class));
    }
    for (int s = 0; s < sequences; s++) {
      add(model, attention, seed.child(s), totals);
    }
    Map<Integer, Map<Metric, Estimate>> estimates = new TreeMap<>();
    for (int i = 0; i < lengths.length; i++) {
      Map<Metric, Estimate> atLength = new EnumMap<>(Metric.class);
      totals.get(i).forEach((metric, moments) -> atLength.put(metric, moments.estimate()));
      estimates.put(lengths[i], atLength);
    }
    return estimates;
  }

  private <Z> void add(
      LatentModel<Z> model,
      IntFunction<Attention> attention,
      Seed seed,
      List<Map<Metric, Moments>> totals) {
    Sample<Z> sample =
        model.sample(lengths[lengths.length - 1], seed.child("tokens").generator());
    Question question =
        objective.ask(model, sample.latent(), seed.child("question").generator());
    List<Belief<Z>> beliefs = model.prior().prefixes(sample.tokens(), lengths);
    for (int i = 0; i < lengths.length; i++) {
      Context context = Context.of(model, sample.tokens().prefix(lengths[i]));
      measure(
          model,
          beliefs.get(i),
          question,
          attention.apply(lengths[i]),
          context,
          totals.get(i));
    }
  }

  private static <Z> void measure(
      LatentModel<Z> model,
      Belief<Z> belief,
      Question question,
      Attention attention,
      Context context,
      Map<Metric, Moments> totals) {
    SimpleMatrix exact = belief.predictive(question.query()).mean();
    SimpleMatrix output = attention.attend(question.query(), context);
    if (output.getNumRows() != 1 || output.getNumCols() != exact.getNumCols()) {
      throw new ShapeMismatchException(
          "attention: expected an output of shape (1, "
              + exact.getNumCols()
              + ") for one query, got ("
              + output.getNumRows()
              + ", "
              + output.getNumCols()
              + ")");
    }
    double[] a = output.getDDRM().data;
    double[] e = exact.getDDRM().data;
    double[] v = question.target();
    put(totals, Metric.SQUARED_GAP, squaredDistance(a, e));
    put(totals, Metric.EXCESS_RISK, squaredDistance(a, v) - squaredDistance(e, v));
    if (model.tokenSpace() instanceof CategoricalTokens categories
        && categories.count() == e.length) {
      put(totals, Metric.KL, divergence(e, a));
    }
    BeliefReadout.of(model, attention, context)
        .ifPresent(read -> put(totals, Metric.POSTERIOR_KL, belief.klNats(read)));
  }

  private static void put(Map<Metric, Moments> totals, Metric metric, double value) {
    totals.computeIfAbsent(metric, key -> new Moments()).add(value);
  }

  private static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  private static double divergence(double[] exact, double[] attended) {
    double sum = 0;
    for (int w = 0; w < exact.length; w++) {
      if (exact[w] > 0) {
        // An output that is not positive gives the category no probability.
        sum += attended[w] > 0
            ? exact[w] * Math.log(exact[w] / attended[w])
            : Double.POSITIVE_INFINITY;
      }
    }
    return sum;
  }
}
