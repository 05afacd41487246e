package org.definetti.symmetry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * A network of convolutions over the tokens: local, and the same at every place.
 *
 * <pre>{@code
 * y_i = tanh( Σ_t x_(i + (t - o) s) W_t ),   t = 0 … k - 1     one layer of dilation s
 * centred   o = (k - 1) / 2                  causal   o = k - 1
 * }</pre>
 *
 * <ul>
 *   <li>Reach: {@code Σ_l s_l (k - 1) / 2} tokens to either side if centred; {@code Σ_l s_l (k -
 *       1)} back and none forward if causal. Beyond it a token has no influence at all, not a small
 *       one.
 *   <li>Padding: zeros beyond the ends, or circular, where place 0 follows place n - 1. Only the
 *       circular network commutes with cyclic shifts; the other does in the interior.
 *   <li>Knowledge is ignored. Weights are normal with variance 1 / (k d), so that signals neither
 *       die nor saturate.
 *   <li>Cost: O(n k d²) a layer.
 *   <li>Source: [derived] (check S17); the temporal network after locuslab/TCN, without its skips
 *       and normalisation, which change no reach.
 * </ul>
 */
public final class ConvolutionNetwork implements SequenceFunction {

  private final List<Layer> layers;
  private final boolean circular;

  /**
   * One layer.
   *
   * @param taps W_t, each (d, d)
   * @param origin o, the tap that looks at the place itself
   */
  private record Layer(List<SimpleMatrix> taps, int dilation, int origin) {

    int back() {
      return origin * dilation;
    }

    int forward() {
      return (taps.size() - 1 - origin) * dilation;
    }
  }

  private ConvolutionNetwork(List<Layer> layers, boolean circular) {
    this.layers = List.copyOf(layers);
    this.circular = circular;
  }

  /**
   * Draws a network that sees both sides, padded with zeros.
   *
   * @param width d, at least 1
   * @param kernel k, odd
   * @param dilations s, one a layer, each at least 1
   */
  public static ConvolutionNetwork centred(
      int width, int kernel, List<Integer> dilations, RandomGenerator rng) {
    if (kernel < 1 || kernel % 2 == 0) {
      throw new IllegalArgumentException("kernel: expected an odd number, got " + kernel);
    }
    return draw(width, dilations, kernel, (kernel - 1) / 2, rng);
  }

  /**
   * Draws a network that sees a place and what is before it, padded with zeros.
   *
   * @param width d, at least 1
   * @param kernel k, at least 1
   * @param dilations s, one a layer, each at least 1
   */
  public static ConvolutionNetwork causal(
      int width, int kernel, List<Integer> dilations, RandomGenerator rng) {
    Check.atLeast("kernel", 1, kernel);
    return draw(width, dilations, kernel, kernel - 1, rng);
  }

  /**
   * Draws a temporal convolutional network: two causal layers a level, of dilation {@code 2^level}.
   *
   * <pre>{@code  field = 1 + 2 (k - 1) (2^levels - 1)  }</pre>
   *
   * @param levels at least 1
   */
  public static ConvolutionNetwork temporal(
      int width, int kernel, int levels, RandomGenerator rng) {
    Check.atLeast("levels", 1, levels);
    List<Integer> dilations = new ArrayList<>();
    for (int level = 0; level < levels; level++) {
      dilations.addAll(Collections.nCopies(2, 1 << level));
    }
    return causal(width, kernel, dilations, rng);
  }

  private static ConvolutionNetwork draw(
      int width, List<Integer> dilations, int kernel, int origin, RandomGenerator rng) {
    Check.atLeast("width", 1, width);
    Check.atLeast("number of dilations", 1, dilations.size());
    double scale = 1 / Math.sqrt(kernel * width);
    List<Layer> layers = new ArrayList<>();
    for (int dilation : dilations) {
      Check.atLeast("dilations", 1, dilation);
      List<SimpleMatrix> taps = new ArrayList<>();
      for (int t = 0; t < kernel; t++) {
        double[] weight = new double[width * width];
        Normal.fill(weight, 0, weight.length, rng);
        taps.add(new SimpleMatrix(width, width, true, weight).scale(scale));
      }
      layers.add(new Layer(List.copyOf(taps), dilation, origin));
    }
    return new ConvolutionNetwork(layers, false);
  }

  /** Returns this network around the end: place 0 follows place n - 1. */
  public ConvolutionNetwork withCircularPadding() {
    return new ConvolutionNetwork(layers, true);
  }

  /** Returns how many tokens before its own an output can see. */
  public int back() {
    return layers.stream().mapToInt(Layer::back).sum();
  }

  /** Returns how many tokens after its own an output can see. */
  public int forward() {
    return layers.stream().mapToInt(Layer::forward).sum();
  }

  /** Returns the size of the receptive field, its own token included. */
  public int field() {
    return back() + 1 + forward();
  }

  @Override
  public SimpleMatrix transform(SimpleMatrix tokens, SimpleMatrix knowledge) {
    int d = layers.get(0).taps().get(0).getNumRows();
    SimpleMatrix rows = Check.matrix("tokens", tokens, -1, d);
    for (Layer layer : layers) {
      rows = layer(layer, rows);
    }
    return rows;
  }

  private SimpleMatrix layer(Layer layer, SimpleMatrix rows) {
    int n = rows.getNumRows();
    SimpleMatrix sum = new SimpleMatrix(n, rows.getNumCols());
    for (int t = 0; t < layer.taps().size(); t++) {
      int step = (t - layer.origin()) * layer.dilation();
      sum = sum.plus(moved(rows, step).mult(layer.taps().get(t)));
    }
    double[] out = sum.getDDRM().data.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.tanh(out[i]);
    }
    return new SimpleMatrix(n, rows.getNumCols(), true, out);
  }

  /** Returns the rows whose row i is row {@code i + step}, or zeros beyond the ends. */
  private SimpleMatrix moved(SimpleMatrix rows, int step) {
    int n = rows.getNumRows();
    int d = rows.getNumCols();
    double[] moved = new double[n * d];
    for (int i = 0; i < n; i++) {
      int from = circular ? Math.floorMod(i + step, n) : i + step;
      if (from >= 0 && from < n) {
        System.arraycopy(rows.getDDRM().data, from * d, moved, i * d, d);
      }
    }
    return new SimpleMatrix(n, d, true, moved);
  }
}
