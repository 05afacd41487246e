package org.definetti.lab.claims;

import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.latent.regression.LinearRegression;
import org.ejml.simple.SimpleMatrix;

/**
 * Ridge regression of values on keys by a few steps of gradient descent from zero, what linear
 * attention does in as many layers.
 *
 * <pre>{@code
 * w_0 = 0,   w_{t+1} = w_t + η (VᵀK - w_t S),   S = KᵀK + λ I,   answer w_k q
 * ŵ - w_k = ŵ (I - η S)^k,   ŵ = VᵀK S⁻¹ the posterior mean
 * η = d / (L + d - 1 + λ d)
 * }</pre>
 *
 * <ul>
 *   <li>Where: λ the ratio of noise to prior variance, d the key width, L the number of tokens.
 *   <li>With keys uniform on the sphere I - η S has entries of order 1/√L, so the squared gap to
 *       the posterior mean falls as L^-k. For k = 1 the rate is that of the best linear attention
 *       ({@link BestLinearHead}).
 *   <li>Cost: O(k d L p) for p values a token; stateless.
 *   <li>Source: linear attention as one step [source: von Oswald-2023, arXiv 2212.07677]; the rate
 *       [derived].
 * </ul>
 */
record RidgeDescent(LinearRegression model, int steps) implements Attention {

  /** Returns η at a length. */
  static double rate(LinearRegression model, int length) {
    double width = model.tokenSpace().keyWidth();
    return width / (length + width - 1 + ridge(model) * width);
  }

  /** Returns λ. */
  static double ridge(LinearRegression model) {
    return model.noiseVariance() / model.priorVariance();
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    SimpleMatrix keys = context.keys();
    double rate = rate(model, context.length());
    SimpleMatrix map = new SimpleMatrix(context.values().getNumCols(), keys.getNumCols());
    for (int step = 0; step < steps; step++) {
      SimpleMatrix residuals = context.values().minus(keys.mult(map.transpose()));
      SimpleMatrix gradient = residuals.transpose().mult(keys).minus(map.scale(ridge(model)));
      map = map.plus(gradient.scale(rate));
    }
    return queries.mult(map.transpose());
  }
}
