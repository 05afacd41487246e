package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.GaussianGroupModel;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * Measurements of several groups whose means are alike (M12, {@code gaussian-groups}): a hierarchy.
 *
 * <pre>{@code
 * μ ~ N(m0, t2 I),   z_g | μ ~ N(μ, b2 I),   x | z_g ~ N(z_g, s2 I)
 *
 * r_g = n_g / (n_g b2 + s2),   P = 1/t2 + Σ_g r_g,   M = (m0/t2 + Σ_g r_g x̄_g) / P
 * μ | X ~ N(M, 1/P I),   z_g | μ, X ~ N(α_g μ + (1 - α_g) x̄_g, b2 α_g I),   α_g = s2 / (s2 + n_g b2)
 * }</pre>
 *
 * <ul>
 *   <li>Where: n_g tokens of group g with mean x̄_g; t2 variance of the common mean, b2 between
 *       groups, s2 within a group.
 *   <li>A token is a pair: its key is its group's number 0..G-1, its value x. So groups can be
 *       asked for, and sequences are exchangeable as sequences of pairs; groups are drawn
 *       uniformly.
 *   <li>Shapes: latent (G + 1, d), the first row μ, then z_0..z_{G-1}; a query (1, 1).
 *   <li>Evidence is that of the values given the groups.
 *   <li>Label: y = z_0 + N(0, s2 I), the group that the {@link #labelQuery} asks for.
 *   <li>Cost: O(d) a token and O(G d) a question; a covariance is of size ((G + 1) d)².
 *   <li>Accuracy: sums are compensated, and no two large numbers are subtracted, for any number of
 *       tokens.
 *   <li>Source: Gaussian conjugacy, level by level [derived]; the model is section M12 of the
 *       project's notes.
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class GaussianGroups
    implements GaussianGroupModel<SimpleMatrix>, LikelihoodModel<SimpleMatrix> {

  private final PairTokens space;
  private final int groups;
  private final SimpleMatrix priorMean;
  private final double priorVariance;
  private final double groupVariance;
  private final double noiseVariance;

  private GaussianGroups(
      int groups,
      SimpleMatrix priorMean,
      double priorVariance,
      double groupVariance,
      double noiseVariance) {
    this.space = new PairTokens(1, priorMean.getNumCols());
    this.groups = groups;
    this.priorMean = priorMean;
    this.priorVariance = priorVariance;
    this.groupVariance = groupVariance;
    this.noiseVariance = noiseVariance;
  }

  /**
   * Returns the model of values of one number with prior mean zero.
   *
   * @param groups G, at least 1
   * @param priorVariance t2, finite and above zero
   * @param groupVariance b2, finite and above zero
   * @param noiseVariance s2, finite and above zero
   * @throws IllegalArgumentException if one is out of range
   */
  public static GaussianGroups of(
      int groups, double priorVariance, double groupVariance, double noiseVariance) {
    Check.atLeast("groups", 1, groups);
    Check.positive("priorVariance", priorVariance);
    Check.positive("groupVariance", groupVariance);
    Check.positive("noiseVariance", noiseVariance);
    return new GaussianGroups(
        groups, new SimpleMatrix(1, 1), priorVariance, groupVariance, noiseVariance);
  }

  /** Returns this model with prior mean m0, shape (1, d): values of d numbers. */
  public GaussianGroups withPriorMean(SimpleMatrix mean) {
    Check.matrix("mean", mean, 1, -1);
    Check.atLeast("dimension", 1, mean.getNumCols());
    return new GaussianGroups(groups, mean, priorVariance, groupVariance, noiseVariance);
  }

  /** Returns G, the number of groups. */
  public int groups() {
    return groups;
  }

  @Override
  public SimpleMatrix priorMean() {
    return priorMean;
  }

  @Override
  public double priorVariance() {
    return priorVariance;
  }

  @Override
  public double groupVariance() {
    return groupVariance;
  }

  @Override
  public double noiseVariance() {
    return noiseVariance;
  }

  @Override
  public PairTokens tokenSpace() {
    return space;
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return GaussianGroupsBelief.prior(this);
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    int d = space.valueWidth();
    double[] rows = new double[(groups + 1) * d];
    Normal.fill(rows, 0, rows.length, rng);
    for (int j = 0; j < rows.length; j++) {
      rows[j] =
          j < d
              ? priorMean.get(0, j) + Math.sqrt(priorVariance) * rows[j]
              : rows[j % d] + Math.sqrt(groupVariance) * rows[j];
    }
    return new SimpleMatrix(groups + 1, d, true, rows);
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    int d = space.valueWidth();
    Check.matrix("latent", latent, groups + 1, d);
    int group = rng.nextInt(groups);
    double[] x = new double[d];
    for (int i = 0; i < d; i++) {
      x[i] = latent.get(group + 1, i) + Math.sqrt(noiseVariance) * Normal.draw(rng);
    }
    return Token.pair(new double[] {group}, x);
  }

  /** {@inheritDoc} It draws a group and nothing else. */
  @Override
  public SimpleMatrix drawQuery(RandomGenerator rng) {
    return new SimpleMatrix(1, 1, true, (double) rng.nextInt(groups));
  }

  /** {@inheritDoc} It asks for group 0. */
  @Override
  public SimpleMatrix labelQuery() {
    return new SimpleMatrix(1, 1);
  }

  @Override
  public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
    return law(latent, 0).draw(rng);
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    double[] value = new double[space.valueWidth()];
    for (int i = 0; i < value.length; i++) {
      value[i] = token.at(1 + i);
    }
    return law(latent, group("token", token.at(0))).logProbability(value);
  }

  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    return law(latent, group(query));
  }

  private IsotropicGaussian law(SimpleMatrix latent, int group) {
    Check.matrix("latent", latent, groups + 1, space.valueWidth());
    return new IsotropicGaussian(latent.extractVector(true, group + 1), noiseVariance);
  }

  /** Returns the group that a query asks for. */
  int group(SimpleMatrix query) {
    Check.matrix("query", query, 1, 1);
    return group("query", query.get(0, 0));
  }

  /** Returns a key as a group's number. */
  int group(String argument, double key) {
    if (key >= 0 && key < groups && key == Math.rint(key)) {
      return (int) key;
    }
    throw new IllegalArgumentException(
        argument + ": expected a group in 0.." + (groups - 1) + ", got " + key);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static GaussianGroups from(ModelDescription description) {
    DescriptionReader fields = description.read("gaussian-groups", 1);
    GaussianGroups model =
        of(
                fields.whole("groups"),
                fields.number("prior-variance"),
                fields.number("group-variance"),
                fields.number("noise-variance"))
            .withPriorMean(fields.matrix("prior-mean", 1, -1));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("gaussian-groups")
        .with("groups", groups)
        .with("prior-variance", priorVariance)
        .with("group-variance", groupVariance)
        .with("noise-variance", noiseVariance)
        .with("prior-mean", priorMean);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GaussianGroups model
        && groups == model.groups
        && priorVariance == model.priorVariance
        && groupVariance == model.groupVariance
        && noiseVariance == model.noiseVariance
        && priorMean.isIdentical(model.priorMean, 0);
  }

  @Override
  public int hashCode() {
    return 31 * groups + Double.hashCode(noiseVariance);
  }

  @Override
  public String toString() {
    return "GaussianGroups["
        + groups
        + ", priorVariance "
        + priorVariance
        + ", groupVariance "
        + groupVariance
        + ", noiseVariance "
        + noiseVariance
        + "]";
  }
}
