package org.definetti.layer;

import java.util.List;
import java.util.Map;
import org.definetti.attention.Attention;
import org.definetti.attention.ReadoutAttention;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * The last map of a layer, {@code out = W_O s + c}, or the identity, which has no parameters.
 *
 * <p>W_O (p, e) is {@code readout.map}, c (1, p) {@code readout.bias}.
 */
final class Readout {

  private static final String MAP = "readout.map";
  private static final String BIAS = "readout.bias";

  private static final float SPREAD = 0.1f; // of what is drawn around the identity

  private final int target; // p
  private final int width; // e
  private final int map; // -1: identity
  private final int bias;

  /** Finds the parameters of a layer whose last map is from {@code width} numbers. */
  Readout(SampleLayer layer, int width) {
    this.target = layer.widths().target();
    this.width = width;
    this.map = layer.offset(MAP);
    this.bias = layer.offset(BIAS);
  }

  /** Returns the shapes of its parameters. */
  static List<ParameterShape> shapes(Widths widths, int width, boolean identity) {
    return identity
        ? List.of()
        : List.of(
            new ParameterShape(MAP, widths.target(), width),
            new ParameterShape(BIAS, 1, widths.target()));
  }

  /** Returns the widths if values can pass unchanged, else throws. */
  static Widths requireIdentity(Widths widths) {
    if (widths.value() != widths.target()) {
      throw new ShapeMismatchException(
          "widths: expected equal value and target width (identity values), got " + widths);
    }
    return widths;
  }

  /** Returns the attention with the readout behind it. */
  static Attention toAttention(Map<String, SimpleMatrix> parameters, Attention inner) {
    SimpleMatrix map = parameters.get(MAP);
    SimpleMatrix bias = parameters.get(BIAS);
    return map == null || bias == null ? inner : new ReadoutAttention(map, bias, inner);
  }

  /** Shrinks a drawn W_O and adds the identity, as far as the shape has a diagonal. */
  void nearIdentity(float[] theta) {
    for (int i = 0; map >= 0 && i < target * width; i++) {
      theta[map + i] = SPREAD * theta[map + i] + (i / width == i % width ? 1f : 0f);
    }
  }

  /** Writes the output of one sample. */
  void forward(float[] theta, float[] s, int at, float[] output, int outputAt) {
    if (map < 0) {
      System.arraycopy(s, at, output, outputAt, width);
      return;
    }
    SmallMatrix.multiply(theta, map, target, width, s, at, output, outputAt);
    SmallMatrix.add(output, outputAt, target, theta, bias, 1f);
  }

  /**
   * Adds the gradients of W_O and c.
   *
   * @param sGradient receives the gradient of s. Modified.
   */
  void backward(
      float[] theta,
      float[] s,
      int at,
      float[] outputGradient,
      int outputAt,
      float[] gradient,
      float[] sGradient) {
    if (map < 0) {
      System.arraycopy(outputGradient, outputAt, sGradient, 0, width);
      return;
    }
    SmallMatrix.addOuter(gradient, map, target, width, outputGradient, outputAt, s, at, 1f);
    SmallMatrix.add(gradient, bias, target, outputGradient, outputAt, 1f);
    SmallMatrix.multiplyTransposed(theta, map, target, width, outputGradient, outputAt, sGradient);
  }
}
