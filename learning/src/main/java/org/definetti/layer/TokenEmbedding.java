package org.definetti.layer;

import java.util.Arrays;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;

/**
 * The linear map of tokens to rows, {@code x_l = W_E [k_l | v_l] + b_E}, with packed weights and
 * the scratch of their gradient.
 *
 * <p>Loops run over the numbers of a row, in separate arrays with one index, which C2 vectorises.
 */
final class TokenEmbedding {

  private final int keyWidth;
  private final int width;
  private final int mapAt;
  private final int biasAt;
  private final float[][] columns; // (dk + dv, d): the columns of W_E
  private final float[] bias; // (d)
  private final float[][] columnGradients; // (dk + dv, d)
  private final float[] biasGradient; // (d)
  private final float[] row; // (d)

  TokenEmbedding(Widths widths, int width, int mapAt, int biasAt) {
    this.keyWidth = widths.key();
    this.width = width;
    this.mapAt = mapAt;
    this.biasAt = biasAt;
    int in = widths.key() + widths.value();
    columns = new float[in][width];
    bias = new float[width];
    columnGradients = new float[in][width];
    biasGradient = new float[width];
    row = new float[width];
  }

  void prepare(float[] theta) {
    for (int j = 0; j < columns.length; j++) {
      for (int o = 0; o < width; o++) {
        columns[j][o] = theta[mapAt + o * columns.length + j];
      }
    }
    System.arraycopy(theta, biasAt, bias, 0, width);
  }

  private float[] inputs(Batch batch, int j) {
    return j < keyWidth ? batch.keys(j) : batch.values(j - keyWidth);
  }

  /**
   * Writes the first {@code count} rows of sample b.
   *
   * @param rows (count, d). Modified.
   */
  void forward(Batch batch, int b, int count, float[] rows) {
    int first = b * batch.length();
    for (int l = 0; l < count; l++) {
      System.arraycopy(bias, 0, row, 0, width);
      for (int j = 0; j < columns.length; j++) {
        addScaled(inputs(batch, j)[first + l], columns[j], row, width);
      }
      System.arraycopy(row, 0, rows, l * width, width);
    }
  }

  /**
   * Adds the gradients of map and bias.
   *
   * @param rowGradients (count, d). Not modified.
   */
  void backward(Batch batch, int b, int count, float[] rowGradients, float[] gradient) {
    int first = b * batch.length();
    for (float[] column : columnGradients) {
      Arrays.fill(column, 0f);
    }
    Arrays.fill(biasGradient, 0f);
    for (int l = 0; l < count; l++) {
      System.arraycopy(rowGradients, l * width, row, 0, width);
      for (int j = 0; j < columns.length; j++) {
        addScaled(inputs(batch, j)[first + l], row, columnGradients[j], width);
      }
      addScaled(1f, row, biasGradient, width);
    }
    for (int o = 0; o < width; o++) {
      for (int j = 0; j < columns.length; j++) {
        gradient[mapAt + o * columns.length + j] += columnGradients[j][o];
      }
      gradient[biasAt + o] += biasGradient[o];
    }
  }

  private static void addScaled(float factor, float[] in, float[] out, int count) {
    for (int o = 0; o < count; o++) {
      out[o] += factor * in[o];
    }
  }
}
