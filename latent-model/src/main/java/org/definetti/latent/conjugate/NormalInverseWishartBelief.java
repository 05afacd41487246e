package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Cholesky;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/** IW(Ψ, f) over Σ and N(m, Σ / ν) over μ; see {@link NormalInverseWishart} for the formulas. */
final class NormalInverseWishartBelief implements Belief<MeanAndCovariance> {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final NormalInverseWishart model;
  private final Scatter evidence;
  private final double precision; // ν + L
  private final double[] centre; // m
  private final SimpleMatrix scale; // Ψ after X
  private final InverseWishart law;

  NormalInverseWishartBelief(NormalInverseWishart model, Scatter evidence) {
    this.model = model;
    this.evidence = evidence;
    this.precision = model.priorCount() + evidence.count();
    this.centre = centre();
    this.scale = scale();
    double degrees = model.degreesOfFreedom() + evidence.count();
    this.law = new InverseWishart(Cholesky.of("scale", scale), degrees);
  }

  private double[] centre() {
    double[] mean = model.priorMean().getDDRM().data.clone();
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (evidence.sum(i) + model.priorCount() * mean[i]) / precision;
    }
    return mean;
  }

  private SimpleMatrix scale() {
    if (evidence.count() == 0) {
      return model.scale();
    }
    double share = model.priorCount() * (evidence.count() / precision);
    double[] gap = evidence.gap(model.priorMean().getDDRM().data);
    int d = gap.length;
    SimpleMatrix between = new SimpleMatrix(d, d, true, Scatter.outer(gap, share));
    return model.scale().plus(evidence.matrix()).plus(between);
  }

  private int dimension() {
    return centre.length;
  }

  @Override
  public Belief<MeanAndCovariance> observe(Tokens tokens) {
    Beliefs.ofSpace(model.tokenSpace(), tokens);
    double[] rows = new double[tokens.length() * tokens.space().width()];
    tokens.copyRows(rows, 0);
    Scatter block = Scatter.of(rows, dimension());
    return new NormalInverseWishartBelief(model, evidence.plus(block));
  }

  @Override
  public Belief<MeanAndCovariance> merge(Belief<MeanAndCovariance> other) {
    if (other instanceof NormalInverseWishartBelief belief && model.equals(belief.model)) {
      return new NormalInverseWishartBelief(model, evidence.plus(belief.evidence));
    }
    throw Beliefs.otherFamily(this, other);
  }

  @Override
  public double count() {
    return evidence.count();
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    Beliefs.emptyQuery(model.tokenSpace(), query);
    double degrees = law.degrees - dimension() + 1;
    double factor = (precision + 1) / precision / degrees;
    return new MultivariateStudent(centreRow(), law.scale, factor, degrees);
  }

  private SimpleMatrix centreRow() {
    return new SimpleMatrix(1, dimension(), true, centre.clone());
  }

  private double excessDegrees(String what, int least) {
    double excess = law.degrees - dimension() - 1;
    if (excess > least) {
      return excess;
    }
    throw new UnsupportedOperationException(
        "this belief has no "
            + what
            + " because it does not exist below "
            + (dimension() + 1 + least)
            + " degrees of freedom, and there are "
            + law.degrees);
  }

  /** {@inheritDoc} E[μ] above the rows of E[Σ], shape (d + 1, d). */
  @Override
  public SimpleMatrix mean() {
    double excess = excessDegrees("mean of z", 0);
    return new MeanAndCovariance(centreRow(), scale.divide(excess)).matrix();
  }

  /** {@inheritDoc} Of μ, then Σ row by row: shape (d + d², d + d²). */
  @Override
  public SimpleMatrix covariance() {
    double excess = excessDegrees("covariance of z", 2);
    int d = dimension();
    int size = d + d * d;
    SimpleMatrix covariance = new SimpleMatrix(size, size);
    double[] out = covariance.getDDRM().data;
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        out[i * size + j] = scale.get(i, j) / excess / precision;
        for (int kl = 0; kl < d * d; kl++) {
          out[(d + i * d + j) * size + d + kl] = covariance(i, j, kl / d, kl % d) / (excess * excess);
        }
      }
    }
    return covariance;
  }

  // (f - d - 1)² Cov(Σ_ij, Σ_kl)
  private double covariance(int i, int j, int k, int l) {
    double excess = law.degrees - dimension() - 1;
    double crossed = scale.get(i, k) * scale.get(j, l) + scale.get(i, l) * scale.get(j, k);
    double straight = 2 * scale.get(i, j) * scale.get(k, l);
    return (straight + excess * crossed) / ((excess + 1) * (excess - 2));
  }

  @Override
  public double logEvidence() {
    int d = dimension();
    Cholesky before = Cholesky.of("scale", model.scale());
    InverseWishart prior = new InverseWishart(before, model.degreesOfFreedom());
    double growth = law.scale.logDeterminant() - before.logDeterminant();
    double spread = Math.log1p(count() / model.priorCount());
    return law.logGammaRatio(prior)
        - 0.5 * count() * (d * Math.log(Math.PI) + law.scale.logDeterminant())
        - 0.5 * prior.degrees * growth
        - 0.5 * d * spread;
  }

  @Override
  public double logDensity(MeanAndCovariance latent) {
    int d = dimension();
    Check.matrix("latent", latent.mean(), 1, d);
    Cholesky covariance = Cholesky.of("latent", latent.covariance());
    double square = covariance.squaredDistance(latent.mean().getDDRM().data, centre);
    double logs = d * (LOG_TWO_PI - Math.log(precision)) + covariance.logDeterminant();
    return law.logDensity(covariance) - 0.5 * (logs + precision * square);
  }

  @Override
  public double entropyNats() {
    int d = dimension();
    double ofMean = d * (LOG_TWO_PI + 1 - Math.log(precision)) + law.expectedLogDeterminant();
    return law.entropyNats() + 0.5 * ofMean;
  }

  /** {@inheritDoc} That of Σ plus the expected one of μ given Σ. */
  @Override
  public double klNats(Belief<MeanAndCovariance> other) {
    if (!(other instanceof NormalInverseWishartBelief belief)
        || belief.dimension() != dimension()) {
      throw Beliefs.otherFamily(this, other);
    }
    double square = law.degrees * law.scale.squaredDistance(centre, belief.centre);
    double ofMean = dimension() * Beliefs.excess(belief.precision / precision);
    return law.klNats(belief.law) + 0.5 * (ofMean + belief.precision * square);
  }

  @Override
  public MeanAndCovariance sample(RandomGenerator rng) {
    int d = dimension();
    SimpleMatrix root = new SimpleMatrix(d, d, true, law.drawRoot(rng));
    double[] normal = new double[d];
    Normal.fill(normal, 0, d, rng);
    double[] mean = centre.clone();
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        mean[i] += root.get(i, j) * normal[j] / Math.sqrt(precision);
      }
    }
    return new MeanAndCovariance(
        new SimpleMatrix(1, d, true, mean), root.mult(root.transpose()));
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
