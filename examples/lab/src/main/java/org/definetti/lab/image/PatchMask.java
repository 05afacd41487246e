package org.definetti.lab.image;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.random.Categorical;

/**
 * Which pixels of a square picture are hidden.
 *
 * @param side rows and columns of the picture
 * @param hidden the hidden pixels, {@code row · side + column}, in increasing order
 * @param visible the others, in increasing order
 */
public record PatchMask(int side, List<Integer> hidden, List<Integer> visible) {

  /** Copies the lists. */
  public PatchMask {
    hidden = List.copyOf(hidden);
    visible = List.copyOf(visible);
  }

  /**
   * Draws a mask that hides whole square patches, each set of {@code count} as likely as another.
   *
   * @param side of the picture, a multiple of {@code patch}
   * @param patch rows and columns of a patch, at least 1
   * @param count patches to hide, at least 1 and fewer than there are
   */
  public static PatchMask draw(int side, int patch, int count, RandomGenerator rng) {
    Check.atLeast("patch", 1, patch);
    Check.atLeast("count", 1, count);
    int across = side / patch;
    if (across * patch != side || count >= across * across) {
      throw new IllegalArgumentException(
          "patch: expected a divisor of "
              + side
              + " and fewer hidden patches than there are, got "
              + patch
              + " and "
              + count);
    }
    boolean[] gone = new boolean[across * across];
    for (int i = 0; i < count; i++) {
      double[] left = new double[gone.length];
      for (int p = 0; p < left.length; p++) {
        left[p] = gone[p] ? 0 : 1.0 / (gone.length - i);
      }
      gone[Categorical.of(left).draw(rng)] = true;
    }
    List<Integer> hidden = new ArrayList<>();
    List<Integer> visible = new ArrayList<>();
    for (int pixel = 0; pixel < side * side; pixel++) {
      int inPatch = pixel / side / patch * across + pixel % side / patch;
      (gone[inPatch] ? hidden : visible).add(pixel);
    }
    return new PatchMask(side, hidden, visible);
  }
}
