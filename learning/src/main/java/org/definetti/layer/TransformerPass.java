package org.definetti.layer;

import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockKernel;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Widths;
import org.jspecify.annotations.Nullable;

/**
 * Forward and backward of a transformer, sample by sample, in memory of one sample: that of the
 * last that went forward.
 */
final class TransformerPass implements Workspace {

  /** Rows that are written side by side. */
  private static final int TOGETHER = 16;

  private static final int NONE = -1;

  final TransformerLayer layer;
  final int size;
  final int length;

  private final TransformerOffsets at;
  private final int d;
  private final int dk;
  private final int p;
  private final int depth;
  private final int queryRows; // 1 with a row for the query, else 0

  private final float[] output; // (batch, outputs, p)
  private final float[] outputGradient; // (batch, outputs, p)
  private final List<BlockKernel> kernels;
  private final @Nullable TokenEmbedding embedding;
  private final @Nullable FinalNorm finalNorm;
  private final float @Nullable [] sinusoids; // (length, d)

  private final float[][] rows; // (depth + 1)(rows, d): before the first block and after each
  private final float[] normed; // (rows, d): after the final norm; without, the last of the above
  private final float[] rowGradients; // (rows, d)
  private final float[] readoutGradient; // (d)

  private boolean prepared;
  private int kept = NONE; // the sample whose activations are there

  /**
   * Makes the memory.
   *
   * @param kernels one for each block, of {@code length} rows and one for the query
   * @param sinusoids positions to add, or null. Not modified.
   */
  TransformerPass(
      TransformerLayer layer,
      int size,
      int length,
      List<BlockKernel> kernels,
      float @Nullable [] sinusoids) {
    this.layer = layer;
    this.size = size;
    this.length = length;
    this.kernels = kernels;
    this.sinusoids = sinusoids;
    this.at = layer.offsets();
    BlockShape block = kernels.get(0).shape();
    Widths widths = layer.widths();
    this.d = block.width();
    this.dk = widths.key();
    this.p = widths.target();
    this.depth = kernels.size();
    this.queryRows = at.queryMap < 0 ? 0 : 1;
    this.embedding =
        at.embeddingMap < 0
            ? null
            : new TokenEmbedding(widths, d, at.embeddingMap, at.embeddingBias);
    this.finalNorm = at.finalGain < 0 ? null : new FinalNorm(block, at.finalGain, at.finalBias);
    int answers = Math.multiplyExact(size, layer.outputs(length) * p);
    int numbers = Math.multiplyExact(kernels.get(0).maxLength(), d);
    output = new float[answers];
    outputGradient = new float[answers];
    rows = new float[depth + 1][numbers];
    normed = finalNorm == null ? rows[depth] : new float[numbers];
    rowGradients = new float[numbers];
    readoutGradient = new float[d];
  }

  @Override
  public float[] output() {
    return output;
  }

  @Override
  public float[] outputGradient() {
    return outputGradient;
  }

  /** Returns how many numbers are held, those of the batch's outputs left out. */
  long memory() {
    long kernelMemory = kernels.stream().mapToLong(BlockKernel::memory).sum();
    return kernelMemory + (depth + 3L) * rowGradients.length;
  }

  /** Whether weights were ever packed. */
  boolean isPrepared() {
    return prepared;
  }

  void prepare(float[] theta) {
    if (embedding != null) {
      embedding.prepare(theta);
    }
    for (int i = 0; i < depth; i++) {
      kernels.get(i).prepare(theta, blockAt(i));
    }
    prepared = true;
    kept = NONE;
  }

  private int blockAt(int i) {
    return at.firstBlock + i * kernels.get(0).shape().parameterCount();
  }

  /**
   * Computes the outputs of samples {@code from} to {@code to} and keeps the last's activations.
   */
  void forward(float[] theta, Batch batch, int from, int to) {
    for (int b = from; b < to; b++) {
      forward(theta, batch, b, b == to - 1);
    }
  }

  private void forward(float[] theta, Batch batch, int b, boolean keep) {
    int tokens = batch.length(b);
    int count = tokens + queryRows;
    embed(theta, batch, b, tokens);
    for (int i = 0; i < depth; i++) {
      BlockKernel kernel = kernels.get(i);
      int first = i == depth - 1 ? firstAnswer(count) : 0;
      if (keep) {
        kernel.forward(rows[i], 0, null, count, first, count, rows[i + 1], 0);
      } else {
        kernel.infer(rows[i], 0, null, count, first, count, rows[i + 1], 0);
      }
    }
    int out = b * layer.outputs(batch.length()) * p;
    for (int r = firstAnswer(count); r < count; r++) {
      if (finalNorm != null) {
        finalNorm.forward(theta, rows[depth], r * d, normed);
      }
      if (at.readoutMap < 0) {
        System.arraycopy(normed, r * d, output, out, p);
      } else {
        SmallMatrix.multiply(theta, at.readoutMap, p, d, normed, r * d, output, out);
        SmallMatrix.add(output, out, p, theta, at.readoutBias, 1f);
      }
      out += p;
    }
    kept = keep ? b : NONE;
  }

  /** The last block computes only the rows that are read out. */
  private int firstAnswer(int count) {
    return queryRows == 0 ? 0 : count - 1;
  }

  private void embed(float[] theta, Batch batch, int b, int tokens) {
    float[] out = rows[0];
    if (embedding == null) {
      readValues(batch, b, tokens, out);
    } else {
      embedding.forward(batch, b, tokens, out);
    }
    if (at.positions >= 0) {
      addTo(out, tokens * d, theta, at.positions);
    } else if (sinusoids != null) {
      addTo(out, tokens * d, sinusoids, 0);
    }
    if (queryRows > 0) {
      SmallMatrix.multiply(theta, at.queryMap, d, dk, batch.queries(), b * dk, out, tokens * d);
      SmallMatrix.add(out, tokens * d, d, theta, at.queryBias, 1f);
    }
  }

  private void readValues(Batch batch, int b, int tokens, float[] out) {
    int first = b * batch.length();
    // A few rows at a time, so that what is written lies in cache lines already there.
    for (int from = 0; from < tokens; from += TOGETHER) {
      int to = Math.min(tokens, from + TOGETHER);
      for (int j = 0; j < d; j++) {
        float[] coordinate = batch.values(j);
        for (int l = from; l < to; l++) {
          out[l * d + j] = coordinate[first + l];
        }
      }
    }
  }

  private static void addTo(float[] out, int count, float[] more, int moreAt) {
    for (int i = 0; i < count; i++) {
      out[i] += more[moreAt + i];
    }
  }

  /** Adds the gradients of samples {@code from} to {@code to}; the last was the last forward. */
  void backward(float[] theta, Batch batch, int from, int to, float[] gradient) {
    for (int b = to - 1; b >= from; b--) {
      if (kept != b) {
        forward(theta, batch, b, true);
      }
      kept = NONE; // a kernel goes back once
      backward(theta, batch, b, gradient);
    }
  }

  private void backward(float[] theta, Batch batch, int b, float[] gradient) {
    int tokens = batch.length(b);
    int count = tokens + queryRows;
    int out = b * layer.outputs(batch.length()) * p;
    for (int r = firstAnswer(count); r < count; r++) {
      answerBackward(theta, r, out, gradient);
      out += p;
    }
    boolean inputs = embedding != null || queryRows > 0 || at.positions >= 0;
    for (int i = depth - 1; i >= 0; i--) {
      float @Nullable [] dx = i > 0 || inputs ? rowGradients : null;
      kernels.get(i).backward(rows[i], 0, rowGradients, 0, dx, 0, gradient, blockAt(i));
    }
    if (embedding != null) {
      embedding.backward(batch, b, tokens, rowGradients, gradient);
    }
    if (at.positions >= 0) {
      SmallMatrix.add(gradient, at.positions, tokens * d, rowGradients, 0, 1f);
    }
    if (queryRows > 0) {
      float[] dz = rowGradients;
      int row = tokens * d;
      SmallMatrix.addOuter(gradient, at.queryMap, d, dk, dz, row, batch.queries(), b * dk, 1f);
      SmallMatrix.add(gradient, at.queryBias, d, dz, row, 1f);
    }
  }

  /** Leaves the gradient of the last block's row r. */
  private void answerBackward(float[] theta, int r, int out, float[] gradient) {
    if (at.readoutMap < 0) {
      System.arraycopy(outputGradient, out, rowGradients, r * d, p);
    } else {
      float[] dout = outputGradient;
      SmallMatrix.addOuter(gradient, at.readoutMap, p, d, dout, out, normed, r * d, 1f);
      SmallMatrix.add(gradient, at.readoutBias, p, dout, out, 1f);
      SmallMatrix.multiplyTransposed(theta, at.readoutMap, p, d, dout, out, readoutGradient);
      System.arraycopy(readoutGradient, 0, rowGradients, r * d, d);
    }
    if (finalNorm != null) {
      finalNorm.backward(theta, rows[depth], r * d, rowGradients, gradient);
    }
  }
}
