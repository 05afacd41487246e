package org.definetti.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.definetti.attention.Activation;
import org.definetti.engine.FloatActivation;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.TokenRows;

/**
 * Layers that map what each place sees by the same weights: convolutions and equivariant deep sets.
 *
 * <pre>{@code  y_i = σ(W seen_i + b) [+ x_i]  }</pre>
 *
 * <p>What is seen is written out, so that the map is one product over all places, and again in the
 * backward pass instead of being kept.
 */
final class UnfoldedStack implements RowMixer {

  private final Unfold unfold;
  private final Activation activation;
  private final boolean residual;
  private final int at; // of the first layer's map
  private final int d;
  private final float[][][] inputs; // (depth + 1)(d)(places + 1): before the first and after each
  private final float[][][] sums; // (depth)(d)(places): before the activation
  private final float[][] seen; // (taps d)(places + 1)
  private final float[][] slopes; // (d)(places)
  private final float[][] block; // (block + 1)(taps d)

  UnfoldedStack(
      Unfold unfold,
      Activation activation,
      boolean residual,
      int at,
      int width,
      int depth,
      int places) {
    this.unfold = unfold;
    this.activation = activation;
    this.residual = residual;
    this.at = at;
    this.d = width;
    inputs = new float[depth + 1][][];
    for (int r = 1; r <= depth; r++) {
      inputs[r] = new float[width][places + 1];
    }
    sums = new float[depth][width][places];
    seen = new float[unfold.taps() * width][places + 1];
    slopes = new float[width][places];
    block = new float[TokenRows.BLOCK + 1][unfold.taps() * width];
  }

  /** Returns the shapes of its parameters. */
  static List<ParameterShape> shapes(int depth, int width, int taps) {
    List<ParameterShape> list = new ArrayList<>();
    for (int r = 0; r < depth; r++) {
      SequenceLayer.addAffine(list, "layer." + r, width, taps * width);
    }
    return list;
  }

  /** Returns how many numbers it holds for each place. */
  static long numbers(int depth, int width, int taps) {
    return width * (2L * depth + taps + 1);
  }

  private int map(int layer) {
    return at + layer * d * (seen.length + 1);
  }

  private int bias(int layer) {
    return map(layer) + d * seen.length;
  }

  @Override
  public float[][] forward(float[] theta, Places places, float[][] rows) {
    int total = places.total();
    inputs[0] = rows;
    for (int r = 0; r < sums.length; r++) {
      unfold.unfold(r, places, inputs[r], seen);
      TokenRows.map(theta, map(r), bias(r), d, seen, 0, total, sums[r]);
      for (int j = 0; j < d; j++) {
        FloatActivation.forward(activation, sums[r][j], inputs[r + 1][j], 0, total);
        if (residual) {
          add(inputs[r][j], inputs[r + 1][j], total);
        }
      }
    }
    return inputs[sums.length];
  }

  @Override
  public float[][] backward(
      float[] theta, Places places, float[][] rows, float[][] outGradient, float[] gradient) {
    int total = places.total();
    for (int r = sums.length - 1; r >= 0; r--) {
      for (int j = 0; j < d; j++) {
        System.arraycopy(outGradient[j], 0, slopes[j], 0, total);
        FloatActivation.backward(activation, sums[r][j], slopes[j], 0, total);
        if (!residual) {
          Arrays.fill(outGradient[j], 0, total, 0f);
        }
      }
      unfold.unfold(r, places, inputs[r], seen);
      TokenRows.addGradient(gradient, map(r), bias(r), d, slopes, seen, 0, total, block);
      // What was seen is not needed any more.
      TokenRows.mapTransposed(theta, map(r), d, slopes, 0, total, seen);
      unfold.fold(r, places, seen, outGradient);
    }
    return outGradient;
  }

  private static void add(float[] more, float[] sum, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] += more[i];
    }
  }
}
