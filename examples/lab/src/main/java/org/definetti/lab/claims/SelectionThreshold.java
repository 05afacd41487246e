package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
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
import org.definetti.sparse.ReluNetwork;
import org.definetti.sparse.SelectionHead;
import org.definetti.sparse.SparseFunction;
import org.definetti.sparse.SparseNetwork;

/**
 * V7: the sharpness at which a head that selects s of T bits begins to count their ones.
 *
 * <pre>{@code
 * output = (1 - η) c/s + r,   counts c and c + 1 are apart by α (1 - (T - s) e^-β),   threshold ln(T - s)
 * }</pre>
 *
 * <ul>
 *   <li>Measured: outputs of {@link SelectionHead} at all 2^12 inputs; the least start of a count
 *       minus the greatest end of the one below it, over α.
 *   <li>Controls: at ln(T - s) - 0.01 two counts overlap, so no function of the output is exact for
 *       parity; the threshold in place of the comfortable sharpness.
 *   <li>Source: [derived] (check V7).
 * </ul>
 */
public final class SelectionThreshold implements Claim {

  private static final String ID = "V7";

  private static final int LENGTH = 12;
  private static final double STEP = 0.01;
  private static final double ROUNDING = 1e-9;
  private static final List<Integer> SPARSITIES = List.of(1, 2, 3, 5);

  /** Returns the claim. */
  public SelectionThreshold() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "selection-threshold";
  }

  @Override
  public String statement() {
    return "A head that attends with sharpness beta to s of T bits tells their number of"
        + " ones apart if and only if beta > ln(T - s); the comfortable sharpness grows as"
        + " ln T.";
  }

  @Override
  public Source source() {
    return Source.derived("check V7");
  }

  @Override
  public String prediction() {
    return "normalised gap 1 - e^(∓0.01) at ln(T - s) ± 0.01 for T = 12, s = 1, 2, 3, 5;"
        + " beta(10 T) - beta(T) = ln 10 ± 0.03 from T = 1000; beta = 5.88, 8.21, 10.51 at T = 100,"
        + " 1000, 10^4 for s = 3";
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
    List<ClaimPart> parts = new ArrayList<>();
    for (int s : SPARSITIES) {
      parts.add(threshold(s, seed.child(s)));
    }
    parts.add(growth());
    parts.add(reference());
    DoubleUnaryOperator sharpness = t -> SelectionHead.comfortableSharpness((int) t, 3);
    double[] lengths = {25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 10_000};
    double[] offsets = IntStream.rangeClosed(-10, 20).mapToDouble(i -> i / 10.0).toArray();
    Tabulated gaps = Tabulated.of(ID, "12-bits", "gap-over-weight");
    for (int s : SPARSITIES) {
      List<Integer> relevant = relevant(s, seed.child(s));
      gaps = gaps.with(s + "-relevant", offset -> gap(relevant, offset));
    }
    Results curves = gaps.over("sharpness-above-threshold", offsets, runner.within("gaps"));
    Results norms =
        Tabulated.of(ID, "3-relevant", "sharpness")
            .with("threshold", t -> SelectionHead.threshold((int) t, 3))
            .with("comfortable", sharpness)
            .over("length", lengths, runner.within("norms"));
    return ClaimResult.of(parts).withResults(List.of(curves, norms));
  }

  private static List<Integer> relevant(int s, Seed seed) {
    return SparseFunction.drawPositions(LENGTH, s, seed.generator());
  }

  private static ClaimPart threshold(int s, Seed seed) {
    List<Integer> relevant = relevant(s, seed);
    Deviation right = new Deviation();
    double above = gap(relevant, STEP);
    double below = gap(relevant, -STEP);
    right.add(above, 1 - Math.exp(-STEP));
    right.add(below, 1 - Math.exp(STEP));
    Prediction apart = Prediction.atLeast(0);
    Verdict verdict =
        above > 0
            ? right.atMost(ROUNDING)
            : Verdict.exact(above, apart).withReason("counts overlap above the threshold");
    return ClaimPart.of("s-" + s, verdict)
        .withControl(
            Control.of(
                Verdict.exact(below, apart),
                String.format(
                    Locale.ROOT,
                    "at ln(T - s) - 0.01 two counts overlap: %.4f of a bit's weight",
                    -below)));
  }

  /** Returns the least gap between neighbouring counts over all inputs, in units of α. */
  private static double gap(List<Integer> relevant, double offset) {
    int s = relevant.size();
    double sharpness = SelectionHead.threshold(LENGTH, s) + offset;
    AdditiveMap map = AdditiveMap.orthonormal(LENGTH);
    SparseFunction all = SparseFunction.conjunction(LENGTH, relevant);
    SparseNetwork network =
        SparseNetwork.of(
            map,
            SelectionHead.of(map, relevant, sharpness),
            ReluNetwork.ramps(new double[1], new double[1], new double[1]));
    double[] lowest = new double[s + 1];
    double[] highest = new double[s + 1];
    Arrays.fill(lowest, Double.POSITIVE_INFINITY);
    Arrays.fill(highest, Double.NEGATIVE_INFINITY);
    for (long word = 0; word < 1 << LENGTH; word++) {
      BitSet bits = BitSet.valueOf(new long[] {word});
      int count = Integer.bitCount(all.pattern(bits));
      double output = network.attended(bits)[0];
      lowest[count] = Math.min(lowest[count], output);
      highest[count] = Math.max(highest[count], output);
    }
    double least = Double.POSITIVE_INFINITY;
    for (int count = 0; count < s; count++) {
      least = Math.min(least, lowest[count + 1] - highest[count]);
    }
    return least / SelectionHead.weight(LENGTH, s, sharpness);
  }

  private static ClaimPart growth() {
    double worst = Math.log(10);
    for (int s : SPARSITIES) {
      for (int length : new int[] {1000, 10_000}) {
        double step =
            SelectionHead.comfortableSharpness(10 * length, s)
                - SelectionHead.comfortableSharpness(length, s);
        worst = Math.abs(step - Math.log(10)) > Math.abs(worst - Math.log(10)) ? step : worst;
      }
    }
    return ClaimPart.of("growth", Verdict.exact(worst, Prediction.near(Math.log(10), 0.03)));
  }

  private static ClaimPart reference() {
    double[][] expected = {{100, 5.88}, {1000, 8.21}, {10_000, 10.51}};
    double right = 0;
    double wrong = 0;
    for (double[] row : expected) {
      int length = (int) row[0];
      right = Math.max(right, Math.abs(SelectionHead.comfortableSharpness(length, 3) - row[1]));
      wrong = Math.max(wrong, Math.abs(SelectionHead.threshold(length, 3) - row[1]));
    }
    Prediction half = Prediction.atMost(0.005 + ROUNDING); // half a unit of the last digit given
    return ClaimPart.of("reference", Verdict.exact(right, half))
        .withControl(
            Control.of(
                Verdict.exact(wrong, half),
                String.format(Locale.ROOT, "the threshold itself: off by %.2f", wrong)));
  }
}
