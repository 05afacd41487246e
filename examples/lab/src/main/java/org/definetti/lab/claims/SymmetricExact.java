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
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;
import org.definetti.sparse.AdditiveMap;
import org.definetti.sparse.ScalarTransformer;
import org.definetti.sparse.SelectionHead;
import org.definetti.sparse.SparseFunction;
import org.definetti.sparse.SparseNetwork;
import org.definetti.sparse.SymmetricNetwork;

/**
 * V8: symmetric functions of s of T bits, exactly, by construction B.
 *
 * <pre>{@code
 * f = g(0) + Σ_c (g(c) - g(c-1)) [relu(y - θ_c^-) - relu(y - θ_c^+)] / (θ_c^+ - θ_c^-)
 * }</pre>
 *
 * <ul>
 *   <li>Measured: the largest |network - f| of {@link SymmetricNetwork} over all inputs and
 *       functions, and over random inputs of up to 10,000 bits, all-zero and all-one backgrounds
 *       among them; the same for the one-layer form {@link SymmetricNetwork#scalar}.
 *   <li>Controls: the same read-out behind a head at ln(T - s) - 0.01; an output norm that grows
 *       with T; the bound 2s √(2s) for functions without symmetry.
 *   <li>Source: [derived] (check V8).
 * </ul>
 */
public final class SymmetricExact implements Claim {

  private static final String ID = "V8";

  private static final int LENGTH = 12;
  private static final double EXACT = 1e-9;

  /** Returns the claim. */
  public SymmetricExact() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "symmetric-exact";
  }

  @Override
  public String statement() {
    return "Every symmetric function of s of T bits is computed exactly by one head and 2s"
        + " rectified units whose norms do not depend on T and are polynomial in s.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check V8: construction B; that such a representation exists is the introduction"
            + " of Edelman-2022");
  }

  @Override
  public String prediction() {
    return "largest error <= 1e-9 over all 4096 inputs at T = 12 and all 2^(s+1) functions,"
        + " s = 1..5, and on random inputs to T = 10^4; output norm of parity 11.0 for s ="
        + " 3, 22.6 for s = 5 at every T";
  }

  @Override
  public List<String> tags() {
    return List.of("sparse", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 1 : 5);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    double[] sparsities = {1, 2, 3, 4, 5, 6, 7, 8};
    Results norms =
        Tabulated.of(ID, "read-out", "output-norm")
            .with("symmetric-parity", s -> parityNorm(1000, (int) s))
            .with("symmetric-conjunction", s -> conjunctionNorm(1000, (int) s))
            .with("symmetric-bound", SymmetricExact::bound)
            .with("general-worst", s -> GeneralExact.worstNorm((int) s))
            .over("relevant", sparsities, runner);
    return ClaimResult.of(
            enumerated(budget, seed.child("enumerated")),
            random(budget, seed.child("random")),
            scalar(seed.child("scalar")),
            reference(),
            polynomial())
        .withResults(List.of(norms));
  }

  private static ClaimPart enumerated(Budget budget, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int s = 1; s <= (budget == Budget.SMOKE ? 3 : 5); s++) {
      List<Integer> relevant = SparseFunction.drawPositions(LENGTH, s, seed.child(s).generator());
      for (int table = 0; table < 1 << (s + 1); table++) {
        int g = table;
        SparseFunction function =
            SparseFunction.symmetric(LENGTH, relevant, count -> (g >> count & 1) == 1);
        SparseNetwork network = SymmetricNetwork.of(function);
        SparseNetwork blurred = blurred(network, relevant);
        for (long word = 0; word < 1 << LENGTH; word++) {
          BitSet bits = BitSet.valueOf(new long[] {word});
          double exact = function.value(bits) ? 1 : 0;
          right.add(network.value(bits), exact);
          wrong.add(blurred.value(bits), exact);
        }
      }
    }
    return ClaimPart.of("all-inputs", right.atMost(EXACT))
        .withControl(
            Control.of(
                wrong.atMost(EXACT),
                String.format(
                    Locale.ROOT, "a head at ln(T - s) - 0.01: off by %.2f", wrong.largest())));
  }

  /** The same read-out behind a head just too blunt to tell counts apart. */
  private static SparseNetwork blurred(SparseNetwork network, List<Integer> relevant) {
    AdditiveMap map = (AdditiveMap) network.map();
    double sharpness = SelectionHead.threshold(map.length(), relevant.size()) - 0.01;
    return SparseNetwork.of(map, SelectionHead.of(map, relevant, sharpness), network.network());
  }

  private static ClaimPart random(Budget budget, Seed seed) {
    Deviation right = new Deviation();
    int inputs = budget == Budget.FULL ? 200 : 40;
    for (int length : new int[] {100, 1000, 10_000}) {
      for (int s : new int[] {3, 5}) {
        RandomGenerator rng = seed.child(length).child(s).generator();
        List<Integer> relevant = SparseFunction.drawPositions(length, s, rng);
        for (SparseFunction function :
            List.of(
                SparseFunction.conjunction(length, relevant),
                SparseFunction.parity(length, relevant),
                SparseFunction.majority(length, relevant))) {
          SparseNetwork network = SymmetricNetwork.of(function);
          for (int n = 0; n < inputs; n++) {
            BitSet bits = SparseInputs.draw(function, n, rng);
            right.add(network.value(bits), function.value(bits) ? 1 : 0);
          }
        }
      }
    }
    return ClaimPart.of("long-inputs", right.atMost(EXACT));
  }

  private static ClaimPart scalar(Seed seed) {
    Deviation right = new Deviation();
    RandomGenerator rng = seed.generator();
    AdditiveMap map = AdditiveMap.orthonormal(LENGTH);
    for (int s = 1; s <= 5; s++) {
      List<Integer> relevant = SparseFunction.drawPositions(LENGTH, s, rng);
      SparseFunction function = SparseFunction.parity(LENGTH, relevant);
      ScalarTransformer scalar = SymmetricNetwork.scalar(function);
      for (int n = 0; n < 200; n++) {
        BitSet bits = SparseInputs.draw(function, n, rng);
        right.add(scalar.value(map.tokens(bits)), function.value(bits) ? 1 : 0);
      }
    }
    return ClaimPart.of("one-layer", right.atMost(EXACT));
  }

  private static ClaimPart reference() {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int length : new int[] {12, 100, 1000, 10_000}) {
      right.add(parityNorm(length, 3), 11.0);
      right.add(parityNorm(length, 5), 22.6);
      wrong.add(parityNorm(length, 3) * Math.log(length) / Math.log(12), 11.0);
    }
    double half = 0.05 / 11 + EXACT; // half a unit of the last digit given
    return ClaimPart.of("output-norm", right.atMost(half))
        .withControl(
            Control.of(
                wrong.atMost(half),
                String.format(Locale.ROOT, "growing as ln T: off by %.2f", wrong.largest())));
  }

  private static ClaimPart polynomial() {
    double right = 0;
    double wrong = 0;
    for (int s = 1; s <= 8; s++) {
      right = Math.max(right, parityNorm(1000, s) / bound(s));
      wrong = Math.max(wrong, GeneralExact.worstNorm(s) / bound(s));
    }
    Prediction one = Prediction.atMost(1 + EXACT); // met with equality at s = 1
    return ClaimPart.of("polynomial", Verdict.exact(right, one))
        .withControl(
            Control.of(
                Verdict.exact(wrong, one),
                String.format(Locale.ROOT, "without symmetry: exceeded by a factor %.3g", wrong)));
  }

  private static double bound(double s) {
    return 2 * s * Math.sqrt(2 * s);
  }

  private static double parityNorm(int length, int s) {
    return norm(SparseFunction.parity(length, SparseInputs.first(s)));
  }

  private static double conjunctionNorm(int length, int s) {
    return norm(SparseFunction.conjunction(length, SparseInputs.first(s)));
  }

  private static double norm(SparseFunction function) {
    return SymmetricNetwork.of(function).network().outputNorm();
  }
}
