package org.definetti.lab.claims;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;
import org.definetti.sparse.AdditiveMap;
import org.definetti.sparse.GeneralNetwork;
import org.definetti.sparse.SelectionHead;
import org.definetti.sparse.SparseFunction;
import org.definetti.sparse.SparseNetwork;
import org.definetti.sparse.SymmetricNetwork;

/**
 * V9: any function of s of T bits, exactly, by construction C.
 *
 * <pre>{@code
 * attention w_i = 2^-i/(1 - 2^-s) on I:   every pattern has an interval of outputs of its own
 * }</pre>
 *
 * <ul>
 *   <li>Measured: the largest |network - f| of {@link GeneralNetwork}; the largest output norm and
 *       number of units of the functions tried; the growth of the norm of the worst function, that
 *       of the last relevant bit alone, which changes at every step along the codes.
 *   <li>Controls: the same read-out behind even attention, which sees the number of ones alone; the
 *       growth of the norm of a symmetric function.
 *   <li>Source: [derived] (check V9). The worst norm is √(2(2^s - 1)) / ((1 - η)gap - η), about
 *       2^{1.5 s} [derived here].
 * </ul>
 */
public final class GeneralExact implements Claim {

  private static final String ID = "V9";

  private static final int LENGTH = 12;
  private static final double EXACT = 1e-9;
  private static final double EXPONENT = 1.5;

  /** Returns the claim. */
  public GeneralExact() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "general-exact";
  }

  @Override
  public String statement() {
    return "Every function of s of T bits is computed exactly by one head with geometric"
        + " attention and rectified units; the output norm of the worst function is"
        + " geometric in s, where symmetric functions need a polynomial.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check V9: construction C; norms 2^O(s) are the introduction of Edelman-2022");
  }

  @Override
  public String prediction() {
    return "largest error <= 1e-9 over all 4096 inputs at T = 12, all functions for s <= 3"
        + " and 256 random ones for s = 4, 5, 6; log2 of the worst norm grows by 1.5 a"
        + " relevant bit";
  }

  @Override
  public List<String> tags() {
    return List.of("sparse", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 4;
          case FULL -> 30;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int most = budget == Budget.SMOKE ? 3 : 6;
    int functions = budget == Budget.FULL ? 256 : budget == Budget.STANDARD ? 32 : 16;
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    double[] norms = new double[most + 1];
    double[] units = new double[most + 1];
    for (int s = 1; s <= most; s++) {
      RandomGenerator rng = seed.child(s).generator();
      List<Integer> relevant = SparseFunction.drawPositions(LENGTH, s, rng);
      int count = s <= 2 || (s == 3 && budget == Budget.FULL) ? 1 << (1 << s) : functions;
      for (int n = 0; n < count; n++) {
        long table = s <= 2 || (s == 3 && budget == Budget.FULL) ? n : rng.nextLong();
        SparseFunction function =
            SparseFunction.of(LENGTH, relevant, pattern -> (table >> pattern & 1) == 1);
        SparseNetwork network = GeneralNetwork.of(function);
        compare(function, network, right);
        if (n == count / 2) {
          compare(function, even(function, network), wrong);
        }
        norms[s] = Math.max(norms[s], network.network().outputNorm());
        units[s] = Math.max(units[s], network.network().units());
      }
    }
    double[] sparsities = IntStream.rangeClosed(1, most).asDoubleStream().toArray();
    Results measured =
        Tabulated.of(ID, "read-out", "output-norm")
            .with("largest-of-those-tried", s -> norms[(int) s])
            .with("worst", s -> worstNorm((int) s))
            .over("relevant", sparsities, runner.within("norms"));
    Results counted =
        Tabulated.of(ID, "read-out", "units")
            .with("largest-of-those-tried", s -> units[(int) s])
            .over("relevant", sparsities, runner.within("units"));
    ClaimPart exact =
        ClaimPart.of("all-inputs", right.atMost(EXACT))
            .withControl(
                Control.of(
                    wrong.atMost(EXACT),
                    String.format(Locale.ROOT, "even attention: off by %.2f", wrong.largest())));
    return ClaimResult.of(exact, growth()).withResults(List.of(measured, counted));
  }

  private static void compare(SparseFunction function, SparseNetwork network, Deviation deviation) {
    for (long word = 0; word < 1 << LENGTH; word++) {
      BitSet bits = BitSet.valueOf(new long[] {word});
      deviation.add(network.value(bits), function.value(bits) ? 1 : 0);
    }
  }

  private static SparseNetwork even(SparseFunction function, SparseNetwork network) {
    AdditiveMap map = (AdditiveMap) network.map();
    double sharpness = SelectionHead.comfortableSharpness(LENGTH, function.sparsity());
    return SparseNetwork.of(
        map, SelectionHead.of(map, function.relevant(), sharpness), network.network());
  }

  /** Returns the output norm of the function of the last relevant bit alone. */
  static double worstNorm(int s) {
    SparseFunction last =
        SparseFunction.of(100, SparseInputs.first(s), pattern -> (pattern >> (s - 1) & 1) == 1);
    return GeneralNetwork.of(last).network().outputNorm();
  }

  private static ClaimPart growth() {
    int from = 4;
    int to = 10;
    double worst = (log2(worstNorm(to)) - log2(worstNorm(from))) / (to - from);
    double parity = (log2(parityNorm(to)) - log2(parityNorm(from))) / (to - from);
    Prediction geometric = Prediction.near(EXPONENT, 0.05);
    return ClaimPart.of("norm-growth", Verdict.exact(worst, geometric))
        .withControl(
            Control.of(
                Verdict.exact(parity, geometric),
                String.format(Locale.ROOT, "parity by symmetry: %.2f a relevant bit", parity)));
  }

  private static double parityNorm(int s) {
    SparseFunction parity = SparseFunction.parity(100, SparseInputs.first(s));
    return SymmetricNetwork.of(parity).network().outputNorm();
  }

  private static double log2(double number) {
    return Math.log(number) / Math.log(2);
  }
}
