package org.definetti.attention;

import java.util.Objects;
import java.util.function.Function;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * Two attention steps that infer which of K concepts made the tokens: gather evidence, then look
 * the answer up in a dictionary.
 *
 * <pre>{@code
 * step 1   s_k = Σ_l c_l ψ_k(x^l),   ψ_k(x) = log P(x | z_k),   c_l = exp(b_l)
 * step 2   out = softmax_k(log p_k + s_k) M(q),   row k of M(q) = E[v | z_k, q]
 * }</pre>
 *
 * <ul>
 *   <li>Step 1 is a null-token head with values ψ divided by its null weight: {@code Σ ψ = ν out /
 *       w0} for a null value of zero and any weight ν. It is computed as the sum that it is, so
 *       that a token which is impossible under a concept (ψ = −∞) removes it. Without the division
 *       the evidence is averaged and misses the factor L; no fixed temperature of step 2 repairs
 *       that.
 *   <li>Step 2 is cross-attention to a {@link ConceptDictionary} at temperature 1.
 *   <li>Shapes: ψ (n, K), M(q) (K, dv); queries (m, dk), keys (n, dk); result (m, dv).
 *   <li>Edge cases: n = 0 gives the prior mean p M(q). Tokens that no concept explains are refused.
 *   <li>Accuracy: sums are compensated, and differences of sums are taken before rounding, so log
 *       odds are off by about L · 1e-16 times one ψ at worst.
 *   <li>Cost: O(n K) evaluations of ψ, then O(m K dv); safe to share if the functions are.
 *   <li>Source: [derived] (check B3).
 * </ul>
 */
public final class ConceptAttention implements Attention {

  private final SimpleMatrix priors;
  private final Function<Context, SimpleMatrix> evidence;
  private final Function<SimpleMatrix, SimpleMatrix> dictionary;
  private final boolean averages;

  private ConceptAttention(
      SimpleMatrix priors,
      Function<Context, SimpleMatrix> evidence,
      Function<SimpleMatrix, SimpleMatrix> dictionary,
      boolean averages) {
    this.priors = priors;
    this.evidence = evidence;
    this.dictionary = dictionary;
    this.averages = averages;
  }

  /**
   * Returns the attention of these concepts.
   *
   * @param priors p, shape (1, K), probabilities
   * @param evidence ψ of every row of a context, shape (n, K), finite or minus infinity
   * @param dictionary M(q) for a query (1, dk), shape (K, dv)
   */
  public static ConceptAttention of(
      SimpleMatrix priors,
      Function<Context, SimpleMatrix> evidence,
      Function<SimpleMatrix, SimpleMatrix> dictionary) {
    return new ConceptAttention(
        Check.probabilities("priors", priors).copy(),
        Objects.requireNonNull(evidence, "evidence"),
        Objects.requireNonNull(dictionary, "dictionary"),
        false);
  }

  /**
   * Returns this attention with the evidence averaged over the copies of tokens instead of summed:
   * one softmax at a fixed temperature on averaged evidence, a control that misses the factor L.
   */
  public ConceptAttention averagingEvidence() {
    return new ConceptAttention(priors, evidence, dictionary, true);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeMismatchException if queries and keys, or the functions' results, do not fit
   * @throws IllegalArgumentException if no concept explains the tokens
   */
  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    SimpleMatrix scores = scores(context);
    SimpleMatrix result = new SimpleMatrix(0, 0);
    for (int i = 0; i < queries.getNumRows(); i++) {
      SimpleMatrix values = dictionary.apply(queries.rows(i, i + 1));
      SimpleMatrix row = new ConceptDictionary(priors, values).attend(scores, 1);
      if (i == 0) {
        result = new SimpleMatrix(queries.getNumRows(), row.getNumCols());
      }
      Shapes.sameWidth("dictionary", row, result.getNumCols(), "that of the first query");
      Rows.write(row, result, i);
    }
    return result;
  }

  /**
   * Returns the posterior probabilities of the concepts, shape (1, K): the weights of step 2.
   *
   * @throws IllegalArgumentException if no concept explains the tokens
   */
  public SimpleMatrix posterior(Context context) {
    return ConceptDictionary.weights(priors, scores(context), 1);
  }

  /**
   * Returns the evidence s less its largest entry among concepts of positive prior, shape (1, K):
   * the dictionary's softmax does not see a constant.
   */
  public SimpleMatrix scores(Context context) {
    int count = priors.getNumCols();
    SimpleMatrix psi = evidence.apply(context);
    if (psi.getNumRows() != context.length() || psi.getNumCols() != count) {
      throw new ShapeMismatchException(
          "evidence: expected shape ("
              + context.length()
              + ", "
              + count
              + "), got ("
              + psi.getNumRows()
              + ", "
              + psi.getNumCols()
              + ")");
    }
    double[] high = new double[count];
    double[] low = new double[count]; // what rounding took from each sum (Neumaier)
    double total = 0;
    for (int l = 0; l < context.length(); l++) {
      double copies = Math.exp(context.logBiases().get(l));
      total += copies;
      for (int k = 0; k < count; k++) {
        add(copies * psi.get(l, k), k, high, low);
      }
    }
    SimpleMatrix scores = lessTheBest(high, low);
    return averages && total > 0 ? scores.divide(total) : scores;
  }

  private static void add(double term, int k, double[] high, double[] low) {
    double sum = high[k] + term;
    if (Double.isFinite(sum)) {
      low[k] +=
          Math.abs(high[k]) >= Math.abs(term) ? (high[k] - sum) + term : (term - sum) + high[k];
    }
    high[k] = sum;
  }

  private SimpleMatrix lessTheBest(double[] high, double[] low) {
    int best = -1;
    for (int k = 0; k < high.length; k++) {
      if (priors.get(k) > 0 && (best < 0 || high[k] + low[k] > high[best] + low[best])) {
        best = k;
      }
    }
    double[] scores = high.clone();
    if (Double.isFinite(high[best])) {
      for (int k = 0; k < scores.length; k++) {
        scores[k] = (high[k] - high[best]) + (low[k] - low[best]);
      }
    }
    return new SimpleMatrix(1, scores.length, true, scores);
  }

  @Override
  public String toString() {
    return "ConceptAttention[" + priors.getNumCols() + " concepts]";
  }
}
