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
   * Computes out = σ(input) at places {@code from..to-1}.
   *
   * @param input not modified
   * @param out may be the same array. Modified.
   */
  public static void forward(Activation activation, float[] input, float[] out, int from, int to) {
    switch (Objects.requireNonNull(activation, "activation")) {
      case RELU -> {
        for (int i = from; i < to; i++) {
          out[i] = Math.max(input[i], 0f);
        }
      }
      case GELU -> {
        for (int i = from; i < to; i++) {
          out[i] = Gelu.value(input[i]);
        }
      }
    }
  }

  /**
   * Multiplies a gradient of σ(input) by σ'(input) at places {@code from..to-1}.
   *
   * @param input what σ was applied to. Not modified.
   * @param gradient the gradient of σ(input), becomes that of input. Modified.
   */
  public static void backward(
      Activation activation, float[] input, float[] gradient, int from, int to) {
    switch (Objects.requireNonNull(activation, "activation")) {
      case RELU -> {
        for (int i = from; i < to; i++) {
          // All ones where input > 0, which no predictor guesses: without a branch.
          int positive = -Float.floatToRawIntBits(input[i]) >> 31;
          gradient[i] = Float.intBitsToFloat(Float.floatToRawIntBits(gradient[i]) & positive);
        }
      }
      case GELU -> {
        for (int i = from; i < to; i++) {
          gradient[i] *= Gelu.slope(input[i]);
        }
      }
    }
  }
}
