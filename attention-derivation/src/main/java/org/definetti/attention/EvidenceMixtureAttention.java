package org.definetti.attention;

import java.util.List;
import org.definetti.latent.Check;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * Kernel-ridge heads mixed by how well each explains the context: attention when the kernel itself
 * is uncertain.
 *
 * <pre>{@code
 * P(c | X) = softmax_c(log p_c + log N(V; 0, s2 (κ_c(K, K) / λ_c + I) per column))
 * out      = Σ_c P(c | X) · kernel-ridge attention of head c
 * }</pre>
 *
 * <ul>
 *   <li>Where: p_c prior of head c, λ_c its ridge, s2 noise variance of a value, common to all.
 *   <li>Shapes: queries (m, dk); keys (n, dk), values (n, dv); result (m, dv).
 *   <li>Edge cases: n = 0 gives the prior mean, zero. Log biases count as copies in the heads, and
 *       a context with log biases other than zero is refused: its evidence is not defined.
 *   <li>Cost: O(n³) a head, or O(n p²) with p features below n; stateless.
 *   <li>Source: [derived] (check B5 iii).
 * </ul>
 *
 * @param heads at least one
 * @param priors p, shape (1, heads), probabilities
 * @param noiseVariance s2, finite and above zero
 */
public record EvidenceMixtureAttention(
    List<KernelRidgeAttention> heads, SimpleMatrix priors, double noiseVariance)
    implements Attention {

  /**
   * Copies the list and checks the rest.
   *
   * @throws ShapeMismatchException if there is not one probability a head
   * @throws IllegalArgumentException if there is no head, or a number is out of range
   */
  public EvidenceMixtureAttention {
    heads = List.copyOf(heads);
    Check.atLeast("heads", 1, heads.size());
    Check.probabilities("priors", priors);
    Check.matrix("priors", priors, 1, heads.size());
    Check.positive("noiseVariance", noiseVariance);
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    SimpleMatrix posterior = posterior(context);
    SimpleMatrix out = new SimpleMatrix(queries.getNumRows(), context.values().getNumCols());
    for (int c = 0; c < heads.size(); c++) {
      out = out.plus(posterior.get(c), heads.get(c).attend(queries, context));
    }
    return out;
  }

  /**
   * Returns P(c | X), shape (1, heads).
   *
   * @throws IllegalArgumentException if a log bias is not zero
   */
  public SimpleMatrix posterior(Context context) {
    double[] logs = new double[heads.size()];
    for (int c = 0; c < logs.length; c++) {
      logs[c] = Math.log(priors.get(c)) + heads.get(c).logEvidence(context, noiseVariance);
    }
    return new SimpleMatrix(1, logs.length, true, LogSumExp.softmax(logs));
  }
}
