package org.definetti.attention;

import java.util.ArrayList;
import java.util.List;
import org.definetti.latent.Check;

/**
 * Which places a stack of convolutions sees: kernel, dilations and what lies beyond the ends.
 *
 * <pre>{@code
 * sequence   tap t of layer r at place i sees place i + (t - o) s_r,   t = 0 … k - 1
 * grid       tap (t, u) at (row, column) sees (row + (t - o) s_r, column + (u - o) s_r)
 * centred    o = (k - 1) / 2          causal   o = k - 1
 * }</pre>
 *
 * <ul>
 *   <li>Reach on a sequence: {@link #back} places before its own and {@link #forward} after it;
 *       beyond them nothing has any influence.
 *   <li>Beyond the ends there are zeros; or, circular, place 0 follows the last place.
 *   <li>Source: reach [derived] (check S17); doubling dilations as locuslab/TCN.
 * </ul>
 *
 * @param kernel k, at least 1; odd if centred
 * @param dilations s_r, one a layer, each at least 1
 * @param causal whether a place sees itself and what is before it only
 * @param circular whether the sequence is a ring
 * @param columns how many places a row of the grid has, 0 for a sequence; a grid is centred, and
 *     has zeros around it
 */
public record ConvolutionShape(
    int kernel, List<Integer> dilations, boolean causal, boolean circular, int columns) {

  /**
   * Checks sizes and what goes together.
   *
   * @throws IllegalArgumentException if a size is too small, a centred kernel even, or a grid
   *     causal or circular
   */
  public ConvolutionShape {
    Check.atLeast("kernel", 1, kernel);
    dilations = List.copyOf(dilations);
    Check.atLeast("number of dilations", 1, dilations.size());
    dilations.forEach(dilation -> Check.atLeast("dilations", 1, dilation));
    Check.atLeast("columns", 0, columns);
    if (!causal && kernel % 2 == 0) {
      throw new IllegalArgumentException("kernel: expected an odd number (centred), got " + kernel);
    }
    if (columns > 0 && (causal || circular)) {
      throw new IllegalArgumentException(
          "columns: expected 0 (a sequence) for causal or circular convolutions, got " + columns);
    }
  }

  /** Returns causal layers on a sequence padded with zeros, one for each dilation. */
  public static ConvolutionShape causal(int kernel, List<Integer> dilations) {
    return new ConvolutionShape(kernel, dilations, true, false, 0);
  }

  /** Returns centred layers on a sequence padded with zeros, one for each dilation. */
  public static ConvolutionShape centred(int kernel, List<Integer> dilations) {
    return new ConvolutionShape(kernel, dilations, false, false, 0);
  }

  /** Returns centred layers on a grid with zeros around it, of kernel k × k. */
  public static ConvolutionShape grid(int kernel, List<Integer> dilations, int columns) {
    Check.atLeast("columns", 1, columns);
    return new ConvolutionShape(kernel, dilations, false, false, columns);
  }

  /** Returns the dilations 1, 2, 4, …, {@code 2^(depth - 1)}. */
  public static List<Integer> doubling(int depth) {
    Check.atLeast("depth", 1, depth);
    List<Integer> dilations = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      dilations.add(1 << i);
    }
    return dilations;
  }

  /** Returns these layers on a ring. */
  public ConvolutionShape withCircularPadding() {
    return new ConvolutionShape(kernel, dilations, causal, true, columns);
  }

  /** Returns the number of layers. */
  public int depth() {
    return dilations.size();
  }

  /** Returns how many places one place of one layer sees: k, or k² on a grid. */
  public int taps() {
    return columns == 0 ? kernel : kernel * kernel;
  }

  /** Returns how many places before its own an output sees; on a grid, rows or columns. */
  public int back() {
    return dilations.stream().mapToInt(dilation -> origin() * dilation).sum();
  }

  /** Returns how many places after its own an output sees; on a grid, rows or columns. */
  public int forward() {
    return dilations.stream().mapToInt(dilation -> (kernel - 1 - origin()) * dilation).sum();
  }

  private int origin() {
    return causal ? kernel - 1 : (kernel - 1) / 2;
  }

  /**
   * Returns the place that a tap sees, -1 for zeros.
   *
   * @param layer in 0..depth-1
   * @param tap in 0..taps-1; on a grid, row of the kernel times k and column
   * @param place in 0..count-1
   * @param count how many places there are
   */
  public int source(int layer, int tap, int place, int count) {
    int dilation = dilations.get(layer);
    if (columns == 0) {
      int at = place + (tap - origin()) * dilation;
      return circular ? Math.floorMod(at, count) : at < count ? Math.max(at, -1) : -1;
    }
    int row = place / columns + (tap / kernel - origin()) * dilation;
    int column = place % columns + (tap % kernel - origin()) * dilation;
    boolean inside = row >= 0 && column >= 0 && column < columns;
    return inside && row * columns + column < count ? row * columns + column : -1;
  }
}
