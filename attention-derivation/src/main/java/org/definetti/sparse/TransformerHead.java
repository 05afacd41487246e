package org.definetti.sparse;

import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * The attention head whose capacity is bounded by the norms of its weights (tf-head), and the layer
 * of it (tf-layer).
 *
 * <pre>{@code
 * f(X, z)  = W_Cᵀ σ(W_Vᵀ Xᵀ Norm(X W_K W_Qᵀ z))
 * layer(X) = row τ is f(X, x_τ)
 * }</pre>
 *
 * <ul>
 *   <li>Where: X the tokens, z what is attended from, Norm a {@link Normaliser}, softmax unless
 *       set, σ = relu if {@link #withRelu}, else the identity; W_C the identity unless set.
 *   <li>Shapes: X (n, d), z (1, d), W_Q and W_K (d, h), W_V (d, k), W_C (k, p); result (1, p).
 *   <li>Cost: O(n d (h + k)) for one z; the layer costs O(n² (h + k)) more.
 *   <li>Edge cases: no token is refused.
 *   <li>Source: [recalled: Edelman-2022], with W_QK = W_K W_Qᵀ.
 * </ul>
 *
 * <p>Immutable. It is the plain reference form; the library's other attentions have no σ inside.
 */
public final class TransformerHead {

  private final SimpleMatrix queryMap;
  private final SimpleMatrix keyMap;
  private final SimpleMatrix valueMap;
  private final SimpleMatrix outputMap;
  private final boolean relu;
  private final Normaliser normaliser;

  private TransformerHead(
      SimpleMatrix queryMap,
      SimpleMatrix keyMap,
      SimpleMatrix valueMap,
      SimpleMatrix outputMap,
      boolean relu,
      Normaliser normaliser) {
    this.queryMap = queryMap;
    this.keyMap = keyMap;
    this.valueMap = valueMap;
    this.outputMap = outputMap;
    this.relu = relu;
    this.normaliser = normaliser;
  }

  /**
   * Returns the softmax head with σ and W_C the identity.
   *
   * @param queryMap W_Q, shape (d, h)
   * @param keyMap W_K, shape (d, h)
   * @param valueMap W_V, shape (d, k)
   * @throws ShapeMismatchException if a shape does not fit W_Q
   */
  public static TransformerHead of(
      SimpleMatrix queryMap, SimpleMatrix keyMap, SimpleMatrix valueMap) {
    Check.matrix("queryMap", queryMap, -1, -1);
    Check.matrix("keyMap", keyMap, queryMap.getNumRows(), queryMap.getNumCols());
    Check.matrix("valueMap", valueMap, queryMap.getNumRows(), -1);
    SimpleMatrix identity = SimpleMatrix.identity(valueMap.getNumCols());
    return new TransformerHead(
        queryMap.copy(), keyMap.copy(), valueMap.copy(), identity, false, Normaliser.SOFTMAX);
  }

  /** Returns this head with W_C, shape (k, p). */
  public TransformerHead withOutputMap(SimpleMatrix map) {
    Check.matrix("outputMap", map, valueMap.getNumCols(), -1);
    return new TransformerHead(queryMap, keyMap, valueMap, map.copy(), relu, normaliser);
  }

  /** Returns this head with σ = relu. */
  public TransformerHead withRelu() {
    return new TransformerHead(queryMap, keyMap, valueMap, outputMap, true, normaliser);
  }

  /** Returns this head with another normaliser. */
  public TransformerHead withNormaliser(Normaliser other) {
    return new TransformerHead(queryMap, keyMap, valueMap, outputMap, relu, other);
  }

  /** Returns W_Q, shape (d, h). */
  public SimpleMatrix queryMap() {
    return queryMap;
  }

  /** Returns W_K, shape (d, h). */
  public SimpleMatrix keyMap() {
    return keyMap;
  }

  /** Returns W_V, shape (d, k). */
  public SimpleMatrix valueMap() {
    return valueMap;
  }

  /** Returns W_C, shape (k, p). */
  public SimpleMatrix outputMap() {
    return outputMap;
  }

  /** Returns the normaliser. */
  public Normaliser normaliser() {
    return normaliser;
  }

  /** Returns the direction {@code u = W_K W_Qᵀ z} that scores are read along, shape (d, 1). */
  public SimpleMatrix direction(SimpleMatrix query) {
    Check.matrix("query", query, 1, queryMap.getNumRows());
    return Columns.times(keyMap, Columns.transposedTimes(queryMap, query.transpose()));
  }

  /** Returns the scores {@code X W_K W_Qᵀ z}, shape (1, n). */
  public SimpleMatrix scores(SimpleMatrix tokens, SimpleMatrix query) {
    check(tokens);
    return Columns.times(tokens, direction(query)).transpose();
  }

  /** Returns the attention weights of the tokens, shape (1, n). */
  public SimpleMatrix weights(SimpleMatrix tokens, SimpleMatrix query) {
    double[] scores = scores(tokens, query).getDDRM().data;
    return new SimpleMatrix(1, scores.length, true, normaliser.weights(scores));
  }

  /** Returns {@code f(X, z)}, shape (1, p). */
  public SimpleMatrix attend(SimpleMatrix tokens, SimpleMatrix query) {
    SimpleMatrix average = Columns.times(weights(tokens, query), tokens);
    return output(Columns.times(average, valueMap));
  }

  /** Returns {@code f(X, x_τ)} for every token, shape (n, p). */
  public SimpleMatrix layer(SimpleMatrix tokens) {
    check(tokens);
    int n = tokens.getNumRows();
    SimpleMatrix keys = Columns.times(tokens, keyMap);
    SimpleMatrix queries = Columns.times(tokens, queryMap);
    SimpleMatrix values = Columns.times(tokens, valueMap);
    double[] weights = new double[n * n];
    for (int row = 0; row < n; row++) {
      SimpleMatrix scores = Columns.times(keys, queries.extractVector(true, row).transpose());
      System.arraycopy(normaliser.weights(scores.getDDRM().data), 0, weights, row * n, n);
    }
    return output(Columns.times(new SimpleMatrix(n, n, true, weights), values));
  }

  private void check(SimpleMatrix tokens) {
    Check.matrix("tokens", tokens, -1, queryMap.getNumRows());
    Check.atLeast("tokens", 1, tokens.getNumRows());
  }

  /** Returns {@code W_Cᵀ σ(·)} of rows of averaged values; changes its argument if σ is relu. */
  SimpleMatrix output(SimpleMatrix mixed) {
    double[] numbers = mixed.getDDRM().data;
    for (int i = 0; relu && i < numbers.length; i++) {
      numbers[i] = Math.max(0, numbers[i]);
    }
    return Columns.times(mixed, outputMap);
  }

  @Override
  public String toString() {
    return "TransformerHead["
        + valueMap.getNumRows()
        + " -> "
        + outputMap.getNumCols()
        + ", "
        + normaliser
        + (relu ? ", relu]" : "]");
  }
}
