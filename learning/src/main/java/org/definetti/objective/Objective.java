package org.definetti.objective;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Sample;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * Which question a training sample asks about the L visible tokens of a sequence.
 *
 * <p>Both have the same minimiser of squared error where they ask the same query, the exact
 * predictive mean given the visible tokens; they differ in the noise of the target.
 *
 * <p>Source: [source: Zhang-2022, abstract] for the pair; [derived] for the minimisers (D3, D4).
 */
public enum Objective {

  /**
   * Predict a hidden token: L + 1 tokens are drawn and the last is masked. The query is its key for
   * pairs, else empty; the target is its statistic T(x) for a conjugate model, else its value.
   */
  MASKED {
    @Override
    <Z> void draw(LatentModel<Z> model, Batch batch, int index, RandomGenerator rng) {
      int length = batch.length();
      Tokens tokens = model.sample(length + 1, rng).tokens();
      Tokens hidden = tokens.slice(length, length + 1);
      write(model, tokens.prefix(length), batch, index);
      if (model.tokenSpace().hasQueries()) {
        writeRow(hidden.keys(), batch.queries(), index * batch.widths().key());
      }
      writeRow(shownValues(model, hidden), batch.targets(), index * batch.widths().target());
    }
  },

  /**
   * Predict a label: L tokens are drawn and a label of their latent. The query is the model's label
   * query, the target the label.
   */
  SUPERVISED {
    @Override
    <Z> void draw(LatentModel<Z> model, Batch batch, int index, RandomGenerator rng) {
      Sample<Z> sample = model.sample(batch.length(), rng);
      write(model, sample.tokens(), batch, index);
      writeRow(model.labelQuery(), batch.queries(), index * batch.widths().key());
      double[] label = model.drawLabel(sample.latent(), rng);
      int p = batch.widths().target();
      if (label.length != p) {
        throw new ShapeMismatchException("label: expected width " + p + ", got " + label.length);
      }
      for (int j = 0; j < p; j++) {
        batch.targets()[index * p + j] = (float) label[j];
      }
    }
  };

  /** Draws one sample and writes it; see {@link #fill}. */
  abstract <Z> void draw(LatentModel<Z> model, Batch batch, int index, RandomGenerator rng);

  /**
   * Draws one sample from the model and writes it to place {@code index} of the batch.
   *
   * @param batch of this objective's widths; its length says how many tokens are visible. Modified.
   */
  public void fill(LatentModel<?> model, Batch batch, int index, RandomGenerator rng) {
    draw(model, batch, index, rng);
  }

  /** Returns the widths of the batches that this objective makes from the model. */
  public Widths widths(LatentModel<?> model) {
    TokenSpace space = model.tokenSpace();
    int value =
        model instanceof ConjugateModel<?> conjugate
            ? conjugate.priorMean().getNumCols()
            : space.valueWidth();
    return new Widths(space.keyWidth(), value, this == MASKED ? value : space.valueWidth());
  }

  private static SimpleMatrix shownValues(LatentModel<?> model, Tokens tokens) {
    return model instanceof ConjugateModel<?> conjugate
        ? conjugate.statistic(tokens)
        : tokens.values();
  }

  private static void write(LatentModel<?> model, Tokens tokens, Batch batch, int index) {
    writeColumns(tokens.keys(), batch.keys(), index * batch.length());
    writeColumns(shownValues(model, tokens), batch.values(), index * batch.length());
  }

  private static void writeColumns(SimpleMatrix rows, float[][] columns, int offset) {
    double[] in = rows.getDDRM().data;
    int width = columns.length;
    if (rows.getNumCols() != width) {
      throw new ShapeMismatchException(
          "tokens: expected width " + width + " (as the batch), got " + rows.getNumCols());
    }
    for (int j = 0; j < width; j++) {
      float[] column = columns[j];
      for (int l = 0; l < rows.getNumRows(); l++) {
        column[offset + l] = (float) in[l * width + j];
      }
    }
  }

  private static void writeRow(SimpleMatrix row, float[] out, int offset) {
    double[] in = row.getDDRM().data;
    for (int j = 0; j < row.getNumCols(); j++) {
      out[offset + j] = (float) in[j];
    }
  }
}
