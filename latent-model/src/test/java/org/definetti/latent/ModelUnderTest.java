package org.definetti.latent;

import org.ejml.simple.SimpleMatrix;

/**
 * The model that a contract tests, and how closely it is looked at.
 *
 * <p>Questions that a belief or a predictive answers with {@link UnsupportedOperationException} are
 * skipped. All seeds are fixed, so a result never changes by itself.
 *
 * @param <Z> the type of the latent
 */
public interface ModelUnderTest<Z> {

  /** Returns the model that is tested. */
  LatentModel<Z> model();

  /** Returns the tolerance of identities, relative to max(1, largest magnitude). */
  default double tolerance() {
    return 1e-10;
  }

  /** Returns the number of sequences of Monte Carlo comparisons over sequences. */
  default int sequences() {
    return 20_000;
  }

  /** Returns the number of draws of Monte Carlo comparisons of one belief. */
  default int draws() {
    return 20_000;
  }

  /**
   * Returns z written as one vector, row by row, as {@link Belief#covariance} orders it: for a
   * finite latent that is no real number, array or matrix the indicator of its index.
   */
  default double[] vector(Z latent) {
    if (latent instanceof SimpleMatrix matrix) {
      return matrix.getDDRM().data;
    }
    if (latent instanceof double[] array) {
      return array;
    }
    if (model() instanceof FiniteLatentModel<Z> finite && !(latent instanceof Double)) {
      double[] indicator = new double[finite.latents().size()];
      indicator[finite.latents().indexOf(latent)] = 1;
      return indicator;
    }
    if (latent instanceof Number number) {
      return new double[] {number.doubleValue()};
    }
    throw new UnsupportedOperationException("this latent is not written as a vector");
  }
}
