package org.definetti.latent.finite;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Predictive;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * Noisy values of one of K known linear maps at random keys (M4c, {@code regression-concepts}).
 *
 * <pre>{@code
 * P(c = k) = p_k,   v = z_c key + ε,   ε ~ N(0, s2 I),   tokens (key, v)
 * P(c = k | X) ∝ p_k exp(-Σ_l |v^l - z_k key^l|² / (2 s2))
 * P(v | X, q) = Σ_k P(c = k | X) N(v; z_k q, s2 I)
 * }</pre>
 *
 * <ul>
 *   <li>Where: z_k the maps, s2 the noise variance; the latent is the index c in 0..K-1.
 *   <li>Shapes: a map (dv, dk), a query (1, dk), prior p (1, K).
 *   <li>Keys do not depend on the latent. Evidence is that of the values given the keys.
 *   <li>Label: y = z_c q + N(0, label variance · I) at the fixed {@link #labelQuery} q; the noise
 *       variance unless set.
 *   <li>Cost: O(K dk dv) a token.
 *   <li>Source: section M4 of the project's notes [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class RegressionConcepts implements FiniteLatentModel<Integer> {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final PairTokens space;
  private final SimpleMatrix maps; // (K · dv, dk), one below the other
  private final double noiseVariance;
  private final SimpleMatrix prior;
  private final KeyLaw keyLaw;
  private final double labelVariance;

  private RegressionConcepts(
      PairTokens space,
      SimpleMatrix maps,
      double noiseVariance,
      SimpleMatrix prior,
      KeyLaw keyLaw,
      double labelVariance) {
    this.space = space;
    this.maps = maps;
    this.noiseVariance = noiseVariance;
    this.prior = prior;
    this.keyLaw = keyLaw;
    this.labelVariance = labelVariance;
  }

  /**
   * Returns the model with a uniform prior, keys uniform on the unit sphere and labels as noisy as
   * values.
   *
   * @param maps K matrices z_k, at least one, all of shape (dv, dk)
   * @param noiseVariance s2, finite and above zero
   * @throws ShapeMismatchException if the maps differ in shape
   */
  public static RegressionConcepts of(List<SimpleMatrix> maps, double noiseVariance) {
    Check.atLeast("maps", 1, maps.size());
    Check.positive("noiseVariance", noiseVariance);
    int dv = maps.get(0).getNumRows();
    int dk = maps.get(0).getNumCols();
    for (int k = 0; k < maps.size(); k++) {
      Check.matrix("maps[" + k + "]", maps.get(k), dv, dk);
    }
    return new RegressionConcepts(
        new PairTokens(dk, dv),
        Concepts.stack(maps),
        noiseVariance,
        Concepts.uniform(maps.size()),
        KeyLaw.SPHERE,
        noiseVariance);
  }

  /**
   * Returns this model with another prior.
   *
   * @param probabilities p, shape (1, K); zeros are allowed
   */
  public RegressionConcepts withPrior(SimpleMatrix probabilities) {
    SimpleMatrix checked = Concepts.prior(probabilities, concepts());
    return new RegressionConcepts(space, maps, noiseVariance, checked, keyLaw, labelVariance);
  }

  /** Returns this model with another law of the keys. */
  public RegressionConcepts withKeys(KeyLaw law) {
    return new RegressionConcepts(space, maps, noiseVariance, prior, law, labelVariance);
  }

  /** Returns this model with labels of another noise variance, finite and above zero. */
  public RegressionConcepts withLabelVariance(double variance) {
    Check.positive("labelVariance", variance);
    return new RegressionConcepts(space, maps, noiseVariance, prior, keyLaw, variance);
  }

  /** Returns the number K of concepts. */
  public int concepts() {
    return maps.getNumRows() / space.valueWidth();
  }

  /** Returns z_k of concept {@code k}, shape (dv, dk). */
  public SimpleMatrix map(int k) {
    int dv = space.valueWidth();
    int index = Concepts.index(k, concepts());
    return maps.rows(index * dv, (index + 1) * dv);
  }

  /** Returns s2, the noise variance of each coordinate of a value. */
  public double noiseVariance() {
    return noiseVariance;
  }

  /** Returns the law of the keys. */
  public KeyLaw keyLaw() {
    return keyLaw;
  }

  /** Returns the noise variance of each coordinate of a label given the latent. */
  public double labelVariance() {
    return labelVariance;
  }

  @Override
  public PairTokens tokenSpace() {
    return space;
  }

  @Override
  public List<Integer> latents() {
    return Concepts.indices(concepts());
  }

  @Override
  public SimpleMatrix priorProbabilities() {
    return prior;
  }

  @Override
  public Belief<Integer> prior() {
    return FiniteBelief.prior(this);
  }

  @Override
  public double logLikelihood(Integer latent, Token token) {
    int k = Concepts.index(latent, concepts());
    return logLikelihoods(Tokens.of(space, token)).get(0, k);
  }

  @Override
  public SimpleMatrix logLikelihoods(Tokens tokens) {
    Check.space(space, tokens);
    int dk = space.keyWidth();
    int dv = space.valueWidth();
    double[] x = new double[tokens.length() * space.width()];
    tokens.copyRows(x, 0);
    double constant = -0.5 * dv * (LOG_TWO_PI + Math.log(noiseVariance));
    double[] rows = new double[tokens.length() * concepts()];
    for (int i = 0; i < rows.length; i++) {
      int key = i / concepts() * space.width();
      int map = i % concepts() * dv;
      double square = 0;
      for (int j = 0; j < dv; j++) {
        double gap = x[key + dk + j] - answer(map + j, x, key);
        square += gap * gap;
      }
      rows[i] = constant - 0.5 * square / noiseVariance;
    }
    return new SimpleMatrix(tokens.length(), concepts(), true, rows);
  }

  // Row {@code row} of the stacked maps times the key stored from {@code offset}.
  private double answer(int row, double[] keys, int offset) {
    int dk = space.keyWidth();
    double[] z = maps.getDDRM().data;
    double sum = 0;
    for (int j = 0; j < dk; j++) {
      sum += z[row * dk + j] * keys[offset + j];
    }
    return sum;
  }

  /** {@inheritDoc} It is N(z_c q, s2 I). */
  @Override
  public Predictive valueLaw(Integer latent, SimpleMatrix query) {
    return law(latent, query, noiseVariance);
  }

  private IsotropicGaussian law(Integer latent, SimpleMatrix query, double variance) {
    int k = Concepts.index(latent, concepts());
    double[] key = Check.matrix("query", query, 1, space.keyWidth()).getDDRM().data;
    double[] mean = new double[space.valueWidth()];
    for (int j = 0; j < mean.length; j++) {
      mean[j] = answer(k * mean.length + j, key, 0);
    }
    return new IsotropicGaussian(new SimpleMatrix(1, mean.length, true, mean), variance);
  }

  @Override
  public Token drawToken(Integer latent, RandomGenerator rng) {
    return drawTokens(latent, 1, rng).get(0);
  }

  @Override
  public Tokens drawTokens(Integer latent, int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    int k = Concepts.index(latent, concepts());
    int dv = space.valueWidth();
    double deviation = Math.sqrt(noiseVariance);
    double[] rows = new double[length * space.width()];
    for (int key = 0; key < rows.length; key += space.width()) {
      keyLaw.draw(rows, key, space.keyWidth(), rng);
      int value = key + space.keyWidth();
      Normal.fill(rows, value, value + dv, rng);
      for (int j = 0; j < dv; j++) {
        rows[value + j] = deviation * rows[value + j] + answer(k * dv + j, rows, key);
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
  public double[] drawLabel(Integer latent, RandomGenerator rng) {
    return law(latent, labelQuery(), labelVariance).draw(rng);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static RegressionConcepts from(ModelDescription description) {
    DescriptionReader fields = description.read("regression-concepts", 1);
    int valueWidth = Check.atLeast("value-width", 1, fields.whole("value-width"));
    double noiseVariance = fields.number("noise-variance");
    double labelVariance = fields.number("label-variance");
    KeyLaw keys = fields.choice("keys", KeyLaw.class);
    SimpleMatrix prior = fields.matrix("prior", 1, -1);
    int concepts = prior.getNumCols();
    SimpleMatrix maps = fields.matrix("maps", concepts * valueWidth, -1);
    fields.end();
    return of(Concepts.unstack(maps, concepts), noiseVariance)
        .withPrior(prior)
        .withKeys(keys)
        .withLabelVariance(labelVariance);
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("regression-concepts")
        .with("value-width", space.valueWidth())
        .with("noise-variance", noiseVariance)
        .with("label-variance", labelVariance)
        .with("keys", DescriptionReader.word(keyLaw))
        .with("prior", prior)
        .with("maps", maps);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RegressionConcepts model
        && space.equals(model.space)
        && Concepts.same(maps, model.maps)
        && noiseVariance == model.noiseVariance
        && Concepts.same(prior, model.prior)
        && keyLaw == model.keyLaw
        && labelVariance == model.labelVariance;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(maps.getDDRM().data) + Double.hashCode(noiseVariance);
  }

  @Override
  public String toString() {
    return "RegressionConcepts["
        + concepts()
        + " maps, "
        + space.keyWidth()
        + " -> "
        + space.valueWidth()
        + ", noiseVariance "
        + noiseVariance
        + "]";
  }
}
