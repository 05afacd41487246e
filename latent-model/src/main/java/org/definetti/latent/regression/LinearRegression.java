package org.definetti.latent.regression;

import java.util.random.RandomGenerator;
import org.definetti.kernel.Kernel;
import org.definetti.kernel.LinearKernel;
import org.definetti.kernel.WeightedLinearKernel;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Cholesky;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.LinearGaussianModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Linear regression in context (M5, {@code linear-regression}): values are a linear map of keys
 * plus noise, and the map is the latent.
 *
 * <pre>{@code
 * rows of z ~ N(0, t2 I),   v = z k + ε,   ε ~ N(0, s2 I),   λ = s2 / t2,   S = KᵀK + λ I
 * rows of z | X ~ N(row of z̄, s2 S⁻¹),   z̄ = VᵀK S⁻¹
 * v | q, X ~ N(z̄ q, s2 (1 + qᵀ S⁻¹ q) I)
 * }</pre>
 *
 * <p>With another prior, rows of z ~ N(row of Z0, C): {@code S = KᵀK + s2 C⁻¹} and {@code z̄ = (VᵀK
 * + s2 Z0 C⁻¹) S⁻¹}, which is kernel ridge of V - K Z0ᵀ with kernel kᵀ C k' and ridge s2.
 *
 * <ul>
 *   <li>Where: K (L, dk) keys, V (L, dv) values, t2 prior variance, s2 noise variance, λ the ridge,
 *       Z0 (dv, dk) prior mean, C (dk, dk) prior covariance of a row (t2 = 1 then).
 *   <li>Shapes: latent (dv, dk); a query (1, dk).
 *   <li>Keys do not depend on z. Evidence is that of the values given the keys.
 *   <li>Label: y = z q + N(0, label variance · I) at the fixed {@link #labelQuery} q; the noise
 *       variance unless set.
 *   <li>Cost: a belief observes one token in O(dk (dk + dv)), so all prefixes of a sequence cost
 *       one pass.
 *   <li>Accuracy: the factor of S is updated by rotations and S itself is never formed, so the
 *       mean's relative error is about sqrt(cond S) · L · 1e-16 at worst.
 *   <li>Source: posterior [source: Zhang-2023, sec 4.1]; covariance and the ridge as a ratio of
 *       variances [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class LinearRegression implements LinearGaussianModel<SimpleMatrix> {

  private final PairTokens space;
  private final double priorVariance;
  private final double noiseVariance;
  private final KeyLaw keyLaw;
  private final double labelVariance;
  private final SimpleMatrix priorMean; // Z0
  private final @Nullable RowPrior rowPrior; // null if the rows have covariance t2 I

  private LinearRegression(
      PairTokens space,
      double priorVariance,
      double noiseVariance,
      KeyLaw keyLaw,
      double labelVariance,
      SimpleMatrix priorMean,
      @Nullable RowPrior rowPrior) {
    this.space = space;
    this.priorVariance = priorVariance;
    this.noiseVariance = noiseVariance;
    this.keyLaw = keyLaw;
    this.labelVariance = labelVariance;
    this.priorMean = priorMean;
    this.rowPrior = rowPrior;
  }

  /** C, its factor C = G Gᵀ, and the least-squares problem s2 |G⁻¹ z|² that stands for it. */
  private record RowPrior(SimpleMatrix covariance, Cholesky factor, LeastSquares problem) {

    static RowPrior of(SimpleMatrix covariance, SimpleMatrix mean, double noiseVariance) {
      Cholesky factor = Cholesky.of("covariance", covariance);
      LeastSquares problem = LeastSquares.ofMoments(mean, covariance, noiseVariance);
      return new RowPrior(covariance, factor, problem);
    }
  }

  /**
   * Returns the model with keys uniform on the unit sphere and labels as noisy as values.
   *
   * @param keyWidth dk, at least 1
   * @param valueWidth dv, at least 1
   * @param priorVariance t2, finite and above zero
   * @param noiseVariance s2, finite and above zero
   * @throws IllegalArgumentException if one is out of range, or the ridge s2 / t2 is not finite and
   *     above zero
   */
  public static LinearRegression of(
      int keyWidth, int valueWidth, double priorVariance, double noiseVariance) {
    Check.positive("priorVariance", priorVariance);
    Check.positive("noiseVariance", noiseVariance);
    Check.positive("noiseVariance / priorVariance", noiseVariance / priorVariance);
    PairTokens space = new PairTokens(keyWidth, valueWidth);
    return new LinearRegression(
        space,
        priorVariance,
        noiseVariance,
        KeyLaw.SPHERE,
        noiseVariance,
        new SimpleMatrix(valueWidth, keyWidth),
        null);
  }

  /** Returns this model with another law of the keys. */
  public LinearRegression withKeys(KeyLaw law) {
    return new LinearRegression(
        space, priorVariance, noiseVariance, law, labelVariance, priorMean, rowPrior);
  }

  /** Returns this model with labels of another noise variance, finite and above zero. */
  public LinearRegression withLabelVariance(double variance) {
    Check.positive("labelVariance", variance);
    return new LinearRegression(
        space, priorVariance, noiseVariance, keyLaw, variance, priorMean, rowPrior);
  }

  /**
   * Returns this model with prior mean Z0 of z, shape (dv, dk).
   *
   * <p>Unless it is zero the model is not {@linkplain #isCentred centred}: the exact attention is
   * then kernel ridge of the values less Z0 k, plus Z0 q.
   */
  public LinearRegression withPriorMean(SimpleMatrix mean) {
    Check.matrix("mean", mean, space.valueWidth(), space.keyWidth());
    RowPrior rows =
        rowPrior == null ? null : RowPrior.of(rowPrior.covariance(), mean, noiseVariance);
    return new LinearRegression(
        space, priorVariance, noiseVariance, keyLaw, labelVariance, mean, rows);
  }

  /**
   * Returns this model with prior covariance C of each row of z, in place of t2 I.
   *
   * <p>The kernel is then kᵀ C k', the prior variance 1 and the ridge s2.
   *
   * @param covariance shape (dk, dk), symmetric positive definite
   * @throws org.definetti.latent.NotPositiveDefiniteException if it is not positive definite
   */
  public LinearRegression withPriorCovariance(SimpleMatrix covariance) {
    Check.matrix("covariance", covariance, space.keyWidth(), space.keyWidth());
    RowPrior rows = RowPrior.of(covariance, priorMean, noiseVariance);
    return new LinearRegression(space, 1, noiseVariance, keyLaw, labelVariance, priorMean, rows);
  }

  /** Returns Z0, the prior mean of z, shape (dv, dk). */
  public SimpleMatrix priorMean() {
    return priorMean;
  }

  /** Returns C, the prior covariance of each row of z, shape (dk, dk); t2 I unless set. */
  public SimpleMatrix priorCovariance() {
    return rowPrior == null
        ? SimpleMatrix.identity(space.keyWidth()).scale(priorVariance)
        : rowPrior.covariance();
  }

  /** {@inheritDoc} It is if the prior mean is zero. */
  @Override
  public boolean isCentred() {
    return priorMean.elementMaxAbs() == 0;
  }

  /** {@inheritDoc} It is Z0 k. */
  @Override
  public SimpleMatrix priorMeanAt(SimpleMatrix keys) {
    DMatrixRMaj means = new DMatrixRMaj(keys.getNumRows(), space.valueWidth());
    CommonOps_DDRM.multTransB(keys.getDDRM(), priorMean.getDDRM(), means);
    return SimpleMatrix.wrap(means);
  }

  @Override
  public PairTokens tokenSpace() {
    return space;
  }

  /** {@inheritDoc} It is linear: κ(q, k) = q·k, or qᵀ C k with a prior covariance C. */
  @Override
  public Kernel kernel() {
    return rowPrior == null
        ? new LinearKernel()
        : WeightedLinearKernel.of(rowPrior.factor().factor());
  }

  @Override
  public double priorVariance() {
    return priorVariance;
  }

  @Override
  public double noiseVariance() {
    return noiseVariance;
  }

  /** Adds the prior to the problem of the tokens: the rows √λ (e_i, Z0 e_i) for t2 I. */
  void addPrior(LeastSquares problem) {
    if (rowPrior != null) {
      problem.addAll(rowPrior.problem());
    } else {
      problem.addRidge(Math.sqrt(noiseVariance / priorVariance), priorMean);
    }
  }

  /** Returns log det of what {@link #addPrior} adds to S. */
  double priorLogDeterminant() {
    return rowPrior != null
        ? rowPrior.problem().logDeterminant()
        : space.keyWidth() * Math.log(noiseVariance / priorVariance);
  }

  @Override
  public KeyLaw keyLaw() {
    return keyLaw;
  }

  /** Returns the noise variance of each coordinate of a label given z. */
  public double labelVariance() {
    return labelVariance;
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return LinearRegressionBelief.prior(this);
  }

  /**
   * {@inheritDoc}
   *
   * <p>It has no evidence and cannot be merged, because the tokens behind it are not known.
   *
   * @throws org.definetti.latent.NotPositiveDefiniteException if the covariance is not positive
   *     definite
   */
  @Override
  public Belief<SimpleMatrix> posterior(
      double count, SimpleMatrix mean, SimpleMatrix rowCovariance) {
    return LinearRegressionBelief.of(this, count, mean, rowCovariance);
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    double[] z = new double[space.valueWidth() * space.keyWidth()];
    Normal.fill(z, 0, z.length, rng);
    double deviation = Math.sqrt(priorVariance);
    double[] row = new double[space.keyWidth()];
    for (int i = 0; i < z.length && rowPrior != null; i += row.length) {
      System.arraycopy(z, i, row, 0, row.length);
      rowPrior.factor().multiply(row);
      System.arraycopy(row, 0, z, i, row.length);
    }
    for (int i = 0; i < z.length; i++) {
      z[i] = priorMean.get(i) + deviation * z[i];
    }
    return new SimpleMatrix(space.valueWidth(), space.keyWidth(), true, z);
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    return drawTokens(latent, 1, rng).get(0);
  }

  @Override
  public Tokens drawTokens(SimpleMatrix latent, int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    int dk = space.keyWidth();
    int dv = space.valueWidth();
    double[] z = Check.matrix("latent", latent, dv, dk).getDDRM().data;
    double deviation = Math.sqrt(noiseVariance);
    double[] rows = new double[length * space.width()];
    for (int key = 0; key < rows.length; key += space.width()) {
      keyLaw.draw(rows, key, dk, rng);
      int value = key + dk;
      Normal.fill(rows, value, value + dv, rng);
      for (int i = 0; i < dv; i++) {
        rows[value + i] = deviation * rows[value + i] + dot(z, i * dk, rows, key, dk);
      }
    }
    return Tokens.owning(space, rows);
  }

  private static double dot(double[] a, int aOffset, double[] b, int bOffset, int length) {
    double sum = 0;
    for (int j = 0; j < length; j++) {
      sum += a[aOffset + j] * b[bOffset + j];
    }
    return sum;
  }

  /** {@inheritDoc} It draws a key and nothing else. */
  @Override
  public SimpleMatrix drawQuery(RandomGenerator rng) {
    double[] key = new double[space.keyWidth()];
    keyLaw.draw(key, 0, key.length, rng);
    return new SimpleMatrix(1, key.length, true, key);
  }

  @Override
  public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
    int dk = space.keyWidth();
    double[] z = Check.matrix("latent", latent, space.valueWidth(), dk).getDDRM().data;
    double[] query = labelQuery().getDDRM().data;
    double[] answer = new double[space.valueWidth()];
    for (int i = 0; i < answer.length; i++) {
      answer[i] = dot(z, i * dk, query, 0, dk);
    }
    SimpleMatrix mean = new SimpleMatrix(1, answer.length, true, answer);
    return new IsotropicGaussian(mean, labelVariance).draw(rng);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static LinearRegression from(ModelDescription description) {
    DescriptionReader fields = description.read("linear-regression", 1);
    LinearRegression model =
        of(
                fields.whole("key-width"),
                fields.whole("value-width"),
                fields.number("prior-variance"),
                fields.number("noise-variance"))
            .withLabelVariance(fields.number("label-variance"))
            .withKeys(fields.choice("keys", KeyLaw.class));
    int dk = model.space.keyWidth();
    if (fields.has("prior-mean")) {
      model = model.withPriorMean(fields.matrix("prior-mean", model.space.valueWidth(), dk));
    }
    if (fields.has("prior-covariance")) {
      model = model.withPriorCovariance(fields.matrix("prior-covariance", dk, dk));
    }
    fields.end();
    return model;
  }

  /** {@inheritDoc} Prior mean and covariance are there only if they were set. */
  @Override
  public ModelDescription description() {
    ModelDescription description =
        ModelDescription.of("linear-regression")
            .with("key-width", space.keyWidth())
            .with("value-width", space.valueWidth())
            .with("prior-variance", priorVariance)
            .with("noise-variance", noiseVariance)
            .with("label-variance", labelVariance)
            .with("keys", DescriptionReader.word(keyLaw));
    if (!isCentred()) {
      description = description.with("prior-mean", priorMean);
    }
    return rowPrior == null
        ? description
        : description.with("prior-covariance", rowPrior.covariance());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LinearRegression model
        && space.equals(model.space)
        && priorVariance == model.priorVariance
        && noiseVariance == model.noiseVariance
        && keyLaw == model.keyLaw
        && labelVariance == model.labelVariance
        && priorMean.isIdentical(model.priorMean, 0)
        && (rowPrior == null) == (model.rowPrior == null)
        && priorCovariance().isIdentical(model.priorCovariance(), 0);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(priorVariance) + Double.hashCode(noiseVariance);
  }

  @Override
  public String toString() {
    return "LinearRegression["
        + space.keyWidth()
        + " -> "
        + space.valueWidth()
        + ", priorVariance "
        + priorVariance
        + ", noiseVariance "
        + noiseVariance
        + "]";
  }
}
