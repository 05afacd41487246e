package org.definetti.lab.claims;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;
import org.definetti.sparse.InputMap;
import org.definetti.sparse.PatternDetectors;
import org.definetti.sparse.ReluNetwork;
import org.definetti.sparse.SparseFunction;
import org.definetti.sparse.SparseNetwork;
import org.definetti.sparse.TransformerHead;
import org.ejml.simple.SimpleMatrix;

/**
 * V10: any function of s of T bits, exactly, by construction C'.
 *
 * <pre>{@code
 * y_i = α b_i,   f = Σ_π f(π) relu((1/α) Σ_i (2π_i - 1) y_i - |π| + 1)
 * }</pre>
 *
 * <ul>
 *   <li>Measured: the largest |network - f| of {@link PatternDetectors} over random functions and
 *       inputs, with 12, 100 and 1000 bits; at 12 bits through tokens that are written out as well.
 *   <li>Controls: the detectors behind a head of another sharpness; even attention over additive
 *       tokens is what V9's control shows.
 *   <li>Source: [derived] (check V10).
 * </ul>
 */
public final class PatternDetectorsExact implements Claim {

  private static final String ID = "V10";

  private static final double EXACT = 1e-9;
  private static final int INPUTS = 200;

  /** Returns the claim. */
  public PatternDetectorsExact() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "pattern-detectors-exact";
  }

  @Override
  public String statement() {
    return "With a token of its own for every position and bit, a head reads each relevant"
        + " bit without leakage, and one rectified unit for every pattern computes any"
        + " function of them exactly, with norms of at most 2^(s/2) times a polynomial a"
        + " layer.";
  }

  @Override
  public Source source() {
    return Source.derived("check V10: construction C'");
  }

  @Override
  public String prediction() {
    return "largest error <= 1e-9, 20 random functions for each s = 1..5, 200 inputs each;"
        + " layer norms / (2^(s/2) s^2) bounded";
  }

  @Override
  public List<String> tags() {
    return List.of("sparse", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    Deviation writtenOut = new Deviation();
    double largest = 0;
    int functions = budget == Budget.SMOKE ? 5 : 20;
    for (int length : new int[] {12, 100, 1000}) {
      for (int s = 1; s <= 5; s++) {
        RandomGenerator rng = seed.child(length).child(s).generator();
        for (int f = 0; f < functions; f++) {
          long table = rng.nextLong();
          SparseFunction function =
              SparseFunction.of(
                  length,
                  SparseFunction.drawPositions(length, s, rng),
                  pattern -> (table >> pattern & 1) == 1);
          SparseNetwork network = PatternDetectors.of(function);
          SparseNetwork other = sharper(network);
          double scale = Math.pow(2, s / 2.0) * s * s;
          ReluNetwork detectors = network.network();
          largest = Math.max(largest, detectors.hiddenNorm() / scale);
          largest = Math.max(largest, detectors.outputNorm() / scale);
          for (int n = 0; n < INPUTS; n++) {
            BitSet bits = SparseInputs.draw(function, n, rng);
            double exact = function.value(bits) ? 1 : 0;
            right.add(network.value(bits), exact);
            wrong.add(other.value(bits), exact);
            if (length == 12 && n < 20) {
              writtenOut.add(throughTokens(network, bits), exact);
            }
          }
        }
      }
    }
    String text = String.format(Locale.ROOT, "a head of beta + 1: off by %.2f", wrong.largest());
    return ClaimResult.of(
        ClaimPart.of("random-functions", right.atMost(EXACT))
            .withControl(Control.of(wrong.atMost(EXACT), text)),
        ClaimPart.of("written-out", writtenOut.atMost(EXACT)),
        ClaimPart.of("norms", Verdict.exact(largest, Prediction.atMost(2))));
  }

  private static SparseNetwork sharper(SparseNetwork network) {
    TransformerHead head = network.head();
    double norm = head.queryMap().normF();
    SimpleMatrix query = head.queryMap().scale((norm + 1) / norm);
    return SparseNetwork.of(
        network.map(),
        TransformerHead.of(query, head.keyMap(), head.valueMap()),
        network.network());
  }

  private static double throughTokens(SparseNetwork network, BitSet bits) {
    InputMap map = network.map();
    SimpleMatrix cls = new SimpleMatrix(1, map.dimension(), true, map.cls());
    SimpleMatrix output = network.head().attend(map.tokens(bits).concatRows(cls), cls);
    return network.network().value(output.getDDRM().data);
  }
}
