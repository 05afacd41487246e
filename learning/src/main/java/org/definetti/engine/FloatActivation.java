package org.definetti.engine;

import java.util.Objects;
import org.definetti.attention.Activation;

/**
 * An activation and its derivative in float32: the fast form of {@link Activation}.
 *
 * <p>ReLU is max(x, 0), with derivative 1 for x above zero, else 0; for GELU see {@link Gelu}.
 * Allocates nothing.
 */
public final class FloatActivation {

  private FloatActivation() {}

  /**
   * Computes out = σ(in) at places {@code from..to-1}.
   *
   * @param in not modified
   * @param out may be the same array. Modified.
   */
  public static void forward(Activation activation, float[] in, float[] out, int from, int to) {
    switch (Objects.requireNonNull(activation, "activation")) {
      case RELU -> {
        for (int i = from; i < to; i++) {
          out[i] = Math.max(in[i], 0f);
        }
      }
      case GELU -> {
        for (int i = from; i < to; i++) {
          out[i] = Gelu.value(in[i]);
        }
      }
    }
  }

  /**
   * Multiplies a gradient of σ(in) by σ'(in) at places {@code from..to-1}.
   *
   * @param in what σ was applied to. Not modified.
   * @param gradient the gradient of σ(in), becomes that of in. Modified.
   */
  public static void backward(
      Activation activation, float[] in, float[] gradient, int from, int to) {
    switch (Objects.requireNonNull(activation, "activation")) {
      case RELU -> {
        for (int i = from; i < to; i++) {
          // All ones where in > 0, which no predictor guesses: without a branch.
          int positive = -Float.floatToRawIntBits(in[i]) >> 31;
          gradient[i] = Float.intBitsToFloat(Float.floatToRawIntBits(gradient[i]) & positive);
        }
      }
      case GELU -> {
        for (int i = from; i < to; i++) {
          gradient[i] *= Gelu.slope(in[i]);
        }
      }
    }
  }
}
