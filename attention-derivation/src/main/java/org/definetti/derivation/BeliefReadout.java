package org.definetti.derivation;

import org.definetti.attention.Attention;
import org.definetti.attention.ConceptAttention;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.attention.WeightedAttention;
import org.definetti.kernel.LinearKernel;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LinearGaussianModel;
import org.definetti.latent.finite.FiniteBelief;
import org.ejml.simple.SimpleMatrix;

/**
 * The belief P(z | X) that an attention's output determines, where it determines one.
 *
 * <pre>{@code
 * null token      L = ν (1/w0 − 1),   Σ T = ν out / w0 − ν χ0
 * concepts        P(z_k | X) ∝ p_k exp s_k,   s the evidence of step 1 but for a constant
 * kernel ridge    E[z|X] column j = out(e_j),   Cov_ij = (s(e_i + e_j) − s(e_i) − s(e_j) + s2) / 2
 * }</pre>
 *
 * <ul>
 *   <li>Where: out and w0 are the attention's output and null weight at the empty query; ν, χ0 the
 *       <em>model's</em> prior count and mean, so an attention whose null token weighs something
 *       else reads out a wrong belief, and its divergence from the exact one says how wrong. s(q)
 *       is the predictive variance at q, s2 the model's noise variance, e_j a basis vector.
 *   <li>Nothing else is read: the belief comes from what the attention computed, not from the
 *       tokens. Only for kernel ridge and concepts is the count of tokens taken from the context;
 *       no moment depends on it. The evidence of concepts is known but for a constant, so log P(X)
 *       of that belief means nothing.
 *   <li>Accuracy: with the model's own attention (L, Σ T) to about L · 1e-15 relative; the
 *       covariance to about {@code s2 · 1e-15} absolute, because the polarisation subtracts.
 *   <li>Cost: two calls of the attention with one query; for kernel ridge on keys of width d one
 *       call with d and one with d(d+1)/2 queries.
 *   <li>Source: [derived] (check B2: (out, w0) is a bijection of (L, Σ T); B1).
 * </ul>
 */
public final class BeliefReadout {

  private BeliefReadout() {}

  /**
   * Returns the belief that an attention's output over a context determines.
   *
   * @throws UnsupportedOperationException with the reason if it determines none
   * @throws IllegalArgumentException if what is read out is no belief of the model, for example
   *     because a trained attention's output is no probability vector
   */
  public static <Z> Belief<Z> of(LatentModel<Z> model, Attention attention, Context context) {
    if (attention instanceof WeightedAttention weighted
        && model instanceof ConjugateModel<Z> conjugate
        && !model.tokenSpace().hasQueries()) {
      return fromNullToken(conjugate, weighted, context);
    }
    if (attention instanceof KernelRidgeAttention cme
        && model instanceof LinearGaussianModel<Z> linear
        && linear.isCentred()
        && cme.kernel().equals(new LinearKernel())
        && linear.kernel().equals(new LinearKernel())) {
      return fromKernelRidge(linear, cme, context);
    }
    if (attention instanceof ConceptAttention concepts
        && model instanceof FiniteLatentModel<Z> finite) {
      return FiniteBelief.of(finite, context.length(), concepts.scores(context));
    }
    throw none(model, whyNone(model));
  }

  private static String whyNone(LatentModel<?> model) {
    if (model instanceof ConjugateModel<?> && !model.tokenSpace().hasQueries()) {
      return "it gives no weights, so the number of tokens seen cannot be told from its output";
    }
    if (model instanceof LinearGaussianModel<?> linear) {
      if (!linear.isCentred()) {
        return "the model's prior mean is not zero, and kernel ridge knows nothing of it";
      }
      return "its outputs give at best the posterior mean; only kernel ridge with the linear kernel"
          + " also gives the posterior covariance";
    }
    return "the model declares neither a conjugate family of tokens without keys nor a"
        + " linear-Gaussian map";
  }

  private static <Z> Belief<Z> fromNullToken(
      ConjugateModel<Z> model, WeightedAttention attention, Context context) {
    SimpleMatrix query = model.tokenSpace().emptyQuery();
    SimpleMatrix out = attention.attend(query, context);
    double nullWeight = attention.nullWeight(query, context).get(0, 0);
    if (!(nullWeight > 0)) {
      throw none(
          model,
          "its null token has weight 0 (or there is none), so the number of tokens seen cannot be"
              + " told from its output");
    }
    double prior = model.priorCount();
    double[] priorMean = model.priorMean().getDDRM().data;
    Check.matrix("attention's output", out, 1, priorMean.length);
    SimpleMatrix sum = new SimpleMatrix(1, priorMean.length);
    for (int j = 0; j < priorMean.length; j++) {
      sum.getDDRM().data[j] = prior * (out.get(0, j) / nullWeight - priorMean[j]);
    }
    return model.posterior(prior * (1 / nullWeight - 1), sum);
  }

  private static <Z> Belief<Z> fromKernelRidge(
      LinearGaussianModel<Z> model, KernelRidgeAttention attention, Context context) {
    SimpleMatrix basis = SimpleMatrix.identity(model.tokenSpace().keyWidth());
    SimpleMatrix mean = attention.attend(basis, context).transpose();
    SimpleMatrix covariance = covariance(model, attention, context);
    return model.posterior(context.length(), mean, covariance);
  }

  private static SimpleMatrix covariance(
      LinearGaussianModel<?> model, KernelRidgeAttention attention, Context context) {
    int d = model.tokenSpace().keyWidth();
    double noise = model.noiseVariance();
    SimpleMatrix pairs = pairs(d);
    double[] s = attention.predictiveVariance(pairs, context, noise).getDDRM().data;
    SimpleMatrix covariance = new SimpleMatrix(d, d);
    double[] out = covariance.getDDRM().data;
    for (int i = 0, row = d; i < d; i++) {
      out[i * d + i] = s[i] - noise;
      for (int j = i + 1; j < d; j++, row++) {
        out[i * d + j] = (s[row] - s[i] - s[j] + noise) / 2;
        out[j * d + i] = out[i * d + j];
      }
    }
    return covariance;
  }

  /** Returns the d basis vectors, then the sums of every two of them in order. */
  private static SimpleMatrix pairs(int d) {
    SimpleMatrix pairs = new SimpleMatrix(d + d * (d - 1) / 2, d);
    double[] rows = pairs.getDDRM().data;
    for (int i = 0, row = d; i < d; i++) {
      rows[i * d + i] = 1;
      for (int j = i + 1; j < d; j++, row++) {
        rows[row * d + i] = 1;
        rows[row * d + j] = 1;
      }
    }
    return pairs;
  }

  private static UnsupportedOperationException none(LatentModel<?> model, String reason) {
    return new UnsupportedOperationException(
        "this attention determines no belief about the latent of "
            + model.description().name()
            + ", because "
            + reason);
  }
}
