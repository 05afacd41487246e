package org.definetti.objective;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LatentRows;
import org.definetti.latent.Sample;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.ejml.data.DMatrixRMaj;
import org.ejml.simple.SimpleMatrix;

/**
 * Which question a training sample asks about the L visible tokens of a sequence.
 *
 * <p>The first two have the same minimiser of squared error where they ask the same query, the
 * exact predictive mean given the visible tokens; they differ in the noise of the target. The third
 * asks for the latent itself, the fourth asks the first question after every prefix.
 *
 * <p>Source: [source: Zhang-2022, abstract] for the pair; [derived] for the minimisers (D3, D4).
 */
public enum Objective {

  /**
   * Predict a hidden token: one more token is drawn and masked. The query is its key for pairs,
   * else empty; the target is its statistic T(x) for a conjugate model, else its value. Which token
   * is hidden does not matter, because the tokens are exchangeable.
   */
  MASKED {
    @Override
    public <Z> Question ask(LatentModel<Z> model, Z latent, RandomGenerator rng) {
      Tokens hidden = model.drawTokens(latent, 1, rng);
      SimpleMatrix query =
          model.tokenSpace().hasQueries() ? hidden.keys() : model.tokenSpace().emptyQuery();
      return new Question(query, shownValues(model, hidden));
    }
  },

  /** Predict a label of the latent. The query is the model's label query, the target the label. */
  SUPERVISED {
    @Override
    public <Z> Question ask(LatentModel<Z> model, Z latent, RandomGenerator rng) {
      double[] label = model.drawLabel(latent, rng);
      return new Question(
          model.labelQuery(), SimpleMatrix.wrap(DMatrixRMaj.wrap(1, label.length, label)));
    }
  },

  /**
   * Say what the latent is. The query is the model's label query, the target the latent's row of
   * numbers ({@link LatentRows}). For the law of the latent, and not its mean alone, train with the
   * loss of a {@link DistributionHead}. The questions of a group are all the same.
   */
  LATENT {
    @Override
    public <Z> Question ask(LatentModel<Z> model, Z latent, RandomGenerator rng) {
      double[] row = LatentRows.of(model).row(latent);
      return new Question(
          model.labelQuery(), SimpleMatrix.wrap(DMatrixRMaj.wrap(1, row.length, row)));
    }
  },

  /**
   * Predict every token from the tokens before it, the first from none.
   *
   * <pre>{@code
   * row t of the targets, t = 0..L   = value of token t+1,   asked after tokens 1..t
   * loss = 1/(L+1) Σ_t loss(out_t, target_t)
   * }</pre>
   *
   * <p>A sample shows L tokens and hides one more, as for {@link #MASKED}, whose question is the
   * last row; the others ask for tokens that are shown, so the layer must answer row t from the
   * first t tokens alone ({@link org.definetti.layer.Layers#atEveryPrefix}). Row 0 is answered from
   * the prior alone. For pairs row t asks with the key of token t+1. Of tokens that are not
   * exchangeable the hidden one is the next.
   *
   * <p>Errors of the exact predictor at different rows are uncorrelated, because each is a
   * martingale difference [derived]; those of a learned one nearly so.
   */
  NEXT_TOKEN {
    @Override
    public <Z> Question ask(LatentModel<Z> model, Z latent, RandomGenerator rng) {
      return MASKED.ask(model, latent, rng);
    }

    @Override
    public int rows(int length) {
      return length + 1;
    }
  };

  /** Draws the question about a sequence whose tokens were drawn from this latent. */
  public abstract <Z> Question ask(LatentModel<Z> model, Z latent, RandomGenerator rng);

  /** Returns the number of target rows of a sample that shows {@code length} tokens. */
  public int rows(int length) {
    return 1;
  }

  /** Returns the objective's name in files and on the command line, in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the objective of this {@link #label}.
   *
   * @throws IllegalArgumentException with the labels there are if this is not one of them
   */
  public static Objective ofLabel(String label) {
    List<String> labels = new ArrayList<>();
    for (Objective objective : values()) {
      if (objective.label().equals(label)) {
        return objective;
      }
      labels.add(objective.label());
    }
    throw new IllegalArgumentException("objective: expected one of " + labels + ", got " + label);
  }

  /**
   * Samples that share one sequence and ask a question each.
   *
   * @param first the first question asked, counted from 0
   * @param count how many are asked, at least 1
   */
  public record Group(int first, int count) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Group {
      Check.atLeast("first", 0, first);
      Check.atLeast("count", 1, count);
    }

    /** Returns the group of the first question alone. */
    public static Group single() {
      return new Group(0, 1);
    }
  }

  /**
   * Draws one sequence and writes the samples of the group to the batch from place {@code index}.
   *
   * <p>Samples of a group show the same tokens and ask independent questions given the latent, so
   * they are correlated: the effective number of samples lies between one and their number. Where
   * most of the loss is noise of the target (long contexts) it is nearly their number, at the cost
   * of drawing one sequence.
   *
   * @param batch of this objective's widths and rows; its length of sample {@code index} says how
   *     many tokens are visible. Modified.
   * @throws ShapeMismatchException if a target is not as wide as the batch's, or rows are too few
   */
  public void fill(LatentModel<?> model, Batch batch, int index, Group group, RandomGenerator rng) {
    draw(model, batch, index, group, rng);
  }

  private <Z> void draw(
      LatentModel<Z> model, Batch batch, int index, Group group, RandomGenerator rng) {
    if (batch.rows() != rows(batch.length())) {
      throw new ShapeMismatchException(
          "batch: expected "
              + rows(batch.length())
              + " target rows ("
              + label()
              + "), got "
              + batch.rows());
    }
    Sample<Z> sample = model.sample(batch.length(index), rng);
    write(model, sample.tokens(), batch, index);
    // Questions before the group's first are drawn too, so that a question is the same in any
    // group.
    for (int i = 0; i < group.first(); i++) {
      ask(model, sample.latent(), rng);
    }
    for (int i = 0; i < group.count(); i++) {
      write(ask(model, sample.latent(), rng), batch, index + i);
      if (i > 0) {
        batch.copyContext(index + i, index);
      }
      writeShown(batch, index + i);
    }
  }

  /** Writes the tokens shown as the targets of the rows before the last. */
  private void writeShown(Batch batch, int index) {
    int p = batch.widths().target();
    int first = index * batch.length();
    for (int t = 0; t < rows(batch.length(index)) - 1; t++) {
      for (int j = 0; j < p; j++) {
        batch.targets()[(index * batch.rows() + t) * p + j] = batch.values(j)[first + t];
      }
    }
  }

  private void write(Question question, Batch batch, int index) {
    int p = batch.widths().target();
    if (question.target().getNumCols() != p) {
      throw new ShapeMismatchException(
          "target: expected width " + p + " (as the batch), got " + question.target().getNumCols());
    }
    writeRow(question.query(), batch.queries(), index * batch.widths().key());
    int row = index * batch.rows() + rows(batch.length(index)) - 1;
    writeRow(question.target(), batch.targets(), row * p);
  }

  /** Returns the widths of the batches that this objective makes from the model. */
  public Widths widths(LatentModel<?> model) {
    TokenSpace space = model.tokenSpace();
    int value =
        model instanceof ConjugateModel<?> conjugate
            ? conjugate.priorMean().getNumCols()
            : space.valueWidth();
    int target =
        switch (this) {
          case MASKED, NEXT_TOKEN -> value;
          case SUPERVISED -> space.valueWidth();
          case LATENT -> LatentRows.of(model).width();
        };
    return new Widths(space.keyWidth(), value, target);
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
