package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Tokens;
import org.definetti.random.Dirichlet;
import org.ejml.simple.SimpleMatrix;

/** Dirichlet(α + n) over z; see {@link DirichletCategorical} for the formulas. */
final class DirichletCategoricalBelief implements Belief<SimpleMatrix> {

  private final DirichletCategorical model;
  private final SumStatistic evidence;
  private final DirichletLaw law;

  DirichletCategoricalBelief(DirichletCategorical model, SumStatistic evidence) {
    this.model = model;
    this.evidence = evidence;
    double[] concentration = model.alpha().getDDRM().data;
    for (int w = 0; w < concentration.length; w++) {
      concentration[w] += evidence.sum(w);
    }
    this.law = new DirichletLaw(concentration);
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    Beliefs.ofSpace(model.tokenSpace(), tokens);
    double[] counts = new double[law.width()]; // counted, never as one-hot rows
    for (int l = 0; l < tokens.length(); l++) {
      counts[(int) tokens.at(l, 0)]++;
    }
    return new DirichletCategoricalBelief(model, evidence.plusSummed(tokens.length(), counts));
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (other instanceof DirichletCategoricalBelief belief && model.equals(belief.model)) {
      return new DirichletCategoricalBelief(model, evidence.plus(belief.evidence));
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
    return new CategoricalPredictive(mean());
  }

  @Override
  public SimpleMatrix mean() {
    SimpleMatrix mean = new SimpleMatrix(1, law.width());
    for (int w = 0; w < law.width(); w++) {
      mean.getDDRM().data[w] = law.mean(w);
    }
    return mean;
  }

  @Override
  public SimpleMatrix covariance() {
    int width = law.width();
    SimpleMatrix covariance = new SimpleMatrix(width, width);
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        covariance.getDDRM().data[i * width + j] = law.covariance(i, j);
      }
    }
    return covariance;
  }

  @Override
  public double logEvidence() {
    return law.logNormaliserRatio(new DirichletLaw(model.alpha().getDDRM().data));
  }

  /** {@inheritDoc} The density is with respect to all coordinates but the last. */
  @Override
  public double logDensity(SimpleMatrix latent) {
    return law.logDensity(Check.matrix("latent", latent, 1, law.width()).getDDRM().data);
  }

  @Override
  public double entropyNats() {
    return law.entropyNats();
  }

  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (other instanceof DirichletCategoricalBelief belief && belief.law.width() == law.width()) {
      return law.klNats(belief.law);
    }
    throw Beliefs.otherFamily(this, other);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    return new SimpleMatrix(1, law.width(), true, Dirichlet.draw(law.concentration(), rng));
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
