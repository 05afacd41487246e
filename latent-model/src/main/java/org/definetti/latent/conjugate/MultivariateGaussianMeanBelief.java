package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Cholesky;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * {@code z = m0 + Σ_i c_i b_i} with independent {@code c_i ~ N(centre_i, w_i)}, in the coordinates
 * of {@link JointDiagonal}; see {@link MultivariateGaussianMean} for the formulas.
 */
final class MultivariateGaussianMeanBelief implements Belief<SimpleMatrix> {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final MultivariateGaussianMean model;
  private final Scatter evidence;
  private final double[] centre; // (rank)
  private final double[] weights; // (rank) posterior variances
  private final SimpleMatrix mean;

  MultivariateGaussianMeanBelief(MultivariateGaussianMean model, Scatter evidence) {
    this.model = model;
    this.evidence = evidence;
    JointDiagonal basis = model.basis();
    this.centre = new double[basis.rank];
    this.weights = new double[basis.rank];
    double[] average = evidence.count() > 0 ? basis.coordinates(whitenedGap()) : centre.clone();
    for (int i = 0; i < basis.rank; i++) {
      weights[i] = basis.variance(i) / (1 + evidence.count() * basis.variance(i));
      centre[i] = evidence.count() * weights[i] * average[i];
    }
    double[] row = model.priorMean().getDDRM().data.clone();
    basis.addImage(centre, row);
    this.mean = new SimpleMatrix(1, row.length, true, row);
  }

  // G⁻¹ (x̄ - m0)
  private double[] whitenedGap() {
    double[] gap = evidence.gap(model.priorMean().getDDRM().data);
    model.noise().solveLower(gap);
    return gap;
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    Beliefs.ofSpace(model.tokenSpace(), tokens);
    double[] rows = new double[tokens.length() * tokens.space().width()];
    tokens.copyRows(rows, 0);
    Scatter block = Scatter.of(rows, evidence.width());
    return new MultivariateGaussianMeanBelief(model, evidence.plus(block));
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (other instanceof MultivariateGaussianMeanBelief belief && model.equals(belief.model)) {
      return new MultivariateGaussianMeanBelief(model, evidence.plus(belief.evidence));
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
    return new NewToken();
  }

  @Override
  public SimpleMatrix mean() {
    return mean;
  }

  @Override
  public SimpleMatrix covariance() {
    return model.basis().covariance(new SimpleMatrix(mean.getNumCols(), mean.getNumCols()), weights);
  }

  /**
   * {@inheritDoc} Whitened, a token is N(m0, I + S0'): the scatter, the mean's part along each
   * direction, divided by {@code 1 + L λ}, and the mean's part off all of them.
   */
  @Override
  public double logEvidence() {
    double count = count();
    if (count == 0) {
      return 0;
    }
    JointDiagonal basis = model.basis();
    double[] gap = whitenedGap();
    double[] along = basis.coordinates(gap);
    double square = whitenedScatter() + count * basis.squareOff(gap);
    double logs = count * (mean.getNumCols() * LOG_TWO_PI + model.noise().logDeterminant());
    for (int i = 0; i < basis.rank; i++) {
      double spread = count * basis.variance(i);
      square += count * along[i] * along[i] / (1 + spread);
      logs += Math.log1p(spread);
    }
    return -0.5 * (logs + square);
  }

  // tr(S⁻¹ scatter)
  private double whitenedScatter() {
    int d = mean.getNumCols();
    double sum = 0;
    double[] column = new double[d];
    double[] rows = new double[d * d];
    for (int j = 0; j < d; j++) {
      for (int i = 0; i < d; i++) {
        column[i] = evidence.square(i, j);
      }
      model.noise().solveLower(column);
      for (int i = 0; i < d; i++) {
        rows[i * d + j] = column[i];
      }
    }
    for (int i = 0; i < d; i++) {
      System.arraycopy(rows, i * d, column, 0, d);
      model.noise().solveLower(column);
      sum += column[i];
    }
    return sum;
  }

  private void requireFullRank(String what) {
    if (model.basis().rank < mean.getNumCols()) {
      throw new UnsupportedOperationException(
          "this belief has no "
              + what
              + " because the prior covariance is singular: z lies in "
              + model.basis().rank
              + " of "
              + mean.getNumCols()
              + " dimensions");
    }
  }

  @Override
  public double logDensity(SimpleMatrix latent) {
    Check.matrix("latent", latent, 1, mean.getNumCols());
    requireFullRank("density");
    double[] gap = latent.minus(mean).getDDRM().data;
    model.noise().solveLower(gap);
    double[] along = model.basis().coordinates(gap);
    double sum = model.noise().logDeterminant();
    for (int i = 0; i < weights.length; i++) {
      sum += LOG_TWO_PI + Math.log(weights[i]) + along[i] * along[i] / weights[i];
    }
    return -0.5 * sum;
  }

  @Override
  public double entropyNats() {
    requireFullRank("entropy");
    double sum = model.noise().logDeterminant();
    for (double weight : weights) {
      sum += LOG_TWO_PI + 1 + Math.log(weight);
    }
    return 0.5 * sum;
  }

  /**
   * {@inheritDoc} Between beliefs of one model it is exact even where the prior covariance is
   * singular.
   */
  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (!(other instanceof MultivariateGaussianMeanBelief belief)
        || !belief.model.tokenSpace().equals(model.tokenSpace())) {
      throw Beliefs.otherFamily(this, other);
    }
    return model.equals(belief.model) ? klOfSameModel(belief) : klOfOtherModel(belief);
  }

  private double klOfSameModel(MultivariateGaussianMeanBelief belief) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double gap = centre[i] - belief.centre[i];
      sum += Beliefs.excess(weights[i] / belief.weights[i]) + gap * gap / belief.weights[i];
    }
    return 0.5 * sum;
  }

  private double klOfOtherModel(MultivariateGaussianMeanBelief belief) {
    requireFullRank("divergence from a belief of another model");
    belief.requireFullRank("divergence from a belief of another model");
    Cholesky mine = Cholesky.of("covariance", covariance());
    Cholesky theirs = Cholesky.of("covariance", belief.covariance());
    double square = theirs.squaredDistance(mean.getDDRM().data, belief.mean.getDDRM().data);
    return 0.5 * (Beliefs.excess(mine, theirs) + square);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    double[] row = mean.getDDRM().data.clone();
    addNoise(row, rng);
    return new SimpleMatrix(1, row.length, true, row);
  }

  private void addNoise(double[] row, RandomGenerator rng) {
    double[] coordinates = new double[weights.length];
    Normal.fill(coordinates, 0, coordinates.length, rng);
    for (int i = 0; i < coordinates.length; i++) {
      coordinates[i] *= Math.sqrt(weights[i]);
    }
    model.basis().addImage(coordinates, row);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }

  /** N(E[z | X], S + Cov(z | X)), in the same coordinates: no ill-conditioned sum is factored. */
  private final class NewToken implements Predictive {

    @Override
    public SimpleMatrix mean() {
      return mean;
    }

    @Override
    public SimpleMatrix covariance() {
      return model.basis().covariance(model.noiseCovariance(), weights);
    }

    @Override
    public double logProbability(double[] value) {
      Check.width("value", mean.getNumCols(), value);
      double[] gap = value.clone();
      for (int i = 0; i < gap.length; i++) {
        gap[i] -= mean.getDDRM().data[i];
      }
      model.noise().solveLower(gap);
      double[] along = model.basis().coordinates(gap);
      double sum = value.length * LOG_TWO_PI + model.noise().logDeterminant();
      sum += model.basis().squareOff(gap);
      for (int i = 0; i < weights.length; i++) {
        sum += Math.log1p(weights[i]) + along[i] * along[i] / (1 + weights[i]);
      }
      return -0.5 * sum;
    }

    @Override
    public double[] draw(RandomGenerator rng) {
      double[] value = new double[mean.getNumCols()];
      Normal.fill(value, 0, value.length, rng);
      model.noise().multiply(value);
      for (int i = 0; i < value.length; i++) {
        value[i] += mean.getDDRM().data[i];
      }
      addNoise(value, rng);
      return value;
    }
  }
}
