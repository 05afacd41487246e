package org.definetti.latent.sequence;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Sample;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that remember the one before, around an unknown level (M11, {@code autoregression}): the
 * Gaussian control whose tokens are not exchangeable.
 *
 * <pre>{@code
 * z ~ N(m0, t2),   x^1 ~ N(z, s2 / (1 - φ²)),   x^{l+1} - z = φ (x^l - z) + e,   e ~ N(0, s2)
 * z | X ~ N(m0 + H y / (1/t2 + H), 1 / (1/t2 + H)),   H = (1 - φ²)/s2 + (L - 1)(1 - φ)²/s2
 * x^{L+1} | X ~ N(φ x^L + (1 - φ) E[z | X], s2 + (1 - φ)² Var(z | X))
 * }</pre>
 *
 * <ul>
 *   <li>Where: φ memory, s2 noise variance; y the average of {@code x^1 - m0} and the {@code (x^{l+1}
 *       - φ x^l) / (1 - φ) - m0}, weighted as in H. Given z the sequence is stationary; φ = 0 is
 *       {@code gaussian-mean} with one coordinate.
 *   <li>Shapes: a token is one number. The latent is the level with the token last seen; the mean of
 *       a belief is that of the level, (1, 1).
 *   <li>Merging appends: the other's first token follows this one's last.
 *   <li>Cost: O(1) a token, a statistic of fixed size; any length. Residuals are kept as weighted
 *       mean and squares about it, so that large levels cancel nothing.
 *   <li>Source: Gaussian conditioning of a stationary autoregression [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class AutoRegression implements LatentModel<AutoRegression.Next> {

  private static final RealTokens SPACE = new RealTokens(1);

  /**
   * What the next token is drawn from.
   *
   * @param level z
   * @param last the token before, or null if the next token is the first
   */
  public record Next(double level, @Nullable Double last) {}

  private final double memory;
  private final double priorVariance;
  private final double noiseVariance;
  private final double priorMean;

  private AutoRegression(
      double memory, double priorVariance, double noiseVariance, double priorMean) {
    this.memory = memory;
    this.priorVariance = priorVariance;
    this.noiseVariance = noiseVariance;
    this.priorMean = priorMean;
  }

  /**
   * Returns the model with prior mean zero.
   *
   * @param memory φ, between -1 and 1, both excluded
   * @param priorVariance t2 of the level, finite and above zero
   * @param noiseVariance s2 of a step, finite and above zero
   */
  public static AutoRegression of(double memory, double priorVariance, double noiseVariance) {
    if (!(memory > -1 && memory < 1)) {
      throw new IllegalArgumentException(
          "memory: expected above -1 and below 1, got " + memory);
    }
    return new AutoRegression(
        memory,
        Check.positive("priorVariance", priorVariance),
        Check.positive("noiseVariance", noiseVariance),
        0);
  }

  /** Returns this model with another prior mean m0 of the level, finite. */
  public AutoRegression withPriorMean(double mean) {
    Check.finite("mean", new double[] {mean}, 0, 1);
    return new AutoRegression(memory, priorVariance, noiseVariance, mean);
  }

  /** Returns φ, how much of a deviation from the level is left one token later. */
  public double memory() {
    return memory;
  }

  /** Returns t2, the prior variance of the level. */
  public double priorVariance() {
    return priorVariance;
  }

  /** Returns s2, the variance of the noise of a step. */
  public double noiseVariance() {
    return noiseVariance;
  }

  /** Returns m0, the prior mean of the level. */
  public double priorMean() {
    return priorMean;
  }

  /** Returns s2 / (1 - φ²), the variance of a token given the level. */
  public double stationaryVariance() {
    return noiseVariance / ((1 - memory) * (1 + memory));
  }

  @Override
  public RealTokens tokenSpace() {
    return SPACE;
  }

  @Override
  public Belief<Next> prior() {
    return AutoRegressionBelief.prior(this);
  }

  @Override
  public Next drawLatent(RandomGenerator rng) {
    return new Next(priorMean + Math.sqrt(priorVariance) * Normal.draw(rng), null);
  }

  @Override
  public Token drawToken(Next latent, RandomGenerator rng) {
    return Token.real(step(latent.level(), latent.last(), rng));
  }

  /** {@inheritDoc} They follow one another. */
  @Override
  public Tokens drawTokens(Next latent, int length, RandomGenerator rng) {
    return walk(latent, length, rng).tokens();
  }

  /** {@inheritDoc} The latent is the level with the last token. */
  @Override
  public Sample<Next> sample(int length, RandomGenerator rng) {
    return walk(drawLatent(rng), length, rng);
  }

  private Sample<Next> walk(Next start, int length, RandomGenerator rng) {
    double[] rows = new double[Check.atLeast("length", 0, length)];
    Double last = start.last();
    for (int l = 0; l < length; l++) {
      last = step(start.level(), last, rng);
      rows[l] = last;
    }
    return new Sample<>(new Next(start.level(), last), Tokens.owning(SPACE, rows));
  }

  private double step(double level, @Nullable Double last, RandomGenerator rng) {
    return last == null
        ? level + Math.sqrt(stationaryVariance()) * Normal.draw(rng)
        : level + memory * (last - level) + Math.sqrt(noiseVariance) * Normal.draw(rng);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static AutoRegression from(ModelDescription description) {
    DescriptionReader fields = description.read("autoregression", 1);
    AutoRegression model =
        of(
                fields.number("memory"),
                fields.number("prior-variance"),
                fields.number("noise-variance"))
            .withPriorMean(fields.number("prior-mean"));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("autoregression")
        .with("memory", memory)
        .with("prior-variance", priorVariance)
        .with("noise-variance", noiseVariance)
        .with("prior-mean", priorMean);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AutoRegression model
        && memory == model.memory
        && priorVariance == model.priorVariance
        && noiseVariance == model.noiseVariance
        && priorMean == model.priorMean;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Double.hashCode(memory) + Double.hashCode(priorVariance))
        + Double.hashCode(noiseVariance);
  }

  @Override
  public String toString() {
    return "AutoRegression["
        + memory
        + ", priorVariance "
        + priorVariance
        + ", noiseVariance "
        + noiseVariance
        + "]";
  }
}
