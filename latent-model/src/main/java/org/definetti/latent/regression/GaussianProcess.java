package org.definetti.latent.regression;

import java.util.random.RandomGenerator;
import org.definetti.kernel.Kernel;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.LinearGaussianModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * Noisy values of an unknown function at random keys (M6, {@code gaussian-process}).
 *
 * <pre>{@code
 * z ~ GP(0, t2 κ),   v = z(k) + ε,   ε ~ N(0, s2 I),   λ = s2 / t2
 * v | q, X ~ N(κ(q, K) A V,  (s2 + t2 (κ(q, q) - κ(q, K) A κ(K, q))) I),   A = (κ(K, K) + λ I)⁻¹
 * }</pre>
 *
 * <ul>
 *   <li>Where: κ kernel, t2 prior variance, s2 noise variance, K (L, dk) keys, V (L, dv) values.
 *       The dv outputs are independent functions.
 *   <li>Latent: a {@link LatentFunction}, drawn without approximation. It has no finite vector of
 *       numbers, so the belief has no mean or covariance matrix, no density and no entropy; {@link
 *       GaussianProcessBelief#meanAt} and {@code covarianceAt} give its moments at keys, and the
 *       divergence between two beliefs of one model is finite and exact.
 *   <li>Sampling needs noise of at least 1e-12 of the prior variance and refuses less by name;
 *       beliefs do not.
 *   <li>Limit: a belief holds at most {@value #MOST_TOKENS} tokens and refuses more by name, since
 *       memory grows as L² and time as L³.
 *   <li>Cost: observing m tokens after L is O(m (L + m)²); all prefixes of a sequence cost one
 *       pass.
 *   <li>Accuracy: relative error about cond(κ(K, K) + λ I) · 1e-16; where a pivot is lost to
 *       rounding (nearly equal keys and a ridge below about L · 2e-16) it is refused by name.
 *   <li>Source: [source: Zhang-2023, sec 4.1] for CME attention as the posterior mean; variance
 *       (check B1) and C2 [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class GaussianProcess implements LinearGaussianModel<LatentFunction> {

  /** The most tokens that one belief takes. */
  public static final int MOST_TOKENS = 4000;

  private final PairTokens space;
  private final Kernel kernel;
  private final double priorVariance;
  private final double noiseVariance;
  private final KeyLaw keyLaw;
  private final double labelVariance;

  private GaussianProcess(
      PairTokens space,
      Kernel kernel,
      double priorVariance,
      double noiseVariance,
      KeyLaw keyLaw,
      double labelVariance) {
    this.space = space;
    this.kernel = kernel;
    this.priorVariance = priorVariance;
    this.noiseVariance = noiseVariance;
    this.keyLaw = keyLaw;
    this.labelVariance = labelVariance;
  }

  /**
   * Returns the model of one output with keys uniform on the unit sphere and labels as noisy as
   * values.
   *
   * @param kernel κ, accepting vectors of dk numbers
   * @param keyWidth dk, at least 1
   * @param priorVariance t2, finite and above zero
   * @param noiseVariance s2, finite and above zero
   * @throws IllegalArgumentException if one is out of range, or the ridge s2 / t2 is not finite and
   *     above zero
   */
  public static GaussianProcess of(
      Kernel kernel, int keyWidth, double priorVariance, double noiseVariance) {
    Check.positive("priorVariance", priorVariance);
    Check.positive("noiseVariance", noiseVariance);
    Check.positive("noiseVariance / priorVariance", noiseVariance / priorVariance);
    PairTokens space = new PairTokens(keyWidth, 1);
    return new GaussianProcess(
        space, kernel, priorVariance, noiseVariance, KeyLaw.SPHERE, noiseVariance);
  }

  /** Returns this model with {@code width} independent outputs, at least 1. */
  public GaussianProcess withValueWidth(int width) {
    PairTokens wider = new PairTokens(space.keyWidth(), width);
    return new GaussianProcess(wider, kernel, priorVariance, noiseVariance, keyLaw, labelVariance);
  }

  /** Returns this model with another law of the keys. */
  public GaussianProcess withKeys(KeyLaw law) {
    return new GaussianProcess(space, kernel, priorVariance, noiseVariance, law, labelVariance);
  }

  /** Returns this model with labels of another noise variance, finite and above zero. */
  public GaussianProcess withLabelVariance(double variance) {
    Check.positive("labelVariance", variance);
    return new GaussianProcess(space, kernel, priorVariance, noiseVariance, keyLaw, variance);
  }

  @Override
  public PairTokens tokenSpace() {
    return space;
  }

  @Override
  public Kernel kernel() {
    return kernel;
  }

  @Override
  public double priorVariance() {
    return priorVariance;
  }

  @Override
  public double noiseVariance() {
    return noiseVariance;
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
  public GaussianProcessBelief prior() {
    return GaussianProcessBelief.prior(this);
  }

  /**
   * Throws: a function has no finite vector of weights.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public Belief<LatentFunction> posterior(
      double count, SimpleMatrix mean, SimpleMatrix rowCovariance) {
    throw new UnsupportedOperationException(
        "gaussian-process has no belief of given moments because its latent is a function, which"
            + " no finite mean and covariance describe");
  }

  @Override
  public LatentFunction drawLatent(RandomGenerator rng) {
    return LatentFunction.prior(this, rng);
  }

  /**
   * Returns the standard deviations of what a drawn function lacks of noise of some variance at
   * each key: the function carries {@link LatentFunction#NUGGET} of its variance as white noise.
   */
  double[] noiseDeviations(double variance, SimpleMatrix keys) {
    double[] deviations = kernel.diagonal(keys).getDDRM().data.clone();
    for (int l = 0; l < deviations.length; l++) {
      double carried = LatentFunction.NUGGET * priorVariance * deviations[l];
      if (!(carried <= variance)) {
        throw new IllegalArgumentException(
            "noise variance: expected at least "
                + carried
                + " (1e-12 of the prior variance) to draw from a function, got "
                + variance);
      }
      deviations[l] = Math.sqrt(variance - carried);
    }
    return deviations;
  }

  @Override
  public Token drawToken(LatentFunction latent, RandomGenerator rng) {
    return drawTokens(latent, 1, rng).get(0);
  }

  /**
   * {@inheritDoc} Keys and noise are drawn first, in order: values do not use the generator.
   *
   * @throws IllegalArgumentException if the noise variance is below 1e-12 of the prior variance
   */
  @Override
  public Tokens drawTokens(LatentFunction latent, int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    int dk = space.keyWidth();
    int width = space.width();
    double[] rows = new double[length * width];
    SimpleMatrix keys = new SimpleMatrix(length, dk);
    for (int l = 0; l < length; l++) {
      keyLaw.draw(rows, l * width, dk, rng);
      System.arraycopy(rows, l * width, keys.getDDRM().data, l * dk, dk);
      Normal.fill(rows, l * width + dk, (l + 1) * width, rng);
    }
    double[] deviations = noiseDeviations(noiseVariance, keys);
    double[] values = latent.at(keys).getDDRM().data;
    for (int l = 0; l < length; l++) {
      for (int i = dk; i < width; i++) {
        int at = l * width + i;
        rows[at] = values[l * (width - dk) + i - dk] + deviations[l] * rows[at];
      }
    }
    return Tokens.owning(space, rows);
  }

  /** {@inheritDoc} It draws a key and nothing else. */
  @Override
  public SimpleMatrix drawQuery(RandomGenerator rng) {
    double[] key = new double[space.keyWidth()];
    keyLaw.draw(key, 0, key.length, rng);
    return new SimpleMatrix(1, key.length, true, key);
  }

  @Override
  public double[] drawLabel(LatentFunction latent, RandomGenerator rng) {
    double[] label = latent.at(labelQuery()).getDDRM().data;
    double deviation = noiseDeviations(labelVariance, labelQuery())[0];
    for (int i = 0; i < label.length; i++) {
      label[i] += deviation * Normal.draw(rng);
    }
    return label;
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown; a kernel
   *     of the user's own is unknown
   */
  public static GaussianProcess from(ModelDescription description) {
    DescriptionReader fields = description.read("gaussian-process", 1);
    GaussianProcess model =
        of(
                KernelDescription.read("kernel", fields),
                fields.whole("key-width"),
                fields.number("prior-variance"),
                fields.number("noise-variance"))
            .withValueWidth(fields.whole("value-width"))
            .withLabelVariance(fields.number("label-variance"))
            .withKeys(fields.choice("keys", KeyLaw.class));
    fields.end();
    return model;
  }

  /** {@inheritDoc} A kernel of the user's own is written as its text and cannot be read back. */
  @Override
  public ModelDescription description() {
    ModelDescription description =
        ModelDescription.of("gaussian-process")
            .with("key-width", space.keyWidth())
            .with("value-width", space.valueWidth())
            .with("prior-variance", priorVariance)
            .with("noise-variance", noiseVariance)
            .with("label-variance", labelVariance)
            .with("keys", DescriptionReader.word(keyLaw));
    return KernelDescription.write("kernel", kernel, description);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GaussianProcess model
        && space.equals(model.space)
        && kernel.equals(model.kernel)
        && priorVariance == model.priorVariance
        && noiseVariance == model.noiseVariance
        && keyLaw == model.keyLaw
        && labelVariance == model.labelVariance;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * kernel.hashCode() + Double.hashCode(priorVariance))
        + Double.hashCode(noiseVariance);
  }

  @Override
  public String toString() {
    return "GaussianProcess["
        + space.keyWidth()
        + " -> "
        + space.valueWidth()
        + ", "
        + kernel
        + ", priorVariance "
        + priorVariance
        + ", noiseVariance "
        + noiseVariance
        + "]";
  }
}
