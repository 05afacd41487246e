package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.Predictive;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/** N(mean, variance · I) over z; see {@link GaussianMean} for the formulas. */
final class GaussianMeanBelief implements Belief<SimpleMatrix> {

  private final GaussianMean model;
  private final SumStatistic evidence;
  // Σ_l |x^l - x̄|², for the evidence; NaN if the tokens were never seen
  private final double scatter;
  private final IsotropicGaussian law;

  private GaussianMeanBelief(GaussianMean model, SumStatistic evidence, double scatter) {
    this.model = model;
    this.evidence = evidence;
    this.scatter = scatter;
    double total = evidence.count() + model.priorCount();
    this.law = new IsotropicGaussian(posteriorMean(total), model.noiseVariance() / total);
  }

  static GaussianMeanBelief prior(GaussianMean model) {
    return new GaussianMeanBelief(model, SumStatistic.none(model.tokenSpace().dimension()), 0);
  }

  static GaussianMeanBelief of(GaussianMean model, double count, SimpleMatrix sum) {
    SumStatistic evidence = SumStatistic.of(count, sum, model.tokenSpace().dimension());
    return new GaussianMeanBelief(model, evidence, Double.NaN);
  }

  private SimpleMatrix posteriorMean(double total) {
    double[] prior = model.priorMean().getDDRM().data;
    SimpleMatrix mean = new SimpleMatrix(1, prior.length);
    for (int i = 0; i < prior.length; i++) {
      mean.getDDRM().data[i] = (evidence.sum(i) + model.priorCount() * prior[i]) / total;
    }
    return mean;
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    Beliefs.ofSpace(model.tokenSpace(), tokens);
    double[] rows = new double[tokens.length() * tokens.space().width()];
    tokens.copyRows(rows, 0);
    SumStatistic block = SumStatistic.none(tokens.space().width()).plus(tokens.length(), rows);
    return plus(block, scatter(block, rows));
  }

  private static double scatter(SumStatistic block, double[] rows) {
    double sum = 0;
    double lost = 0;
    int width = block.width();
    for (int j = 0; j < rows.length; j++) {
      double gap = rows[j] - block.sum(j % width) / block.count();
      double term = gap * gap - lost;
      double next = sum + term;
      lost = (next - sum) - term;
      sum = next;
    }
    return sum;
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (other instanceof GaussianMeanBelief belief && model.equals(belief.model)) {
      return plus(belief.evidence, belief.scatter);
    }
    throw Beliefs.otherFamily(this, other);
  }

  // Scatters of two blocks add up to less than that of both by the spread of their means.
  private GaussianMeanBelief plus(SumStatistic block, double blockScatter) {
    double between = 0;
    if (count() > 0 && block.count() > 0) {
      for (int i = 0; i < block.width(); i++) {
        double gap = evidence.sum(i) / count() - block.sum(i) / block.count();
        between += gap * gap;
      }
      between *= count() * (block.count() / (count() + block.count()));
    }
    return new GaussianMeanBelief(model, evidence.plus(block), scatter + blockScatter + between);
  }

  @Override
  public double count() {
    return evidence.count();
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    Beliefs.emptyQuery(model.tokenSpace(), query);
    return new IsotropicGaussian(law.mean(), model.noiseVariance() + law.variance());
  }

  @Override
  public SimpleMatrix mean() {
    return law.mean();
  }

  @Override
  public SimpleMatrix covariance() {
    return law.covariance();
  }

  @Override
  public double logEvidence() {
    if (Double.isNaN(scatter)) {
      throw new UnsupportedOperationException(
          "this belief has no evidence because the squares of its tokens are not known");
    }
    if (count() == 0) {
      return 0;
    }
    double nu = model.priorCount();
    double s2 = model.noiseVariance();
    double[] prior = model.priorMean().getDDRM().data;
    double between = 0;
    for (int i = 0; i < prior.length; i++) {
      double gap = evidence.sum(i) / count() - prior[i];
      between += gap * gap;
    }
    double square = scatter + count() * (nu / (count() + nu)) * between;
    double logs = count() * Math.log(2 * Math.PI * s2) + Math.log1p(count() / nu);
    return -0.5 * (prior.length * logs + square / s2);
  }

  @Override
  public double logDensity(SimpleMatrix latent) {
    Check.matrix("latent", latent, 1, model.tokenSpace().dimension());
    return law.logProbability(latent.getDDRM().data);
  }

  @Override
  public double entropyNats() {
    return 0.5 * model.tokenSpace().dimension() * Math.log(2 * Math.PI * Math.E * law.variance());
  }

  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (!(other instanceof GaussianMeanBelief belief)
        || !belief.model.tokenSpace().equals(model.tokenSpace())) {
      throw Beliefs.otherFamily(this, other);
    }
    int d = model.tokenSpace().dimension();
    double square = 0;
    for (int i = 0; i < d; i++) {
      double gap = law.mean().get(0, i) - belief.law.mean().get(0, i);
      square += gap * gap;
    }
    double theirs = belief.law.variance();
    return 0.5 * (d * Beliefs.excess(law.variance() / theirs) + square / theirs);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    return new SimpleMatrix(1, model.tokenSpace().dimension(), true, law.draw(rng));
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
