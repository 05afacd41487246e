package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.audit.Coherence;
import org.definetti.audit.CoherenceGaps;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Estimate;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.objective.DistributionHead;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * The violations of coherence of a predictor of categories, against the steps it was trained for:
 * what the claims on masked (E5) and on next-token training (NT2) measure.
 *
 * <pre>{@code
 * past         P(b | X_π) = P(b | X)
 * martingale   Σ_a P(a|X) P(b|X,a) = P(b|X)                      (A2)
 * two-step     P(a|X) P(b|X,a) = P(b|X) P(a|X,b)                 (A3)
 * }</pre>
 */
final class CoherenceCurves {

  /** Three categories with a Dirichlet prior. */
  static final DirichletCategorical MODEL = DirichletCategorical.of(0.8, 1.2, 2);

  /** What a trained transformer's output means. */
  static final DistributionHead HEAD = DistributionHead.categorical(3);

  /** The longest sequence trained on. */
  static final int LONGEST = 12;

  /** The largest violation that is rounding. */
  static final double ROUNDING = 1e-9;

  /** The least violation that is one. */
  static final double SEEN = 1e-4;

  static final List<String> METRICS = List.of("past", "martingale", "two-step");

  private static final int ORDERS = 8;

  /** Every category early on: a drawn sequence may hold one only, and has no other order. */
  private static final Tokens MIXED =
      Tokens.ofRows(MODEL.tokenSpace(), new double[] {0, 2, 1, 2, 2, 0, 1, 2});

  private CoherenceCurves() {}

  /**
   * Returns the largest violation of each kind, a point for each number of steps.
   *
   * @param audited tokens of the audited sequence, at most 8
   * @param orders where the orders of the past come from
   * @param trained the predictor trained for so many steps
   */
  static CellResult measure(
      List<Integer> steps,
      int audited,
      Seed orders,
      IntFunction<Function<Tokens, SimpleMatrix>> trained) {
    List<CellPoint> points = new ArrayList<>();
    for (int count : steps) {
      CoherenceGaps gaps =
          Coherence.largest(
              MIXED.prefix(audited), ORDERS, orders.generator(), trained.apply(count));
      double[] values = {gaps.past(), gaps.martingale(), gaps.symmetry()};
      Map<String, Estimate> metrics = new LinkedHashMap<>();
      for (int k = 0; k < values.length; k++) {
        metrics.put(METRICS.get(k), Estimate.exact(values[k]));
      }
      points.add(new CellPoint(count, metrics));
    }
    return new CellResult(points);
  }

  /** Returns the law that a transformer with a categorical head gives to the next token. */
  static SimpleMatrix law(Attention transformer, Tokens tokens) {
    return HEAD.law(attend(transformer, tokens).getDDRM().data).mean();
  }

  /** Returns the answer of an attention that sees the tokens and nothing else. */
  static SimpleMatrix attend(Attention attention, Tokens tokens) {
    return attention.attend(MODEL.tokenSpace().emptyQuery(), Context.of(MODEL, tokens));
  }
}
