package org.definetti.objective;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Sample;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.ejml.data.DMatrixRMaj;
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
   * pairs, else empty; the target is its statistic T(x) for a conjugate model, else its value. A
   * group of n shows the same L tokens and hides each of n more in turn.
   */
  MASKED {
    @Override
    <Z> void draw(LatentModel<Z> model, Batch batch, int index, Group group, RandomGenerator rng) {
      int length = batch.length();
      Tokens tokens = model.sample(length + group.size(), rng).tokens();
      write(model, tokens.prefix(length), batch, index);
      Tokens hidden = tokens.slice(length + group.from(), length + group.to());
      if (model.tokenSpace().hasQueries()) {
        writeRows(hidden.keys(), batch.queries(), index, batch.widths().key());
      }
      writeRows(shownValues(model, hidden), batch.targets(), index, batch.widths().target());
    }
  },

  /**
   * Predict a label: L tokens are drawn and a label of their latent. The query is the model's label
   * query, the target the label. A group of n has n labels, independent given the latent.
   */
  SUPERVISED {
    @Override
    <Z> void draw(LatentModel<Z> model, Batch batch, int index, Group group, RandomGenerator rng) {
      Sample<Z> sample = model.sample(batch.length(), rng);
      write(model, sample.tokens(), batch, index);
      SimpleMatrix query = model.labelQuery();
      for (int i = 0; i < group.to(); i++) {
        double[] label = model.drawLabel(sample.latent(), rng);
        if (i >= group.from()) {
          int at = index + i - group.from();
          writeRows(query, batch.queries(), at, batch.widths().key());
          writeRows(
              SimpleMatrix.wrap(DMatrixRMaj.wrap(1, label.length, label)),
              batch.targets(),
              at,
              batch.widths().target());
        }
      }
    }
  };

  /**
   * Samples that share one sequence.
   *
   * @param size the number n of samples that share it, at least 1
   * @param from the first of them asked for, from 0
   * @param to one after the last asked for, above {@code from}, at most {@code size}
   */
  public record Group(int size, int from, int to) {

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it is empty or not within the group
     */
    public Group {
      Check.atLeast("from", 0, from);
      Check.atLeast("to", from + 1, to);
      Check.atLeast("size", to, size);
    }

    /** Returns the group of one sample. */
    public static Group single() {
      return new Group(1, 0, 1);
    }
  }

  /** Draws and writes, except that only the first sample gets the context; see {@link #fill}. */
  abstract <Z> void draw(
      LatentModel<Z> model, Batch batch, int index, Group group, RandomGenerator rng);

  /**
   * Draws one sequence and writes its samples {@code group.from() .. group.to() - 1} to the batch
   * from place {@code index}.
   *
   * <p>Samples of a group share their context, so they are correlated: the effective number of
   * samples lies between one and their number. Where most of the loss is noise of the target (long
   * contexts) it is nearly their number, at the cost of drawing one sequence.
   *
   * @param batch of this objective's widths; its length says how many tokens are visible. Modified.
   */
  public void fill(LatentModel<?> model, Batch batch, int index, Group group, RandomGenerator rng) {
    draw(model, batch, index, group, rng);
    for (int i = 1; i < group.to() - group.from(); i++) {
      batch.copyContext(index + i, index);
    }
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

  private static void writeRows(SimpleMatrix rows, float[] out, int index, int width) {
    if (rows.getNumCols() != width) {
      throw new ShapeMismatchException(
          "target: expected width " + width + " (as the batch), got " + rows.getNumCols());
    }
    double[] in = rows.getDDRM().data;
    for (int i = 0; i < rows.getNumElements(); i++) {
      out[index * width + i] = (float) in[i];
    }
  }
}
