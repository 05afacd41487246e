package org.definetti.attention;

import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * Any map of rows between an embedding and a readout, as an attention: convolution, recurrence and
 * sets beside the {@link Transformer}, with the same tokens, query and answers.
 *
 * <pre>{@code
 * row of token l   x_l = W_E [k_l | v_l] + b_E
 * row of a query   z   = W_Z q + b_Z, behind the tokens
 * answer           out = W_R y + c,   y = a row of rows(x_1, …, x_n, z), or the mean of rows(x)
 * }</pre>
 *
 * <table>
 *   <caption>Parameters by name</caption>
 *   <tr><th>name</th><th>symbol</th><th>shape</th><th>there</th></tr>
 *   <tr><td>{@code embedding.map, .bias}</td><td>W_E, b_E</td><td>(d, dk + dv), (1, d)</td>
 *       <td>always</td></tr>
 *   <tr><td>{@code query.embedding.map, .bias}</td><td>W_Z, b_Z</td><td>(d, dk), (1, d)</td>
 *       <td>read out at {@link AnswerPlace#QUERY}</td></tr>
 *   <tr><td>{@code readout.map, .bias}</td><td>W_R, c</td><td>(p, w), (1, p)</td>
 *       <td>always</td></tr>
 * </table>
 *
 * <ul>
 *   <li>Where: w the width of what the map of rows gives. Each query is asked alone.
 *   <li>The order of the context's rows is the order of the sequence, and carries meaning if it
 *       does to the map of rows.
 *   <li>Shapes: queries (m, dk); keys (n, dk), values (n, dv); result (m, p). At every token, the
 *       queries only say by their number for how many tokens from the first.
 *   <li>Edge cases: the mean of no tokens is refused; a log bias other than 0 is refused, since
 *       these networks have no logits.
 *   <li>Cost: that of the map of rows, m times if read out at the query; stateless.
 *   <li>Source: [derived]
 * </ul>
 */
public final class SequenceNetwork implements Attention {

  private final Map<String, SimpleMatrix> parameters;
  private final AnswerPlace answers;
  private final UnaryOperator<SimpleMatrix> rows;

  private SequenceNetwork(
      Map<String, SimpleMatrix> parameters, AnswerPlace answers, UnaryOperator<SimpleMatrix> rows) {
    this.parameters = Map.copyOf(parameters);
    this.answers = Objects.requireNonNull(answers, "answers");
    this.rows = Objects.requireNonNull(rows, "rows");
  }

  /**
   * Returns the network with these parameters, named and shaped as in the table above; others are
   * not read.
   *
   * @param rows from (n, d) to (n, w), {@link ConvolutionStack} for example
   * @throws org.definetti.latent.ShapeMismatchException if a shape does not fit the others
   * @throws IllegalArgumentException if a name is missing or a number is not finite
   */
  public static SequenceNetwork of(
      Map<String, SimpleMatrix> parameters, AnswerPlace answers, UnaryOperator<SimpleMatrix> rows) {
    int width = check(parameters, "embedding", -1);
    if (answers == AnswerPlace.QUERY) {
      check(parameters, "query.embedding", width);
    }
    check(parameters, "readout", -1);
    return new SequenceNetwork(parameters, answers, rows);
  }

  private static int check(Map<String, SimpleMatrix> parameters, String name, int rows) {
    SimpleMatrix map = SoftmaxHead.need(parameters, name + ".map");
    int height = Check.matrix(name + ".map", map, rows, -1).getNumRows();
    Check.matrix(name + ".bias", SoftmaxHead.need(parameters, name + ".bias"), 1, height);
    return height;
  }

  private SimpleMatrix affine(String name, String argument, SimpleMatrix matrix) {
    SimpleMatrix map = SoftmaxHead.need(parameters, name + ".map");
    Shapes.sameWidth(argument, matrix, map.getNumCols(), "the columns of " + name + ".map");
    return Rows.affine(matrix, map, SoftmaxHead.need(parameters, name + ".bias"), x -> x);
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    if (context.length() > 0 && context.logBiases().elementMaxAbs() > 0) {
      throw new IllegalArgumentException(
          "context: expected log biases of 0 (a network without logits), got "
              + context.logBiases().elementMaxAbs());
    }
    SimpleMatrix tokens =
        affine("embedding", "tokens", context.keys().concatColumns(context.values()));
    return affine(
        "readout",
        "rows",
        switch (answers) {
          case QUERY -> atQueries(tokens, affine("query.embedding", "queries", queries));
          case EVERY_TOKEN -> {
            Shapes.positions(queries.getNumRows(), context.length());
            yield rows.apply(tokens).rows(0, queries.getNumRows());
          }
          case MEAN -> {
            Shapes.notEmpty("a mean over tokens", context);
            yield mean(rows.apply(tokens), queries.getNumRows());
          }
        });
  }

  private SimpleMatrix atQueries(SimpleMatrix tokens, SimpleMatrix queries) {
    int n = tokens.getNumRows();
    int width = SoftmaxHead.need(parameters, "readout.map").getNumCols();
    SimpleMatrix out = new SimpleMatrix(queries.getNumRows(), width);
    for (int i = 0; i < queries.getNumRows(); i++) {
      SimpleMatrix all = rows.apply(tokens.concatRows(queries.rows(i, i + 1)));
      Shapes.sameWidth("rows", all, width, "the columns of readout.map");
      Rows.write(all.rows(n, n + 1), out, i);
    }
    return out;
  }

  private static SimpleMatrix mean(SimpleMatrix rows, int count) {
    int n = rows.getNumRows();
    return SimpleMatrix.filled(count, n, 1.0 / n).mult(rows);
  }

  @Override
  public String toString() {
    return "SequenceNetwork[" + rows + ", " + answers + "]";
  }
}
