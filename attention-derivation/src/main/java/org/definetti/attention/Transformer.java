package org.definetti.attention;

import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.data.DMatrixRMaj;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A stack of transformer blocks as an attention: the reference form of the trained one.
 *
 * <pre>{@code
 * row of token l   x_l = W_E [k_l | v_l] + b_E + position_l
 * row of a query   z   = W_Z q + b_Z
 * answer           out = W_R norm(row of the query in block_D(… block_1(x_1, …, x_n, z))) + c
 * }</pre>
 *
 * <ul>
 *   <li>A query is a row of its own behind the tokens, without a position; each query is asked
 *       alone, so that queries do not see each other. Log biases are added to the logits of their
 *       tokens in every block; the query's is 0.
 *   <li>At every position instead ({@link #atEveryPosition}): there is no row for a query, row i of
 *       the output is read at token i, and the queries only say by their number for how many
 *       positions from the first.
 *   <li>What is not set is the identity: without an embedding the values are the rows, without a
 *       query embedding the query is its row; without positions, final norm or readout there is
 *       none.
 *   <li>Without positions and causal masks, in the blocks or before them, the order of tokens
 *       carries no meaning.
 *   <li>Shapes: queries (m, dk); keys (n, dk), values (n, dv); W_E (d, dk + dv), W_Z (d, dk), W_R
 *       (p, d); result (m, p).
 *   <li>Edge cases: n = 0 leaves the query alone with itself.
 *   <li>Cost: m times, or at every position once, that of the blocks on n + 1 rows; stateless.
 *   <li>Source: [recalled: transformer encoder; a token of its own to read out].
 * </ul>
 */
public final class Transformer implements Attention {

  private static final double SLOWEST = 10_000;

  private final List<TransformerBlock> blocks;
  private final @Nullable Affine embedding;
  private final @Nullable Affine queryEmbedding;
  private final @Nullable IntFunction<SimpleMatrix> positions;
  private final @Nullable Affine finalNorm; // gain and bias
  private final @Nullable Affine readout;
  private final boolean everyPosition;

  /** A matrix and, unless null, a row to add. */
  private record Affine(SimpleMatrix map, @Nullable SimpleMatrix bias) {

    static Affine of(String name, SimpleMatrix map, SimpleMatrix bias) {
      Check.matrix(name + " map", map, -1, -1);
      Check.matrix(name + " bias", bias, 1, map.getNumRows());
      return new Affine(map.copy(), bias.copy());
    }

    SimpleMatrix transform(String rowsName, SimpleMatrix rows) {
      Shapes.sameWidth(rowsName, rows, map.getNumCols(), "their map");
      return Rows.plusRow(Rows.timesTransposed(rows, map), Objects.requireNonNull(bias));
    }
  }

  private Transformer(
      List<TransformerBlock> blocks,
      @Nullable Affine embedding,
      @Nullable Affine queryEmbedding,
      @Nullable IntFunction<SimpleMatrix> positions,
      @Nullable Affine finalNorm,
      @Nullable Affine readout,
      boolean everyPosition) {
    this.blocks = blocks;
    this.embedding = embedding;
    this.queryEmbedding = queryEmbedding;
    this.positions = positions;
    this.finalNorm = finalNorm;
    this.readout = readout;
    this.everyPosition = everyPosition;
  }

  /**
   * Returns the stack of these blocks, first to last, with nothing before and after them.
   *
   * @throws IllegalArgumentException if there is no block
   * @throws ShapeMismatchException if blocks differ in width
   */
  public static Transformer of(List<TransformerBlock> blocks) {
    List<TransformerBlock> copy = List.copyOf(blocks);
    Check.atLeast("blocks", 1, copy.size());
    for (TransformerBlock block : copy) {
      if (block.width() != copy.get(0).width()) {
        throw new ShapeMismatchException(
            "blocks: expected width " + copy.get(0).width() + ", got " + block.width());
      }
    }
    return new Transformer(copy, null, null, null, null, null, false);
  }

  /** Returns this transformer with W_E, shape (d, dk + dv), and b_E, shape (1, d). */
  public Transformer withEmbedding(SimpleMatrix map, SimpleMatrix bias) {
    Affine affine = Affine.of("embedding", map, bias);
    return new Transformer(
        blocks, affine, queryEmbedding, positions, finalNorm, readout, everyPosition);
  }

  /** Returns this transformer with W_Z, shape (d, dk), and b_Z, shape (1, d). */
  public Transformer withQueryEmbedding(SimpleMatrix map, SimpleMatrix bias) {
    Affine affine = Affine.of("query embedding", map, bias);
    return new Transformer(blocks, embedding, affine, positions, finalNorm, readout, everyPosition);
  }

  /**
   * Returns this transformer with something added to each token's row by its position.
   *
   * @param positions gives for n tokens a matrix of shape (n, d); {@link #sinusoids}, for example
   */
  public Transformer withPositions(IntFunction<SimpleMatrix> positions) {
    Objects.requireNonNull(positions, "positions");
    return new Transformer(
        blocks, embedding, queryEmbedding, positions, finalNorm, readout, everyPosition);
  }

  /**
   * Returns this transformer with a norm after the last block.
   *
   * @param gain shape (1, d)
   * @param bias shape (1, d) for {@link Normalisation#LAYER}, null for {@link Normalisation#RMS}
   */
  public Transformer withFinalNorm(SimpleMatrix gain, @Nullable SimpleMatrix bias) {
    Check.matrix("gain", gain, 1, blocks.get(0).width());
    if (bias != null) {
      Check.matrix("bias", bias, 1, blocks.get(0).width());
    }
    Affine norm = new Affine(gain.copy(), bias == null ? null : bias.copy());
    return new Transformer(
        blocks, embedding, queryEmbedding, positions, norm, readout, everyPosition);
  }

  /** Returns this transformer with W_R, shape (p, d), and c, shape (1, p). */
  public Transformer withReadout(SimpleMatrix map, SimpleMatrix bias) {
    Affine affine = Affine.of("readout", map, bias);
    return new Transformer(
        blocks, embedding, queryEmbedding, positions, finalNorm, affine, everyPosition);
  }

  /** Returns this transformer read out at every token instead of at a query. */
  public Transformer atEveryPosition() {
    return new Transformer(blocks, embedding, queryEmbedding, positions, finalNorm, readout, true);
  }

  /**
   * Returns the sinusoidal positions 0 to {@code count - 1} of width {@code width}.
   *
   * <pre>{@code
   * row t:  sin(t / 10000^(2 i / d)) in column 2 i,  cos(t / 10000^(2 i / d)) in column 2 i + 1
   * }</pre>
   *
   * <p>Source: [recalled: sinusoidal position encoding].
   */
  public static SimpleMatrix sinusoids(int count, int width) {
    DMatrixRMaj out = new DMatrixRMaj(angles(count, width).getDDRM());
    for (int i = 0; i < out.data.length; i++) {
      out.data[i] = i % width % 2 == 0 ? Math.sin(out.data[i]) : Math.cos(out.data[i]);
    }
    return SimpleMatrix.wrap(out);
  }

  /** Returns {@code t / 10000^(2 i / width)} in columns 2 i and 2 i + 1 of row t. */
  static SimpleMatrix angles(int count, int width) {
    DMatrixRMaj out = new DMatrixRMaj(count, width);
    for (int t = 0; t < count; t++) {
      for (int j = 0; j < width; j++) {
        out.data[t * width + j] = t / Math.pow(SLOWEST, (j - j % 2) / (double) width);
      }
    }
    return SimpleMatrix.wrap(out);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeMismatchException naming what does not fit, or if at every position there are more
   *     queries than tokens
   */
  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    SimpleMatrix tokens = tokens(context);
    if (everyPosition) {
      Shapes.positions(queries.getNumRows(), context.length());
      SimpleMatrix rows = stack(tokens, context.logBiases());
      return answer(rows.rows(0, queries.getNumRows()));
    }
    SimpleMatrix asked =
        queryEmbedding == null ? queries : queryEmbedding.transform("queries", queries);
    Shapes.sameWidth("query rows", asked, blocks.get(0).width(), "the blocks");
    SimpleMatrix biases = context.logBiases().concatRows(new SimpleMatrix(1, 1));
    SimpleMatrix rows = new SimpleMatrix(queries.getNumRows(), asked.getNumCols());
    for (int i = 0; i < queries.getNumRows(); i++) {
      SimpleMatrix all = stack(tokens.concatRows(asked.rows(i, i + 1)), biases);
      Rows.write(all.rows(context.length(), context.length() + 1), rows, i);
    }
    return answer(rows);
  }

  private SimpleMatrix tokens(Context context) {
    SimpleMatrix rows = context.values();
    if (embedding != null) {
      rows = embedding.transform("tokens", context.keys().concatColumns(context.values()));
    }
    Shapes.sameWidth("token rows", rows, blocks.get(0).width(), "the blocks");
    if (positions == null) {
      return rows;
    }
    SimpleMatrix shift = positions.apply(context.length());
    return rows.plus(Check.matrix("positions", shift, rows.getNumRows(), rows.getNumCols()));
  }

  private SimpleMatrix stack(SimpleMatrix rows, SimpleMatrix biases) {
    SimpleMatrix current = rows;
    for (TransformerBlock block : blocks) {
      current = block.transform(current, biases);
    }
    return current;
  }

  private SimpleMatrix answer(SimpleMatrix rows) {
    SimpleMatrix normed = rows;
    if (finalNorm != null) {
      Normalisation norm = finalNorm.bias() == null ? Normalisation.RMS : Normalisation.LAYER;
      normed = norm.normalise(rows, finalNorm.map(), finalNorm.bias());
    }
    return readout == null ? normed : readout.transform("rows", normed);
  }

  @Override
  public String toString() {
    return "Transformer["
        + blocks.size()
        + " × "
        + blocks.get(0)
        + (positions == null ? "" : ", positions")
        + (everyPosition ? ", at every position" : "")
        + "]";
  }
}
