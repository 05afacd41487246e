package org.definetti.lab.claims;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.kernel.LinearKernel;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;

/**
 * D1: the Lipschitz constants of softmax attention do not depend on the length; those of CME
 * weights do.
 *
 * <pre>{@code
 * |a_l - b_l| <= δ        =>  ‖softmax(a) - softmax(b)‖_1 <= 2 tanh(δ/2), attained
 * ‖attn(q,K,V) - attn(q',K',V')‖ <= max_l ‖v_l - v'_l‖ + max_l ‖v'_l‖ max_l |q·k_l - q'·k'_l| / γ
 * Σ_l |a_l| <= (1/2) sqrt(L κ(q,q) / λ),  a the CME weights; attained by equal keys at L = λ
 * }</pre>
 *
 * <ul>
 *   <li>A bound is checked by the largest ratio of the two sides over random inputs at lengths 4 to
 *       16384, where every logit moves by δ up or down, and over the inputs that attain it.
 *   <li>Controls: half the bound; sum pooling instead of attention; the CME bound without the
 *       length.
 *   <li>Source: [derived] (check D1); a bound twice as weak is Lemma I.6 of [source: Zhang-2023].
 * </ul>
 */
public final class LengthFreeLipschitz implements Claim {

  private static final String ID = "D1";
  private static final String WEIGHTS = "softmax-weights";
  private static final String OUTPUTS = "softmax-outputs";
  private static final String SUMS = "sum-pooling";
  private static final String CME = "cme-weights";
  private static final String CME_WITHOUT_LENGTH = "cme-without-sqrt-L";
  private static final double ROUNDING = 1e-12;
  private static final int KEY_WIDTH = 4;
  private static final int VALUE_WIDTH = 3;
  private static final double TEMPERATURE = 0.25;

  /** Returns the claim. */
  public LengthFreeLipschitz() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "length-free-lipschitz";
  }

  @Override
  public String statement() {
    return "Softmax attention is Lipschitz in queries, keys and values with constants that do not"
        + " depend on the length: moving every logit by at most delta moves the weights by at most"
        + " 2 tanh(delta/2) in l1, which is attained.";
  }

  @Override
  public Source source() {
    return Source.derived("check D1; a weaker bound is Lemma I.6 of Zhang-2023");
  }

  @Override
  public String prediction() {
    return "no bound exceeded at lengths 4..16384; 2 tanh(delta/2) attained to 1e-12";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "softmax", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.FULL ? 20 : 2);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    double[] lengths =
        Arrays.stream(Doubling.upTo(budget == Budget.SMOKE ? 1024 : 16384))
            .asDoubleStream()
            .toArray();
    int trials = budget == Budget.FULL ? 50 : 5;
    Results ratios =
        Tabulated.of(ID, "random-inputs", "largest-share-of-bound")
            .with(WEIGHTS, length -> weights((int) length, trials, seed.child("weights")))
            .with(OUTPUTS, length -> outputs((int) length, trials, seed.child("outputs")))
            .with(SUMS, length -> sums((int) length, seed.child("sums")))
            .with(CME, length -> cme((int) length, trials, seed.child("cme")))
            .with(CME_WITHOUT_LENGTH, LengthFreeLipschitz::withoutLength)
            .over("length", lengths, runner);
    return ClaimResult.of(
            ClaimPart.of("weights", Verdict.exact(largest(ratios, WEIGHTS), Prediction.atMost(1))),
            attained(),
            part(
                "outputs",
                ratios,
                OUTPUTS,
                SUMS,
                "sum pooling: exceeds the bound by a factor %.0f"),
            part(
                "cme-weights",
                ratios,
                CME,
                CME_WITHOUT_LENGTH,
                "without sqrt(L): exceeded by a factor %.0f by equal keys at L = lambda"))
        .withResults(List.of(ratios));
  }

  private static ClaimPart part(
      String name, Results ratios, String right, String wrong, String text) {
    Prediction bound = Prediction.atMost(1 + ROUNDING);
    double exceeded = largest(ratios, wrong);
    return ClaimPart.of(name, Verdict.exact(largest(ratios, right), bound))
        .withControl(
            Control.of(Verdict.exact(exceeded, bound), String.format(Locale.ROOT, text, exceeded)));
  }

  /** Returns the largest value of a curve over its lengths. */
  private static double largest(Results ratios, String name) {
    return ratios.curves().stream()
        .filter(curve -> curve.key().axis("attention").equals(name))
        .flatMap(curve -> curve.points().stream())
        .mapToDouble(CurvePoint::mean)
        .max()
        .orElseThrow();
  }

  private static double weights(int length, int trials, Seed seed) {
    RandomGenerator rng = seed.child(length).generator();
    double largest = 0;
    for (int n = 0; n < trials; n++) {
      double delta = Math.exp(Normal.draw(rng));
      double[] before = new double[length];
      double[] after = new double[length];
      for (int l = 0; l < length; l++) {
        before[l] = 3 * Normal.draw(rng);
        after[l] = before[l] + (rng.nextBoolean() ? delta : -delta);
      }
      largest = Math.max(largest, distance(before, after) / bound(delta));
    }
    return largest;
  }

  private static ClaimPart attained() {
    Deviation right = new Deviation();
    double half = 0;
    for (double delta : new double[] {0.01, 0.5, 2, 10}) {
      double[] before = {-delta / 2, delta / 2};
      double[] after = {delta / 2, -delta / 2};
      double distance = distance(before, after);
      right.add(distance / bound(delta), 1);
      half = Math.max(half, distance / (bound(delta) / 2));
    }
    return ClaimPart.of("attained", right.atMost(ROUNDING))
        .withControl(
            Control.of(
                Verdict.exact(half, Prediction.atMost(1)),
                String.format(Locale.ROOT, "half the bound: exceeded by a factor %.2f", half)));
  }

  private static double bound(double delta) {
    return 2 * Math.tanh(delta / 2);
  }

  /** Returns the l1 distance of the softmax of two rows of logits, by the library's attention. */
  private static double distance(double[] before, double[] after) {
    SimpleMatrix one = new SimpleMatrix(1, 1, true, 1.0);
    SimpleMatrix left = SoftmaxAttention.of(1).weights(one, logits(before));
    SimpleMatrix right = SoftmaxAttention.of(1).weights(one, logits(after));
    double sum = 0;
    for (int l = 0; l < before.length; l++) {
      sum += Math.abs(left.get(l) - right.get(l));
    }
    return sum;
  }

  private static Context logits(double[] numbers) {
    SimpleMatrix keys = new SimpleMatrix(numbers.length, 1, true, numbers);
    return Context.of(keys, keys);
  }

  private static double outputs(int length, int trials, Seed seed) {
    RandomGenerator rng = seed.child(length).generator();
    double largest = 0;
    for (int n = 0; n < trials; n++) {
      double size = Math.exp(2 * Normal.draw(rng) - 2);
      SimpleMatrix query = unit(1, rng);
      SimpleMatrix moved = query.plus(normal(1, KEY_WIDTH, rng).scale(size));
      SimpleMatrix keys = unit(length, rng);
      SimpleMatrix movedKeys = keys.plus(normal(length, KEY_WIDTH, rng).scale(size));
      SimpleMatrix values = normal(length, VALUE_WIDTH, rng);
      SimpleMatrix movedValues = values.plus(normal(length, VALUE_WIDTH, rng).scale(size));
      SimpleMatrix logits = keys.mult(query.transpose());
      SimpleMatrix movedLogits = movedKeys.mult(moved.transpose());
      double bound =
          largestRow(values.minus(movedValues))
              + largestRow(movedValues) * logits.minus(movedLogits).elementMaxAbs() / TEMPERATURE;
      SoftmaxAttention softmax = SoftmaxAttention.of(TEMPERATURE);
      double gap =
          softmax
              .attend(query, Context.of(keys, values))
              .minus(softmax.attend(moved, Context.of(movedKeys, movedValues)))
              .normF();
      largest = Math.max(largest, gap / bound);
    }
    return largest;
  }

  // Every value moved by the same vector: the bound is the length of one of them.
  private static double sums(int length, Seed seed) {
    RandomGenerator rng = seed.child(length).generator();
    SimpleMatrix values = normal(length, VALUE_WIDTH, rng);
    SimpleMatrix shift = values.plus(Normal.draw(rng)).minus(values);
    return sumOfRows(shift).normF() / largestRow(shift);
  }

  private static double cme(int length, int trials, Seed seed) {
    RandomGenerator rng = seed.child(length).generator();
    double largest = equalKeys(length);
    for (int n = 0; n < trials; n++) {
      double ridge = Math.exp(2 * Normal.draw(rng));
      largest = Math.max(largest, cmeRatio(unit(length, rng), unit(1, rng), ridge));
    }
    return largest;
  }

  // Equal keys and λ = L attain the bound.
  private static double equalKeys(int length) {
    return cmeRatio(SimpleMatrix.filled(length, 1, 1), SimpleMatrix.filled(1, 1, 1), length);
  }

  private static double withoutLength(double length) {
    return equalKeys((int) length) * Math.sqrt(length);
  }

  /** Returns {@code Σ|a_l|} over its bound: the attention to values ±1 with the signs of a. */
  private static double cmeRatio(SimpleMatrix keys, SimpleMatrix query, double ridge) {
    int length = keys.getNumRows();
    KernelRidgeAttention cme = KernelRidgeAttention.of(new LinearKernel(), ridge);
    SimpleMatrix dual = primalWeights(keys, query, ridge);
    double[] weights = dual.getDDRM().data;
    double[] signs = Arrays.stream(weights, 0, length).map(Math::signum).toArray();
    double norm =
        cme.attend(query, Context.of(keys, new SimpleMatrix(length, 1, true, signs))).get(0);
    double kernel = query.dot(query);
    return norm / (0.5 * Math.sqrt(length * kernel / ridge));
  }

  // Φ (ΦᵀΦ + λ I)⁻¹ φ(q): small, as the features are the keys.
  private static SimpleMatrix primalWeights(SimpleMatrix keys, SimpleMatrix query, double ridge) {
    int width = keys.getNumCols();
    SimpleMatrix gram = keys.transpose().mult(keys).plus(SimpleMatrix.identity(width).scale(ridge));
    return keys.mult(gram.solve(query.transpose()));
  }

  private static SimpleMatrix unit(int rows, RandomGenerator rng) {
    double[] numbers = new double[rows * KEY_WIDTH];
    for (int l = 0; l < rows; l++) {
      Sphere.fill(numbers, l * KEY_WIDTH, KEY_WIDTH, rng);
    }
    return new SimpleMatrix(rows, KEY_WIDTH, true, numbers);
  }

  private static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  private static double largestRow(SimpleMatrix matrix) {
    double largest = 0;
    for (int l = 0; l < matrix.getNumRows(); l++) {
      largest = Math.max(largest, matrix.extractVector(true, l).normF());
    }
    return largest;
  }

  private static SimpleMatrix sumOfRows(SimpleMatrix matrix) {
    return SimpleMatrix.filled(1, matrix.getNumRows(), 1).mult(matrix);
  }
}
