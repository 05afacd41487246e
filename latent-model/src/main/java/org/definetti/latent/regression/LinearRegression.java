package org.definetti.latent.regression;

import java.util.random.RandomGenerator;
import org.definetti.kernel.Kernel;
import org.definetti.kernel.LinearKernel;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.LinearGaussianModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

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
 * <ul>
 *   <li>Where: K (L, dk) keys, V (L, dv) values, t2 prior variance, s2 noise variance, λ the ridge.
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

  private LinearRegression(
      PairTokens space,
      double priorVariance,
      double noiseVariance,
      KeyLaw keyLaw,
      double labelVariance) {
    this.space = space;
    this.priorVariance = priorVariance;
    this.noiseVariance = noiseVariance;
    this.keyLaw = keyLaw;
    this.labelVariance = labelVariance;
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
    return new LinearRegression(space, priorVariance, noiseVariance, KeyLaw.SPHERE, noiseVariance);
  }

  /** Returns this model with another law of the keys. */
  public LinearRegression withKeys(KeyLaw law) {
    return new LinearRegression(space, priorVariance, noiseVariance, law, labelVariance);
  }

  /** Returns this model with labels of another noise variance, finite and above zero. */
  public LinearRegression withLabelVariance(double variance) {
    Check.positive("variance", variance);
    return new LinearRegression(space, priorVariance, noiseVariance, keyLaw, variance);
  }

  @Override
  public PairTokens tokenSpace() {
    return space;
  }

  /** {@inheritDoc} It is linear: κ(q, k) = q·k. */
  @Override
  public Kernel kernel() {
    return new LinearKernel();
  }

  @Override
  public double priorVariance() {
    return priorVariance;
  }

  @Override
  public double noiseVariance() {
    return noiseVariance;
  }

  /** Returns λ = s2 / t2, the ridge. */
  double ridge() {
    return noiseVariance / priorVariance;
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
    for (int i = 0; i < z.length; i++) {
      z[i] *= deviation;
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

  /** {@inheritDoc} {@code spherical-keys} is 1 for keys on the sphere and 0 for Gaussian ones. */
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
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("linear-regression")
        .with("key-width", space.keyWidth())
        .with("value-width", space.valueWidth())
        .with("prior-variance", priorVariance)
        .with("noise-variance", noiseVariance)
        .with("label-variance", labelVariance)
        .with("keys", DescriptionReader.word(keyLaw));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LinearRegression model
        && space.equals(model.space)
        && priorVariance == model.priorVariance
        && noiseVariance == model.noiseVariance
        && keyLaw == model.keyLaw
        && labelVariance == model.labelVariance;
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
