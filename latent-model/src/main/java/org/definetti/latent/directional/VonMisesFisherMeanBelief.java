package org.definetti.latent.directional;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Tokens;
import org.definetti.latent.special.SphereIntegrals;
import org.ejml.simple.SimpleMatrix;

/** vMF(η0 + κ Σ x) over z; see {@link VonMisesFisherMean} for the formulas. */
final class VonMisesFisherMeanBelief implements Belief<SimpleMatrix> {

  private final VonMisesFisherMean model;
  private final SumStatistic evidence;
  private final VonMisesFisherLaw law;

  private VonMisesFisherMeanBelief(VonMisesFisherMean model, SumStatistic evidence) {
    this.model = model;
    this.evidence = evidence;
    double[] natural = model.priorParameter().getDDRM().data.clone();
    for (int i = 0; i < natural.length; i++) {
      natural[i] += model.concentration() * evidence.sum(i);
    }
    this.law = new VonMisesFisherLaw(natural);
  }

  static VonMisesFisherMeanBelief prior(VonMisesFisherMean model) {
    return new VonMisesFisherMeanBelief(model, SumStatistic.none(model.tokenSpace().dimension()));
  }

  /** Returns the law of z. */
  VonMisesFisherLaw law() {
    return law;
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    return observe(tokens.length(), Directions.unitRows(tokens, tokens.space().width()));
  }

  VonMisesFisherMeanBelief observe(int length, double[] rows) {
    return new VonMisesFisherMeanBelief(model, evidence.plus(length, rows));
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (other instanceof VonMisesFisherMeanBelief belief && model.equals(belief.model)) {
      return merge(belief);
    }
    throw Directions.otherFamily(this, other);
  }

  VonMisesFisherMeanBelief merge(VonMisesFisherMeanBelief other) {
    return new VonMisesFisherMeanBelief(model, evidence.plus(other.evidence));
  }

  @Override
  public double count() {
    return evidence.count();
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    Check.matrix("query", query, 1, model.tokenSpace().keyWidth());
    return predictive();
  }

  DirectionPredictive predictive() {
    return new DirectionPredictive(law, model.concentration());
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
    int d = law.dimension();
    double kappa = model.concentration();
    double before = model.priorParameter().normF();
    double each = SphereIntegrals.logScaledNormaliser(d, kappa) + SphereIntegrals.logArea(d);
    return (law.concentration() - before - count() * kappa)
        + SphereIntegrals.logScaledNormaliser(d, law.concentration())
        - SphereIntegrals.logScaledNormaliser(d, before)
        - count() * each;
  }

  @Override
  public double logDensity(SimpleMatrix latent) {
    return law.logProbability(Directions.unitRow("latent", latent, law.dimension()));
  }

  @Override
  public double entropyNats() {
    return law.entropyNats();
  }

  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (other instanceof VonMisesFisherMeanBelief belief
        && belief.law.dimension() == law.dimension()) {
      return law.klNats(belief.law);
    }
    throw Directions.otherFamily(this, other);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    return new SimpleMatrix(1, law.dimension(), true, law.draw(rng));
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
