package org.definetti.lab.claims;

import java.time.Duration;
import java.util.Arrays;
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
import org.definetti.sparse.ReluNetwork;
import org.definetti.sparse.SelectionHead;
import org.definetti.sparse.SparseFunction;
import org.definetti.sparse.SparseNetwork;

/**
 * V11: what nearly orthogonal tokens cost.
 *
 * <pre>{@code
 * entries ±1/√d,   d >= (2/Δ²) ln((T+3)²/δ) makes all products at most Δ,   score gap >= β (1 - (4s - 1) Δ)
 * }</pre>
 *
 * <ul>
 *   <li>Measured: the smallest gap between the outputs of {@link SelectionHead} for neighbouring
 *       counts, times s (1 is ideal, above 0 they separate), over 400 inputs with all-zero and
 *       all-one backgrounds among them; median and worst over random maps. The dimension needed is
 *       where the line through the medians over log2 d reaches 0.25.
 *   <li>Inputs are sampled, so a positive gap proves nothing exact.
 *   <li>Controls: the same overlaps at a sixteenth of the dimension; T in place of s and s in place
 *       of T.
 *   <li>Source: [derived] (check V11), sizes to be measured.
 * </ul>
 */
public final class NearlyOrthogonalTokens implements Claim {

  private static final String ID = "V11";

  private static final int INPUTS = 400;
  private static final double LEVEL = 0.25;

  /** Tells "clearly" from "weakly": theory names no number, and two was too near to 1.99. */
  private static final double FACTOR = 3;

  private static final double OVERLAP = 0.3;
  private static final double FAILURE = 0.01;
  private static final int[] SPARSITIES = {2, 3};

  /** Returns the claim. */
  public NearlyOrthogonalTokens() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "nearly-orthogonal-tokens";
  }

  @Override
  public String statement() {
    return "With random signs in place of orthonormal tokens a head still tells the number"
        + " of relevant ones apart if the dimension is large enough; the dimension needed"
        + " depends clearly on s and weakly on T.";
  }

  @Override
  public Source source() {
    return Source.derived("check V11; the map is recalled from Edelman-2022");
  }

  @Override
  public String prediction() {
    return "the median gap between counts rises with d; the dimension for a median gap of 0.25 more"
        + " than triples from s = 2 to 3, and less than triples from T = 100 to 1000";
  }

  @Override
  public List<String> tags() {
    return List.of("sparse");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 6;
          case FULL -> 40;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int[] lengths = budget == Budget.SMOKE ? new int[] {50, 200} : new int[] {100, 1000};
    int maps = budget == Budget.FULL ? 25 : budget == Budget.STANDARD ? 9 : 5;
    double[] dimensions =
        IntStream.rangeClosed(6, budget == Budget.SMOKE ? 9 : 11)
            .mapToDouble(p -> 1 << p)
            .toArray();
    double[][][] medians = new double[2][2][dimensions.length];
    Tabulated table = Tabulated.of(ID, "random-signs", "gap-over-ideal");
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        double[][] gaps = new double[dimensions.length][];
        for (int k = 0; k < dimensions.length; k++) {
          gaps[k] = gaps(lengths[i], SPARSITIES[j], (int) dimensions[k], maps, seed);
          medians[i][j][k] = gaps[k][maps / 2];
        }
        String name = "length-" + lengths[i] + "-relevant-" + SPARSITIES[j];
        table =
            table
                .with(name + "-median", d -> gaps[index(dimensions, d)][maps / 2])
                .with(name + "-worst", d -> gaps[index(dimensions, d)][0]);
      }
    }
    Results curves = table.over("dimension", dimensions, runner);
    return ClaimResult.of(
            overlaps(seed.child("overlaps")),
            rises(medians),
            depends(budget, "on-s", dimensions, medians),
            depends(budget, "on-T", dimensions, medians))
        .withResults(List.of(curves));
  }

  private static int index(double[] dimensions, double dimension) {
    return Arrays.binarySearch(dimensions, dimension);
  }

  private static ClaimPart overlaps(Seed seed) {
    int length = 60;
    int dimension = (int) AdditiveMap.dimensionFor(length, OVERLAP, FAILURE);
    double right = overlap(length, dimension, seed.child("right").generator());
    double wrong = overlap(length, dimension / 16, seed.child("wrong").generator());
    Prediction bound = Prediction.atMost(OVERLAP);
    return ClaimPart.of("overlaps", Verdict.exact(right, bound))
        .withControl(
            Control.of(
                Verdict.exact(wrong, bound),
                String.format(Locale.ROOT, "a sixteenth of the dimension: %.2f", wrong)));
  }

  private static double overlap(int length, int dimension, RandomGenerator rng) {
    AdditiveMap map = AdditiveMap.nearlyOrthogonal(length, dimension, rng);
    double[][] vectors = new double[length + 3][];
    for (int t = 0; t < length; t++) {
      vectors[t] = map.position(t);
    }
    vectors[length] = map.bit(false);
    vectors[length + 1] = map.bit(true);
    vectors[length + 2] = map.cls();
    double largest = 0;
    for (int a = 0; a < vectors.length; a++) {
      for (int b = 0; b < a; b++) {
        double sum = 0;
        for (int j = 0; j < dimension; j++) {
          sum += vectors[a][j] * vectors[b][j];
        }
        largest = Math.max(largest, Math.abs(sum));
      }
    }
    return largest;
  }

  private static ClaimPart rises(double[][][] medians) {
    double least = Double.POSITIVE_INFINITY;
    for (double[][] ofLength : medians) {
      for (double[] gaps : ofLength) {
        least = Math.min(least, gaps[gaps.length - 1] - gaps[0]);
      }
    }
    return ClaimPart.of("rises-with-d", Verdict.exact(least, Prediction.atLeast(0)));
  }

  private static ClaimPart depends(
      Budget budget, String name, double[] dimensions, double[][][] medians) {
    double[][] needed = new double[2][2];
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        needed[i][j] = needed(dimensions, medians[i][j]);
      }
    }
    double sparsity = Math.sqrt(needed[0][1] / needed[0][0] * needed[1][1] / needed[1][0]);
    double length = Math.sqrt(needed[1][0] / needed[0][0] * needed[1][1] / needed[0][1]);
    boolean onSparsity = name.equals("on-s");
    Prediction prediction = onSparsity ? Prediction.atLeast(FACTOR) : Prediction.atMost(FACTOR);
    Verdict verdict = Verdict.exact(onSparsity ? sparsity : length, prediction);
    double other = onSparsity ? length : sparsity;
    if (budget == Budget.SMOKE) {
      return ClaimPart.of(name, verdict.inconclusiveBecause("too few maps to decide"));
    }
    return ClaimPart.of(name, verdict)
        .withControl(
            Control.of(
                Verdict.exact(other, prediction),
                String.format(
                    Locale.ROOT, "%s instead: a factor %.2f", onSparsity ? "T" : "s", other)));
  }

  /** Returns where the least-squares line of the gap over log2 d reaches the level. */
  private static double needed(double[] dimensions, double[] gaps) {
    double[] logs = Arrays.stream(dimensions).map(d -> Math.log(d) / Math.log(2)).toArray();
    StraightLine line = StraightLine.through(logs, gaps);
    return Math.pow(2, (LEVEL - line.intercept()) / line.slope());
  }

  /** Returns the smallest gap of each of several maps, ascending. */
  private static double[] gaps(int length, int s, int dimension, int maps, Seed seed) {
    double[] gaps = new double[maps];
    for (int n = 0; n < maps; n++) {
      RandomGenerator rng = seed.child(length).child(s).child(dimension).child(n).generator();
      gaps[n] = gap(length, s, dimension, rng);
    }
    Arrays.sort(gaps);
    return gaps;
  }

  private static double gap(int length, int s, int dimension, RandomGenerator rng) {
    AdditiveMap map = AdditiveMap.nearlyOrthogonal(length, dimension, rng);
    List<Integer> relevant = SparseFunction.drawPositions(length, s, rng);
    SparseFunction all = SparseFunction.conjunction(length, relevant);
    double sharpness = SelectionHead.comfortableSharpness(length, s);
    SparseNetwork network =
        SparseNetwork.of(
            map,
            SelectionHead.of(map, relevant, sharpness),
            ReluNetwork.ramps(new double[1], new double[1], new double[1]));
    double[] lowest = new double[s + 1];
    double[] highest = new double[s + 1];
    Arrays.fill(lowest, Double.POSITIVE_INFINITY);
    Arrays.fill(highest, Double.NEGATIVE_INFINITY);
    for (int n = 0; n < INPUTS; n++) {
      BitSet bits = SparseInputs.draw(all, n, rng);
      int count = Integer.bitCount(all.pattern(bits));
      double output = network.attended(bits)[0];
      lowest[count] = Math.min(lowest[count], output);
      highest[count] = Math.max(highest[count], output);
    }
    double least = Double.POSITIVE_INFINITY;
    for (int count = 0; count < s; count++) {
      least = Math.min(least, s * (lowest[count + 1] - highest[count]));
    }
    return least;
  }
}
