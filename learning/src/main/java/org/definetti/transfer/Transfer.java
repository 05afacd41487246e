package org.definetti.transfer;

import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * What a predictor pretrained on one target is worth for another, when both depend on a latent of
 * finitely many values.
 *
 * <pre>{@code
 * h*(X) = M π_X,   y*(X) = G π_X,   W = GJ (MJ)⁺,   c = (G - W M) 1 / K
 * GJ = W MJ   implies   y* = W h* + c                                        (range condition)
 * E||W ĥ - W h*||² <= κ_task E||ĥ - h*||²   for any predictor ĥ               (amplification)
 * }</pre>
 *
 * <ul>
 *   <li>Where: M the mean of the pretraining target given each latent, G that of the downstream
 *       target, π_X the posterior as a column, J = I - 11ᵀ/K, which forgets a constant. M and G are
 *       always centred together.
 *   <li>Shapes: M (df, K), G (dy, K), W (dy, df), c (dy, 1).
 *   <li>{@link #kappaTask}, {@link #kappaCond} and {@link #kappaEff} are this project's own
 *       definitions [derived].
 *   <li>Rank: singular values of MJ above 1e-12 times the largest of M itself, not of MJ, whose own
 *       size may be rounding.
 *   <li>Accuracy: of W, about cond(MJ) · ||M|| / ||MJ|| · 1e-16, relative.
 *   <li>Cost: two singular value decompositions, O(df K min(df, K)).
 *   <li>Source: [derived] (section 7.4 of the project's notes; claims D5, E6, E7, E8).
 * </ul>
 *
 * <p>Immutable.
 */
public final class Transfer {

  private static final double RANK = 1e-12;
  private static final double READABLE = 1e-9;

  private final SimpleMatrix centred; // MJ (df, K)
  private final SimpleMatrix question; // GJ (dy, K)
  private final Spectrum spectrum; // of MJ
  private final SimpleMatrix readout;
  private final SimpleMatrix offset;
  private final double residual;

  private Transfer(SimpleMatrix pretraining, SimpleMatrix downstream, double size) {
    this.centred = centred(pretraining);
    this.question = centred(downstream);
    this.spectrum = Spectrum.of(centred, RANK * Math.max(size, Spectrum.norm(pretraining)));
    this.readout = question.mult(spectrum.inverse());
    this.offset = rowMeans(downstream.minus(readout.mult(pretraining)));
    double whole = question.normF();
    this.residual =
        whole <= RANK * downstream.normF()
            ? 0
            : question.minus(readout.mult(centred)).normF() / whole;
  }

  /**
   * Returns the pair of these targets.
   *
   * @param pretraining M, shape (df, K)
   * @param downstream G, shape (dy, K)
   * @throws ShapeMismatchException if they differ in the number of latents
   */
  public static Transfer of(SimpleMatrix pretraining, SimpleMatrix downstream) {
    return of(pretraining, downstream, 0);
  }

  /**
   * Returns the pair of these targets.
   *
   * <p>Singular values count as rank against the size of the pretraining target itself, the root of
   * its largest mean square, so that means which are zero but for rounding have none.
   *
   * @throws ShapeMismatchException if they differ in the number of latents
   */
  public static Transfer of(LatentTarget pretraining, LatentTarget downstream) {
    double square = 0;
    for (SimpleMatrix moment : pretraining.secondMoments()) {
      square = Math.max(square, moment.trace());
    }
    return of(pretraining.means(), downstream.means(), Math.sqrt(square));
  }

  private static Transfer of(SimpleMatrix pretraining, SimpleMatrix downstream, double size) {
    Check.matrix("pretraining", pretraining, -1, -1);
    Check.atLeast("pretraining, rows", 1, pretraining.getNumRows());
    Check.atLeast("pretraining, columns", 1, pretraining.getNumCols());
    Check.matrix("downstream", downstream, -1, pretraining.getNumCols());
    Check.atLeast("downstream, rows", 1, downstream.getNumRows());
    return new Transfer(pretraining, downstream, size);
  }

  /** Returns A J: every row of A minus its mean. */
  static SimpleMatrix centred(SimpleMatrix a) {
    SimpleMatrix means = rowMeans(a);
    double[] rows = a.getDDRM().data.clone();
    for (int i = 0; i < rows.length; i++) {
      rows[i] -= means.get(i / a.getNumCols(), 0);
    }
    return new SimpleMatrix(a.getNumRows(), a.getNumCols(), true, rows);
  }

  private static SimpleMatrix rowMeans(SimpleMatrix a) {
    double[] means = new double[a.getNumRows()];
    for (int i = 0; i < means.length; i++) {
      for (int k = 0; k < a.getNumCols(); k++) {
        means[i] += a.get(i, k) / a.getNumCols();
      }
    }
    return new SimpleMatrix(means.length, 1, true, means);
  }

  /** Returns the rank of MJ: how many directions of the posterior pretraining can see. */
  public int rank() {
    return spectrum.rank();
  }

  /** Returns W, shape (dy, df): the readout of least norm. */
  public SimpleMatrix readout() {
    return readout;
  }

  /** Returns c, shape (dy, 1). */
  public SimpleMatrix offset() {
    return offset;
  }

  /**
   * Returns {@code ||GJ - W MJ|| / ||GJ||} in Frobenius norm: 0 if the range condition holds, 1 if
   * pretraining sees nothing of the downstream target. A constant target leaves nothing, 0.
   */
  public double residual() {
    return residual;
  }

  /** Returns whether the range condition holds: a residual of at most 1e-9, which is rounding. */
  public boolean isReadable() {
    return residual <= READABLE;
  }

  /**
   * Returns {@code κ_task = ||GJ (MJ)⁺||²}, the most by which the readout can amplify a squared
   * error, or infinity if the range condition fails.
   */
  public double kappaTask() {
    double norm = Spectrum.norm(readout);
    return isReadable() ? norm * norm : Double.POSITIVE_INFINITY;
  }

  /**
   * Returns {@code κ_cond = (σ_max / σ_min⁺)²} of MJ: the largest κ_task over readable downstream
   * targets with {@code ||GJ|| <= ||MJ||}; infinity at rank 0.
   */
  public double kappaCond() {
    double ratio = spectrum.largest() / spectrum.smallest();
    return rank() == 0 ? Double.POSITIVE_INFINITY : ratio * ratio;
  }

  /**
   * Returns {@code κ_eff = tr(W S Wᵀ) / tr(S)}: by how much the readout amplifies an error of this
   * covariance, never more than {@link #kappaTask}; infinity if the range condition fails.
   *
   * <p>With S the noise of the pretraining target, {@link LatentTarget#noise}, it predicts what
   * least-squares pretraining does; with S the second moments of a predictor's own error it is that
   * predictor's ratio.
   *
   * @param error S, shape (df, df), symmetric and positive semi-definite, not zero
   */
  public double kappaEff(SimpleMatrix error) {
    int width = readout.getNumCols();
    Check.matrix("error", error, width, width);
    Check.positive("error, trace", error.trace());
    return isReadable()
        ? readout.mult(error).mult(readout.transpose()).trace() / error.trace()
        : Double.POSITIVE_INFINITY;
  }

  /**
   * Returns the error direction that the readout amplifies most: W's top right singular vector,
   * shape (df, 1), of norm one.
   */
  public SimpleMatrix worstError() {
    return readout.svd(false).getV().cols(0, 1);
  }

  /**
   * Returns the least variance of an unbiased readout of the downstream target from one observation
   * of the pretraining target.
   *
   * <pre>{@code  tr(GJ ((MJ)ᵀ S⁺ MJ)⁺ (GJ)ᵀ)  }</pre>
   *
   * <p>S is the covariance of the observation, {@link LatentTarget#noise}; it must reach every
   * direction of MJ, as noise of a target with full support does. Infinite if the range condition
   * fails.
   *
   * @param noise S, shape (df, df), symmetric and positive semi-definite
   */
  public double unbiasedVariance(SimpleMatrix noise) {
    checkNoise(noise);
    return isReadable()
        ? question.mult(inverseInformation(noise)).mult(question.transpose()).trace()
        : Double.POSITIVE_INFINITY;
  }

  /**
   * Returns the readout that has the variance {@link #unbiasedVariance}, shape (dy, df).
   *
   * <pre>{@code  R = GJ ((MJ)ᵀ S⁺ MJ)⁺ (MJ)ᵀ S⁺,   R MJ = GJ  }</pre>
   *
   * <p>Unlike {@link #readout} it weighs the coordinates of the target by their noise.
   *
   * @param noise S, shape (df, df), symmetric and positive semi-definite
   * @throws IllegalStateException if the range condition fails
   */
  public SimpleMatrix unbiasedReadout(SimpleMatrix noise) {
    checkNoise(noise);
    if (!isReadable()) {
      throw new IllegalStateException(
          "readout: expected downstream means in the rows of the pretraining means, got residual "
              + residual);
    }
    return question.mult(inverseInformation(noise)).mult(centred.transpose()).mult(inverse(noise));
  }

  private void checkNoise(SimpleMatrix noise) {
    int width = readout.getNumCols();
    Check.matrix("noise", noise, width, width);
  }

  private SimpleMatrix inverseInformation(SimpleMatrix noise) {
    return inverse(centred.transpose().mult(inverse(noise)).mult(centred));
  }

  private static SimpleMatrix inverse(SimpleMatrix symmetric) {
    return Spectrum.of(symmetric, RANK * Spectrum.norm(symmetric)).inverse();
  }

  /** Returns ranks, residual and condition numbers in one line. */
  @Override
  public String toString() {
    return "Transfer[rank "
        + rank()
        + ", residual "
        + residual
        + ", kappa task "
        + kappaTask()
        + ", kappa cond "
        + kappaCond()
        + "]";
  }
}
