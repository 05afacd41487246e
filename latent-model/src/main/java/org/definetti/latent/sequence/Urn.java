package org.definetti.latent.sequence;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Sample;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * Balls drawn without replacement (A4, {@code urn}): exchangeable, but not the beginning of any
 * longer exchangeable sequence, so no latent makes its tokens independent.
 *
 * <pre>{@code
 * P(x^{L+1} = w | X) = (m_w - n_w) / (N - L),   N = Σ m
 * P(X) = Π_w m_w (m_w - 1)..(m_w - n_w + 1) / (N (N - 1)..(N - L + 1))
 * Cov(1{x^1 = w}, 1{x^2 = w}) = -m_w (N - m_w) / (N² (N - 1)),   -1/12 for two of four
 * }</pre>
 *
 * <ul>
 *   <li>Where: m_w the balls of colour w, known; n_w how many were drawn.
 *   <li>Shapes: the latent is the (1, c) row of the balls that are left; the tokens determine it, so
 *       a belief is certain and its entropy is zero.
 *   <li>Limit: at most N tokens; more are refused, as no ball is left to be drawn. After all N there
 *       is no predictive.
 *   <li>Edge cases: a colour drawn oftener than there are balls has log evidence minus infinity;
 *       questions about what is left are then refused with {@link IllegalStateException}.
 *   <li>Source: finite exchangeability [recalled: Diaconis-Freedman]; row A4 of the project's notes
 *       [derived].
 * </ul>
 *
 * <p>Immutable; equal when the balls are equal.
 */
public final class Urn implements LatentModel<SimpleMatrix> {

  private final CategoricalTokens space;
  private final int[] balls;
  private final int total;

  private Urn(int[] balls, int total) {
    this.space = new CategoricalTokens(balls.length);
    this.balls = balls;
    this.total = total;
  }

  /**
   * Returns the urn with these balls.
   *
   * @param balls how many of each colour, at least two colours, none negative, at least one ball.
   *     Not modified.
   */
  public static Urn of(int... balls) {
    Check.atLeast("balls.length", 2, balls.length);
    long total = 0;
    for (int w = 0; w < balls.length; w++) {
      total += Check.atLeast("balls[" + w + "]", 0, balls[w]);
    }
    if (total < 1 || total > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "balls: expected a sum in 1.." + Integer.MAX_VALUE + ", got " + total);
    }
    return new Urn(balls.clone(), (int) total);
  }

  /** Returns the balls of each colour, shape (1, c). */
  public SimpleMatrix balls() {
    return new SimpleMatrix(1, balls.length, true, Arrays.stream(balls).asDoubleStream().toArray());
  }

  /** Returns N, how many balls there are: the longest sequence. */
  public int total() {
    return total;
  }

  int balls(int colour) {
    return balls[colour];
  }

  @Override
  public CategoricalTokens tokenSpace() {
    return space;
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return new UrnBelief(this, new double[balls.length]);
  }

  /** {@inheritDoc} It is the full urn: nothing is random about it. */
  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    return balls();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if no ball is left
   */
  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    double[] left = left(latent);
    double sum = Arrays.stream(left).sum();
    if (!(sum >= 1)) {
      throw new IllegalArgumentException("latent: expected at least one ball left, got " + sum);
    }
    return Token.category(draw(left, sum, rng));
  }

  /**
   * {@inheritDoc} They are drawn without replacement from the balls that are left.
   *
   * @throws IllegalArgumentException if fewer than {@code length} balls are left
   */
  @Override
  public Tokens drawTokens(SimpleMatrix latent, int length, RandomGenerator rng) {
    return empty(left(latent), length, rng).tokens();
  }

  /**
   * {@inheritDoc} The latent is the balls that are left.
   *
   * @throws IllegalArgumentException if {@code length} is above N
   */
  @Override
  public Sample<SimpleMatrix> sample(int length, RandomGenerator rng) {
    return empty(balls().getDDRM().data, length, rng);
  }

  private Sample<SimpleMatrix> empty(double[] left, int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    double available = Arrays.stream(left).sum();
    if (length > available) {
      throw new IllegalArgumentException(
          "length: expected at most the " + (long) available + " balls left, got " + length);
    }
    double[] drawn = new double[length];
    for (int l = 0; l < length; l++) {
      int colour = draw(left, available - l, rng);
      left[colour]--;
      drawn[l] = colour;
    }
    return new Sample<>(
        new SimpleMatrix(1, left.length, true, left), Tokens.owning(space, drawn));
  }

  // The balls in a row, colour after colour: whole numbers, so the walk always ends at a ball.
  private static int draw(double[] left, double sum, RandomGenerator rng) {
    double place = Math.min(Math.floor(rng.nextDouble() * sum), sum - 1);
    int colour = 0;
    while (place >= left[colour]) {
      place -= left[colour];
      colour++;
    }
    return colour;
  }

  // A copy of the latent's numbers, checked.
  private double[] left(SimpleMatrix latent) {
    double[] left = Check.matrix("latent", latent, 1, balls.length).getDDRM().data.clone();
    for (int w = 0; w < left.length; w++) {
      if (!(left[w] >= 0 && left[w] <= balls[w] && left[w] == Math.rint(left[w]))) {
        throw new IllegalArgumentException(
            "latent[" + w + "]: expected a whole number in 0.." + balls[w] + ", got " + left[w]);
      }
    }
    return left;
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static Urn from(ModelDescription description) {
    DescriptionReader fields = description.read("urn", 1);
    double[] balls = fields.matrix("balls", 1, -1).getDDRM().data;
    fields.end();
    int[] whole = new int[balls.length];
    for (int w = 0; w < balls.length; w++) {
      whole[w] = (int) balls[w];
      if (whole[w] != balls[w]) {
        throw new IllegalArgumentException(
            "urn, balls[" + w + "]: expected a whole number, got " + balls[w]);
      }
    }
    return of(whole);
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("urn").with("balls", balls());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Urn urn && Arrays.equals(balls, urn.balls);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(balls);
  }

  @Override
  public String toString() {
    return "Urn" + Arrays.toString(balls);
  }
}
