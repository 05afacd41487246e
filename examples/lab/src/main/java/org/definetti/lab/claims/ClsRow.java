package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.sparse.Normaliser;
import org.definetti.sparse.ScalarTransformer;
import org.definetti.sparse.TransformerHead;
import org.ejml.simple.SimpleMatrix;

/**
 * V3: one layer read off at [CLS] needs that row only.
 *
 * <pre>{@code  value(X) = y_[CLS] w,   y_[CLS] = f(X, x_[CLS])  }</pre>
 *
 * <ul>
 *   <li>Measured: the largest difference of {@link ScalarTransformer#value} and {@link
 *       ScalarTransformer#throughLayer} over random weights, lengths and normalisers.
 *   <li>Control: the row of the last token before [CLS].
 *   <li>Source: [derived] (check V3).
 * </ul>
 */
public final class ClsRow implements Claim {

  private static final double EXACT = 1e-10;
  private static final int WIDTH = 9;

  /** Returns the claim. */
  public ClsRow() {}

  @Override
  public String id() {
    return "V3";
  }

  @Override
  public String slug() {
    return "cls-row";
  }

  @Override
  public String statement() {
    return "A network of one layer that is read off at [CLS] needs only that row of attention:"
        + " O(T d) instead of O(T^2 d), and the same number.";
  }

  @Override
  public Source source() {
    return Source.derived("check V3");
  }

  @Override
  public String prediction() {
    return "largest difference from the row of [CLS] of the full layer <= 1e-10, every normaliser";
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
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    List<Integer> lengths =
        budget == Budget.SMOKE ? List.of(1, 12, 60) : List.of(1, 12, 60, 300, 1000);
    for (Normaliser normaliser : Normaliser.values()) {
      for (int length : lengths) {
        RandomGenerator rng = seed.child(normaliser.name()).child(length).generator();
        ScalarTransformer network = network(normaliser, rng);
        SimpleMatrix tokens = normal(length, WIDTH, rng);
        double expected = network.throughLayer(tokens);
        right.add(network.value(tokens), expected);
        SimpleMatrix rows = network.head().layer(tokens.concatRows(network.cls()));
        SimpleMatrix before = rows.extractVector(true, length - 1);
        wrong.add(before.mult(network.readout()).get(0, 0), expected);
      }
    }
    return ClaimResult.of(
        ClaimPart.of("same-number", right.atMost(EXACT))
            .withControl(
                Control.of(
                    wrong.atMost(EXACT),
                    String.format(
                        Locale.ROOT, "the row before [CLS]: off by %.2f", wrong.largest()))));
  }

  private static ScalarTransformer network(Normaliser normaliser, RandomGenerator rng) {
    TransformerHead head =
        TransformerHead.of(normal(WIDTH, 3, rng), normal(WIDTH, 3, rng), normal(WIDTH, 4, rng))
            .withOutputMap(normal(4, 2, rng))
            .withRelu()
            .withNormaliser(normaliser);
    return new ScalarTransformer(head, normal(1, WIDTH, rng), normal(2, 1, rng));
  }

  private static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }
}
