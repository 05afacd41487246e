package org.definetti.engine;

/**
 * The angles by which rotary positions turn queries and keys of every head, pair by pair.
 *
 * <pre>{@code
 * (y_2i, y_2i+1) = (x_2i cos φ - x_2i+1 sin φ, x_2i sin φ + x_2i+1 cos φ),   φ = t / 10000^(2i/w)
 * }</pre>
 *
 * <p>Where: t the row, w the width of a head, even. The score of two rows then depends on their
 * distance only. Source: [recalled: Su 2021].
 */
public final class RotaryAngles {

  private static final double SLOWEST = 10_000;

  private final int pairs;
  private final float[] cosines; // (length, w / 2)
  private final float[] sines; // (length, w / 2)

  /** Computes the angles of rows 0 to {@code length - 1}. */
  public RotaryAngles(int headWidth, int length) {
    pairs = headWidth / 2;
    cosines = new float[length * pairs];
    sines = new float[length * pairs];
    for (int t = 0; t < length; t++) {
      for (int i = 0; i < pairs; i++) {
        double angle = t / Math.pow(SLOWEST, 2.0 * i / headWidth);
        cosines[t * pairs + i] = (float) Math.cos(angle);
        sines[t * pairs + i] = (float) Math.sin(angle);
      }
    }
  }

  /** Returns how many numbers are held. */
  public long memory() {
    return 2L * cosines.length;
  }

  /**
   * Turns one pair of the row at position {@code t}, in place.
   *
   * @param numbers holds the pair at {@code at} and {@code at + 1}. Modified.
   * @param direction 1, or -1 to turn back, as a gradient does
   */
  public void turn(float[] numbers, int at, int t, int pair, float direction) {
    float cosine = cosines[t * pairs + pair];
    float sine = direction * sines[t * pairs + pair];
    float x = numbers[at];
    float y = numbers[at + 1];
    numbers[at] = x * cosine - y * sine;
    numbers[at + 1] = x * sine + y * cosine;
  }

  /** Turns rows {@code from} to {@code to}, heads side by side in the first columns, in place. */
  void turn(float[][] rows, int from, int to, int heads, float direction) {
    for (int t = from; t < to; t++) {
      for (int pair = 0; pair < heads * pairs; pair++) {
        turn(rows[t], 2 * pair, t, pair % pairs, direction);
      }
    }
  }
}
