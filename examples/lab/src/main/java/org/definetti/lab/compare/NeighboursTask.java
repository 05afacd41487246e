package org.definetti.lab.compare;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.jspecify.annotations.Nullable;

/**
 * The energy of signs on a chain or a grid: a mean of terms that each depend on neighbours.
 *
 * <pre>{@code
 * x_l = ±1 fair,   target = Σ x_a x_b / √m over the m pairs of neighbours + N(0, noise²)
 * unordered   √m ((Σ x_l)² - n) / (n (n - 1))
 * window R    the sum over pairs inside
 * }</pre>
 *
 * <ul>
 *   <li>Pairs outside a window have mean zero given what is inside. Given the multiset, every pair
 *       of places has the same mean product.
 *   <li>On a grid places lie row by row, and neighbours are those beside and below.
 *   <li>Source: [derived] (check XS7).
 * </ul>
 *
 * @param columns of the grid, 0 for a chain
 * @param noise of the target, above zero
 */
public record NeighboursTask(int columns, double noise) implements Task {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public NeighboursTask {
    Check.atLeast("columns", 0, columns);
    Check.positive("noise", noise);
  }

  @Override
  public String name() {
    return columns == 0 ? "chain-neighbours" : "grid-neighbours";
  }

  @Override
  public Widths widths() {
    return new Widths(1, 1, 1);
  }

  @Override
  public Scale scale() {
    return Scale.SQUARED;
  }

  @Override
  public int movable(int tokens) {
    return 0;
  }

  @Override
  public void draw(Batch batch, int sample, RandomGenerator rng) {
    SampleRows rows = new SampleRows(batch, sample);
    for (int l = 0; l < rows.length(); l++) {
      rows.setValue(l, 0, rng.nextBoolean() ? 1 : -1);
    }
    rows.setTarget(0, energy(rows, 0) + noise * Normal.draw(rng));
  }

  /** Returns whether a place has a neighbour beside it, behind it in the order of places. */
  private boolean hasRight(int place, int count) {
    return place + 1 < count && (columns == 0 || (place + 1) % columns != 0);
  }

  private boolean hasBelow(int place, int count) {
    return columns > 0 && place + columns < count;
  }

  private int pairs(int count) {
    int pairs = 0;
    for (int l = 0; l < count; l++) {
      pairs += (hasRight(l, count) ? 1 : 0) + (hasBelow(l, count) ? 1 : 0);
    }
    return pairs;
  }

  /** Returns the energy of the pairs among places from {@code first} on. */
  private double energy(SampleRows rows, int first) {
    int n = rows.length();
    double sum = 0;
    for (int l = first; l < n; l++) {
      sum += hasRight(l, n) ? rows.value(l, 0) * rows.value(l + 1, 0) : 0;
      sum += hasBelow(l, n) ? rows.value(l, 0) * rows.value(l + columns, 0) : 0;
    }
    return sum / Math.sqrt(Math.max(1, pairs(n)));
  }

  @Override
  public Answer exact(Batch batch, int sample) {
    return Answer.of(noise * noise, energy(new SampleRows(batch, sample), 0));
  }

  private double[] unordered(Batch batch, int sample) {
    SampleRows rows = new SampleRows(batch, sample);
    int n = rows.length();
    double sum = rows.sum(0, n)[0];
    double product = n < 2 ? 0 : (sum * sum - n) / ((double) n * (n - 1));
    return new double[] {Math.sqrt(pairs(n)) * product};
  }

  private double[] window(Batch batch, int sample, int window) {
    SampleRows rows = new SampleRows(batch, sample);
    return new double[] {energy(rows, Math.max(0, rows.length() - window))};
  }

  @Override
  public @Nullable Predictor best(Sight sight) {
    return switch (sight.kind()) {
      case WINDOW -> (batch, b) -> window(batch, b, sight.window());
      case UNORDERED, POOLED -> this::unordered;
      case EVERYTHING -> null;
    };
  }
}
