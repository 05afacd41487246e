package org.definetti.layer;

import java.util.Arrays;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockShape;
import org.definetti.engine.SharedTokenBlock;

/** Forward and backward of a {@link SymbolStringLayer} over all strings of a call at once. */
final class SymbolStringPass extends SampleWorkspace {

  private final SymbolStringLayer layer;
  private final TransformerOffsets at;
  private final int symbols;
  private final int d;
  private final int p;
  private final int keyWidth;
  private final int cls; // its row of the table: token t, symbol w is row t·W + w
  private final SharedTokenBlock block;
  private final FinalNorm finalNorm;

  private final float[][] table; // (T W + 1, d)
  private final float[][] tableGradient; // (T W + 1, d)
  private final int[] tokens; // (strings, L): rows of the table
  private final float[][] rows; // (strings, d): of [CLS] behind the block
  private final float[][] normed; // (strings, d)
  private final float[][] rowGradient; // (strings, d)
  private int first; // of the last forward pass
  private int stringLength;
  private boolean prepared;

  SymbolStringPass(SymbolStringLayer layer, int size, int length) {
    super(layer, size, length);
    this.layer = layer;
    this.at = layer.offsets();
    BlockShape shape = layer.block();
    symbols = layer.widths().value();
    keyWidth = layer.widths().key();
    p = layer.widths().target();
    d = shape.width();
    cls = Math.multiplyExact(length, symbols);
    block = new SharedTokenBlock(shape, cls + 1, size);
    finalNorm = new FinalNorm(shape, at.finalGain, at.finalBias);
    table = new float[cls + 1][d];
    tableGradient = new float[cls + 1][d];
    tokens = new int[tokens()];
    rows = new float[size][d];
    normed = new float[size][d];
    rowGradient = new float[size][d];
  }

  boolean isOf(SymbolStringLayer other) {
    return layer.equals(other);
  }

  void prepare(float[] theta) {
    int columns = keyWidth + symbols;
    for (int t = 0; t < length; t++) {
      for (int w = 0; w < symbols; w++) {
        float[] row = table[t * symbols + w];
        for (int j = 0; j < d; j++) {
          row[j] =
              theta[at.embeddingMap + j * columns + keyWidth + w]
                  + theta[at.embeddingBias + j]
                  + theta[at.positions + t * d + j];
        }
      }
    }
    System.arraycopy(theta, at.queryBias, table[cls], 0, d);
    block.prepare(theta, at.firstBlock, table, cls + 1, cls);
    prepared = true;
  }

  void forward(float[] theta, Batch batch, int from, int to) {
    if (!prepared) {
      throw new IllegalArgumentException(
          "workspace: expected one prepared for the parameters, got one never prepared");
    }
    first = from;
    stringLength = batch.length();
    read(batch, from, to);
    block.forward(table, tokens, to - from, stringLength, rows);
    for (int b = from; b < to; b++) {
      float[] y = normed[b - from];
      finalNorm.forward(theta, rows[b - from], 0, y);
      for (int o = 0; o < p; o++) {
        float sum = theta[at.readoutBias + o];
        for (int j = 0; j < d; j++) {
          sum += theta[at.readoutMap + o * d + j] * y[j];
        }
        output()[b * p + o] = sum;
      }
    }
  }

  private void read(Batch batch, int from, int to) {
    for (int b = from; b < to; b++) {
      for (int t = 0; t < stringLength; t++) {
        int symbol = 0;
        while (symbol < symbols - 1 && batch.values(symbol)[b * stringLength + t] <= 0.5f) {
          symbol++;
        }
        tokens[(b - from) * stringLength + t] = t * symbols + symbol;
      }
    }
  }

  void backward(float[] theta, Batch batch, int from, int to, float[] gradient) {
    for (int b = from; b < to; b++) {
      float[] y = normed[b - from];
      float[] dy = rowGradient[b - from];
      Arrays.fill(dy, 0f);
      for (int o = 0; o < p; o++) {
        float g = outputGradient()[b * p + o];
        gradient[at.readoutBias + o] += g;
        for (int j = 0; j < d; j++) {
          gradient[at.readoutMap + o * d + j] += g * y[j];
          dy[j] += g * theta[at.readoutMap + o * d + j];
        }
      }
      finalNorm.backward(theta, rows[b - from], 0, dy, gradient);
    }
    block.backward(
        tokens, to - from, batch.length(), rowGradient, gradient, at.firstBlock, tableGradient);
    int columns = keyWidth + symbols;
    for (int t = 0; t < length; t++) {
      for (int w = 0; w < symbols; w++) {
        float[] row = tableGradient[t * symbols + w];
        for (int j = 0; j < d; j++) {
          gradient[at.embeddingMap + j * columns + keyWidth + w] += row[j];
          gradient[at.positions + t * d + j] += row[j];
        }
      }
    }
    for (int j = 0; j < d; j++) {
      gradient[at.queryBias + j] += tableGradient[cls][j];
    }
  }

  float[][] weights(int sample) {
    float[][] weights = new float[layer.block().heads()][];
    for (int h = 0; h < weights.length; h++) {
      weights[h] = block.weights(tokens, stringLength, sample - first, h);
    }
    return weights;
  }
}
