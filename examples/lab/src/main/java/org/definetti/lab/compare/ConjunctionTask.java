package org.definetti.lab.compare;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.jspecify.annotations.Nullable;

/**
 * The conjunction of three bits of a long string.
 *
 * <pre>{@code
 * x_l in {0, 1} fair,   target = x_i x_j x_k + N(0, noise²),   i, j, k = T/6, T/2, 5T/6
 * unordered   C(ones, 3) / C(T, 3)
 * window R    the product of the bits inside, 1/2 for each one outside
 * }</pre>
 *
 * <p>Solved is what explains nine tenths of the variance 7/64 of the product. Source: [derived]
 * (check XS8).
 *
 * @param noise of the target, above zero
 */
public record ConjunctionTask(double noise) implements Task {

  private static final int BITS = 3;
  private static final double VARIANCE = 7.0 / 64;

  /**
   * Checks the noise.
   *
   * @throws IllegalArgumentException if it is not above zero
   */
  public ConjunctionTask {
    Check.positive("noise", noise);
  }

  @Override
  public String name() {
    return "conjunction";
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
  public double solved(double bayesRisk) {
    return 0.1 * VARIANCE;
  }

  /** Returns the place of relevant bit 0, 1 or 2 in a string. */
  public static int place(int bit, int length) {
    return (2 * bit + 1) * length / (2 * BITS);
  }

  @Override
  public void draw(Batch batch, int sample, RandomGenerator rng) {
    SampleRows rows = new SampleRows(batch, sample);
    for (int l = 0; l < rows.length(); l++) {
      rows.setValue(l, 0, rng.nextBoolean() ? 1 : 0);
    }
    rows.setTarget(0, product(rows, 0) + noise * Normal.draw(rng));
  }

  /** Returns the expected product given the bits from {@code first} on. */
  private static double product(SampleRows rows, int first) {
    double product = 1;
    for (int bit = 0; bit < BITS; bit++) {
      int place = place(bit, rows.length());
      product *= place >= first ? rows.value(place, 0) : 0.5;
    }
    return product;
  }

  @Override
  public Answer exact(Batch batch, int sample) {
    return Answer.of(noise * noise, product(new SampleRows(batch, sample), 0));
  }

  private static double[] unordered(Batch batch, int sample) {
    SampleRows rows = new SampleRows(batch, sample);
    double n = rows.length();
    double ones = rows.sum(0, rows.length())[0];
    return new double[] {ones / n * ((ones - 1) / (n - 1)) * ((ones - 2) / (n - 2))};
  }

  @Override
  public @Nullable Predictor best(Sight sight) {
    return switch (sight.kind()) {
      case WINDOW ->
          (batch, b) -> {
            SampleRows rows = new SampleRows(batch, b);
            return new double[] {product(rows, Math.max(0, rows.length() - sight.window()))};
          };
      case UNORDERED, POOLED -> ConjunctionTask::unordered;
      case EVERYTHING -> null;
    };
  }
}
