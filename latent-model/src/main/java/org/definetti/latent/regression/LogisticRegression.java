package org.definetti.latent.regression;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.numerical.ApproximateBelief;
import org.definetti.latent.numerical.LatentPrior;
import org.definetti.latent.numerical.Quadrature;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * Classification in context (X3, {@code logistic-regression}): labels 0 and 1 on two sides of an
 * unknown plane, noisily.
 *
 * <pre>{@code  z ~ N(0, t2 I),   P(v = 1 | k, z) = 1 / (1 + exp(-z·k)) }</pre>
 *
 * <ul>
 *   <li>Where: k key, v label, t2 prior variance.
 *   <li>Shapes: latent (1, dk), dk from 1 to 3; values are one number, 0 or 1.
 *   <li>The posterior has no closed form: it is a {@link Quadrature} with its own error, about 1e-9
 *       standard deviations or better. It is log-concave, so one peak is all there is.
 *   <li>Keys do not depend on z. Evidence is that of the labels given the keys.
 *   <li>Label: a Bernoulli draw at the fixed {@link #labelQuery}.
 *   <li>Cost: about 50, 700, 10,000 likelihoods of all tokens in 1, 2, 3 dimensions a posterior;
 *       any length, at that price.
 *   <li>Source: [recalled]; section X3 of the project's notes.
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class LogisticRegression implements LikelihoodModel<SimpleMatrix> {

  private static final int MOST_KEYS = 3;

  private final PairTokens space;
  private final double priorVariance;
  private final KeyLaw keyLaw;

  private LogisticRegression(PairTokens space, double priorVariance, KeyLaw keyLaw) {
    this.space = space;
    this.priorVariance = priorVariance;
    this.keyLaw = keyLaw;
  }

  /**
   * Returns the model with standard normal keys.
   *
   * @param keyWidth dk, from 1 to 3
   * @param priorVariance t2, finite and above zero
   */
  public static LogisticRegression of(int keyWidth, double priorVariance) {
    Check.atLeast("keyWidth", 1, keyWidth);
    if (keyWidth > MOST_KEYS) {
      throw new IllegalArgumentException(
          "keyWidth: expected at most " + MOST_KEYS + " for quadrature, got " + keyWidth);
    }
    Check.positive("priorVariance", priorVariance);
    return new LogisticRegression(new PairTokens(keyWidth, 1), priorVariance, KeyLaw.GAUSSIAN);
  }

  /** Returns this model with another law of the keys. */
  public LogisticRegression withKeys(KeyLaw law) {
    return new LogisticRegression(space, priorVariance, law);
  }

  /** Returns t2, the prior variance of each coordinate of z. */
  public double priorVariance() {
    return priorVariance;
  }

  /** Returns the law of the keys. */
  public KeyLaw keyLaw() {
    return keyLaw;
  }

  @Override
  public PairTokens tokenSpace() {
    return space;
  }

  @Override
  public ApproximateBelief<SimpleMatrix> prior() {
    SimpleMatrix zero = new SimpleMatrix(1, space.keyWidth());
    return Quadrature.of(this, LatentPrior.gaussian(zero, priorVariance));
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    double[] z = new double[space.keyWidth()];
    Normal.fill(z, 0, z.length, rng);
    for (int i = 0; i < z.length; i++) {
      z[i] *= Math.sqrt(priorVariance);
    }
    return new SimpleMatrix(1, z.length, true, z);
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    double[] key = key(rng);
    return Token.pair(key, valueLaw(latent, new SimpleMatrix(1, key.length, true, key)).draw(rng));
  }

  private double[] key(RandomGenerator rng) {
    double[] key = new double[space.keyWidth()];
    keyLaw.draw(key, 0, key.length, rng);
    return key;
  }

  /** {@inheritDoc} It draws a key and nothing else. */
  @Override
  public SimpleMatrix drawQuery(RandomGenerator rng) {
    return new SimpleMatrix(1, space.keyWidth(), true, key(rng));
  }

  @Override
  public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
    return valueLaw(latent, labelQuery()).draw(rng);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the token's value is not 0 or 1
   */
  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    int dk = space.keyWidth();
    double[] z = Check.matrix("latent", latent, 1, dk).getDDRM().data;
    double logit = 0;
    for (int j = 0; j < dk; j++) {
      logit += z[j] * token.at(j);
    }
    return new BinaryLaw(logit).log(token.at(dk));
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Tokens tokens) {
    int dk = space.keyWidth();
    double[] z = Check.matrix("latent", latent, 1, dk).getDDRM().data;
    double sum = 0;
    double lost = 0; // Neumaier
    for (int l = 0; l < tokens.length(); l++) {
      double logit = 0;
      for (int j = 0; j < dk; j++) {
        logit += z[j] * tokens.at(l, j);
      }
      double term = new BinaryLaw(logit).log(tokens.at(l, dk));
      double next = sum + term;
      lost += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
      sum = next;
    }
    return sum + lost;
  }

  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    int dk = space.keyWidth();
    Check.matrix("latent", latent, 1, dk);
    Check.matrix("query", query, 1, dk);
    double logit = 0;
    for (int j = 0; j < dk; j++) {
      logit += latent.get(0, j) * query.get(0, j);
    }
    return new BinaryLaw(logit);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static LogisticRegression from(ModelDescription description) {
    DescriptionReader fields = description.read("logistic-regression", 1);
    LogisticRegression model =
        of(fields.whole("key-width"), fields.number("prior-variance"))
            .withKeys(fields.choice("keys", KeyLaw.class));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("logistic-regression")
        .with("key-width", space.keyWidth())
        .with("prior-variance", priorVariance)
        .with("keys", DescriptionReader.word(keyLaw));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogisticRegression model
        && space.equals(model.space)
        && priorVariance == model.priorVariance
        && keyLaw == model.keyLaw;
  }

  @Override
  public int hashCode() {
    return 31 * space.keyWidth() + Double.hashCode(priorVariance);
  }

  @Override
  public String toString() {
    return "LogisticRegression["
        + space.keyWidth()
        + ", priorVariance "
        + priorVariance
        + ", "
        + DescriptionReader.word(keyLaw)
        + " keys]";
  }
}
