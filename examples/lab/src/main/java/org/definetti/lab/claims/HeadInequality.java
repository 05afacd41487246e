package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
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
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.sparse.HeadPerturbation;
import org.definetti.sparse.Normaliser;
import org.definetti.sparse.StackPerturbation;
import org.definetti.sparse.TransformerHead;
import org.ejml.simple.SimpleMatrix;

/**
 * V2: the inequality that keeps the number of tokens out of the capacity of a head.
 *
 * <pre>{@code
 * ‖W_Vᵀ Xᵀ a - W_V'ᵀ Xᵀ a'‖ <= max_t ‖(W_V - W_V')ᵀ x_t‖ + C B_V B_X max_t |x_tᵀ (W_QK - W_QK') z|
 * }</pre>
 *
 * <ul>
 *   <li>Measured: the largest ratio of the two sides, {@link HeadPerturbation}, over random
 *       weights, changes of weights and tokens, at 4 to 10,000 tokens; for several layers {@link
 *       StackPerturbation}, at 4 to 256 tokens.
 *   <li>Control: attention that is not normalised, Σ_t (x_t·u)(x_t·w), exceeds it in proportion to
 *       the number of tokens.
 *   <li>Source: [derived] (check V2).
 * </ul>
 */
public final class HeadInequality implements Claim {

  private static final String ID = "V2";

  private static final double ROUNDING = 1e-12;
  private static final int WIDTH = 6;
  private static final int HEAD = 3;
  private static final int DEPTH = 4;
  private static final double SCORE = 0.5; // what relu's scores are kept below

  /** Returns the claim. */
  public HeadInequality() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "head-inequality";
  }

  @Override
  public String statement() {
    return "Changing the weights of a head changes its output by at most the largest change"
        + " of a value plus B_V B_X times the largest change of a score: maxima over"
        + " tokens, not sums, so the number of tokens does not enter; the same holds layer"
        + " by layer up to depth 4.";
  }

  @Override
  public Source source() {
    return Source.derived("check V2; composition over layers is derived too");
  }

  @Override
  public String prediction() {
    return "left side <= right side at every number of tokens to 10^4, for each normaliser"
        + " with its own constant, and for stacks of depth 1 to 4";
  }

  @Override
  public List<String> tags() {
    return List.of("sparse", "softmax", "length");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.FULL ? 40 : budget == Budget.STANDARD ? 8 : 1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int most = budget == Budget.SMOKE ? 1000 : 10_000;
    int trials = budget == Budget.FULL ? 40 : budget == Budget.STANDARD ? 10 : 4;
    double[] tokens =
        IntStream.of(4, 10, 32, 100, 316, 1000, 3162, 10_000)
            .filter(n -> n <= most)
            .asDoubleStream()
            .toArray();
    Tabulated heads = Tabulated.of(ID, "random-heads", "largest-share-of-bound");
    for (Normaliser normaliser : Normaliser.values()) {
      heads = heads.with(name(normaliser), n -> head(normaliser, (int) n, trials, seed));
    }
    double[] few = {4, 16, 64, 256, 1024};
    Tabulated stacks = Tabulated.of(ID, "random-stacks", "largest-share-of-bound");
    for (int depth = 1; depth <= DEPTH; depth++) {
      int layers = depth;
      stacks =
          stacks
              .with(
                  "depth-" + layers, n -> stack(Normaliser.SOFTMAX, layers, (int) n, trials, seed))
              .with(
                  "depth-" + layers + "-unnormalised",
                  n -> stack(Normaliser.NONE, layers, (int) n, trials, seed));
    }
    Results ofHeads = heads.over("tokens", tokens, runner.within("heads"));
    Results ofStacks = stacks.over("tokens", few, runner.within("stacks"));
    List<ClaimPart> parts = new ArrayList<>();
    for (Normaliser normaliser :
        List.of(Normaliser.SOFTMAX, Normaliser.SPARSEMAX, Normaliser.RELU)) {
      parts.add(part(ofHeads, name(normaliser), name(Normaliser.NONE)));
    }
    for (int depth = 1; depth <= DEPTH; depth++) {
      parts.add(part(ofStacks, "depth-" + depth, "depth-" + depth + "-unnormalised"));
    }
    return ClaimResult.of(parts).withResults(List.of(ofHeads, ofStacks));
  }

  private static String name(Normaliser normaliser) {
    return normaliser.name().toLowerCase(Locale.ROOT);
  }

  private static ClaimPart part(Results results, String right, String wrong) {
    Prediction bound = Prediction.atMost(1 + ROUNDING);
    double exceeded = largest(results, wrong);
    return ClaimPart.of(right, Verdict.exact(largest(results, right), bound))
        .withControl(
            Control.of(
                Verdict.exact(exceeded, bound),
                String.format(
                    Locale.ROOT, "attention not normalised: exceeded by a factor %.3g", exceeded)));
  }

  private static double largest(Results results, String name) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("attention").equals(name))
        .flatMap(curve -> curve.points().stream())
        .mapToDouble(CurvePoint::mean)
        .max()
        .orElseThrow();
  }

  private static double head(Normaliser normaliser, int tokens, int trials, Seed seed) {
    RandomGenerator rng = seed.child("heads").child(tokens).generator();
    double largest = 0;
    for (int n = 0; n < trials; n++) {
      double size = Math.exp(2 * Normal.draw(rng) - 3);
      SimpleMatrix x = normal(tokens, WIDTH, 1, rng);
      SimpleMatrix query = normal(1, WIDTH, 1, rng);
      TransformerHead head = head(1, rng);
      TransformerHead moved = moved(head, size, rng);
      double scores =
          Math.max(head.scores(x, query).elementMaxAbs(), moved.scores(x, query).elementMaxAbs());
      if (normaliser == Normaliser.RELU) { // only scores below one have a constant
        query = query.scale(SCORE / scores);
        scores = SCORE;
      }
      double constant = normaliser == Normaliser.NONE ? 1 : normaliser.lipschitz(tokens, scores);
      HeadPerturbation sides =
          HeadPerturbation.of(
              head.withNormaliser(normaliser),
              moved.withNormaliser(normaliser),
              x,
              query,
              constant);
      largest = Math.max(largest, sides.ratio());
    }
    return largest;
  }

  private static double stack(Normaliser normaliser, int depth, int tokens, int trials, Seed seed) {
    RandomGenerator rng = seed.child("stacks").child(depth).child(tokens).generator();
    double largest = 0;
    for (int n = 0; n < trials; n++) {
      List<TransformerHead> layers = new ArrayList<>();
      List<TransformerHead> moved = new ArrayList<>();
      double size = Math.exp(2 * Normal.draw(rng) - 6);
      for (int l = 0; l < depth; l++) {
        TransformerHead head = head(0.5, rng).withRelu().withNormaliser(normaliser);
        layers.add(head);
        moved.add(moved(head, size, rng).withRelu().withNormaliser(normaliser));
      }
      SimpleMatrix x = normal(tokens, WIDTH, 1, rng);
      largest = Math.max(largest, StackPerturbation.of(layers, moved, x, 1).ratio());
    }
    return largest;
  }

  private static TransformerHead head(double size, RandomGenerator rng) {
    return TransformerHead.of(
            normal(WIDTH, HEAD, size, rng),
            normal(WIDTH, HEAD, size, rng),
            normal(WIDTH, WIDTH, size, rng))
        .withOutputMap(normal(WIDTH, WIDTH, size, rng));
  }

  private static TransformerHead moved(TransformerHead head, double size, RandomGenerator rng) {
    return TransformerHead.of(
            moved(head.queryMap(), size, rng),
            moved(head.keyMap(), size, rng),
            moved(head.valueMap(), size, rng))
        .withOutputMap(moved(head.outputMap(), size, rng));
  }

  private static SimpleMatrix moved(SimpleMatrix map, double size, RandomGenerator rng) {
    return map.plus(normal(map.getNumRows(), map.getNumCols(), size, rng));
  }

  private static SimpleMatrix normal(int rows, int columns, double size, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= size;
    }
    return new SimpleMatrix(rows, columns, true, numbers);
  }
}
