package org.definetti.experiment;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.WeightedAttention;
import org.definetti.derivation.BeliefReadout;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Sample;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.objective.Objective;
import org.definetti.objective.Question;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * Compares an attention with the exact posterior on nested prefixes of fresh sequences.
 *
 * <p>For each sequence the latent, the question (a masked token or a label) and the tokens are
 * drawn once; every length sees a prefix of the same tokens and answers the same question, so
 * lengths are paired. Sequence i of a seed is the same for every attention, so attentions are
 * paired too.
 *
 * <p>Cost per sequence: one pass for all exact posteriors, one call of the attention per length.
 *
 * @param <Z> the type of the latent
 */
final class Evaluation<Z> {

  private final LatentModel<Z> model;
  private final Objective objective;
  private final int[] lengths;
  private final IntFunction<Attention> attention;
  private final List<Map<Metric, double[]>> measured; // by length, then one number per sequence
  private final int sequences;

  private Evaluation(
      LatentModel<Z> model,
      Objective objective,
      int[] lengths,
      IntFunction<Attention> attention,
      int sequences) {
    this.model = model;
    this.objective = objective;
    this.lengths = lengths;
    this.attention = attention;
    this.sequences = sequences;
    this.measured = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      measured.add(new EnumMap<>(Metric.class));
    }
  }

  /**
   * Returns one point per length with the mean and standard error of each metric over sequences.
   *
   * @param lengths increasing. Not modified.
   * @param attention the attention to use at a length
   * @param sequences how many sequences to draw, at least 1
   * @param seed the stream of the sequences
   * @throws ShapeMismatchException if the attention's output is not as wide as the exact mean
   */
  static <Z> CellResult of(
      LatentModel<Z> model,
      Objective objective,
      int[] lengths,
      IntFunction<Attention> attention,
      int sequences,
      Seed seed) {
    Evaluation<Z> evaluation = new Evaluation<>(model, objective, lengths, attention, sequences);
    for (int s = 0; s < sequences; s++) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted while evaluating");
      }
      evaluation.measure(s, seed.child(s));
    }
    return evaluation.result();
  }

  private void measure(int s, Seed seed) {
    int longest = lengths[lengths.length - 1];
    Sample<Z> sample = model.sample(longest, seed.child("tokens").generator());
    Question question = objective.ask(model, sample.latent(), seed.child("question").generator());
    List<Belief<Z>> beliefs = model.prior().prefixes(sample.tokens(), lengths);
    Context whole = Context.of(model, sample.tokens());
    for (int i = 0; i < lengths.length; i++) {
      compare(s, i, beliefs.get(i), question, whole.prefix(lengths[i]));
    }
  }

  private void compare(int s, int i, Belief<Z> belief, Question question, Context context) {
    Attention attending = attention.apply(lengths[i]);
    Predictive predictive = belief.predictive(question.query());
    SimpleMatrix exact = predictive.mean();
    SimpleMatrix output = attending.attend(question.query(), context);
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
    double[] v = question.target().getDDRM().data;
    double gap = squaredDistance(a, e);
    put(i, s, Metric.SQUARED_GAP, gap);
    double oracle = predictive.meanError();
    if (oracle != 0) {
      put(i, s, Metric.ORACLE_ERROR, Metric.oracleError(oracle, gap));
    }
    put(i, s, Metric.EXCESS_RISK, squaredDistance(a, v) - squaredDistance(e, v));
    if (model.tokenSpace() instanceof CategoricalTokens categories
        && categories.count() == e.length) {
      put(i, s, Metric.KL, divergence(e, a));
    }
    if (attending instanceof WeightedAttention weighted) {
      double w0 = weighted.nullWeight(question.query(), context).get(0);
      if (w0 > 0 && context.length() > 0) {
        put(i, s, Metric.IMPLIED_PRIOR_COUNT, context.length() * w0 / (1 - w0));
      }
    }
    if (s == 0 || measured.get(i).containsKey(Metric.POSTERIOR_KL)) {
      putPosteriorDivergence(s, i, belief, attending, context);
    }
  }

  /** Whether an attention determines a belief depends on its form, so the first sequence tells. */
  private void putPosteriorDivergence(
      int s, int i, Belief<Z> belief, Attention attending, Context context) {
    try {
      Belief<Z> read = BeliefReadout.of(model, attending, context);
      put(i, s, Metric.POSTERIOR_KL, belief.klNats(read));
    } catch (UnsupportedOperationException e) {
      measured.get(i).remove(Metric.POSTERIOR_KL);
    } catch (IllegalArgumentException e) {
      // What a trained attention implies need not be a belief: infinitely far from the exact one.
      put(i, s, Metric.POSTERIOR_KL, Double.POSITIVE_INFINITY);
    }
  }

  private void put(int i, int s, Metric metric, double value) {
    measured.get(i).computeIfAbsent(metric, key -> new double[sequences])[s] = value;
  }

  private CellResult result() {
    List<CellPoint> points = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      Map<String, Estimate> metrics = new TreeMap<>();
      measured.get(i).forEach((metric, values) -> metrics.put(metric.label(), Estimate.of(values)));
      points.add(new CellPoint(lengths[i], metrics));
    }
    return new CellResult(points);
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
        sum +=
            attended[w] > 0
                ? exact[w] * Math.log(exact[w] / attended[w])
                : Double.POSITIVE_INFINITY;
      }
      // Zero on probability vectors; a trained head's output need not add up to one.
      sum += attended[w] - exact[w];
    }
    return sum;
  }
}
