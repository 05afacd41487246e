package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Tokens;
import org.definetti.random.Beta;
import org.ejml.simple.SimpleMatrix;

/** Beta(a + s, b + L - s) over z; see {@link BetaBernoulli} for the formulas. */
final class BetaBernoulliBelief implements Belief<SimpleMatrix> {

  private final BetaBernoulli model;
  private final SumStatistic evidence;
  private final DirichletLaw law; // of (z, 1 - z)

  BetaBernoulliBelief(BetaBernoulli model, SumStatistic evidence) {
    this.model = model;
    this.evidence = evidence;
    double ones = evidence.sum(0);
    this.law = new DirichletLaw(model.a() + ones, model.b() + (evidence.count() - ones));
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    return new BetaBernoulliBelief(model, evidence.plus(model.statistic(tokens)));
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (other instanceof BetaBernoulliBelief belief && model.equals(belief.model)) {
      return new BetaBernoulliBelief(model, evidence.plus(belief.evidence));
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
    return new Bernoulli(law.mean(0), law.mean(1));
  }

  /** The predictive of the one number 1{x = 1}. */
  private record Bernoulli(double one, double zero) implements Predictive {

    @Override
    public SimpleMatrix mean() {
      return new SimpleMatrix(1, 1, true, one);
    }

    @Override
    public SimpleMatrix covariance() {
      return new SimpleMatrix(1, 1, true, one * zero);
    }

    @Override
    public double logProbability(double[] value) {
      Check.width("value", 1, value);
      if (value[0] != 0 && value[0] != 1) {
        throw new IllegalArgumentException("value: expected 0 or 1, got " + value[0]);
      }
      return Math.log(value[0] == 1 ? one : zero);
    }

    @Override
    public double[] draw(RandomGenerator rng) {
      return new double[] {rng.nextDouble() < one ? 1 : 0};
    }
  }

  @Override
  public SimpleMatrix mean() {
    return new SimpleMatrix(1, 1, true, law.mean(0));
  }

  @Override
  public SimpleMatrix covariance() {
    return new SimpleMatrix(1, 1, true, law.covariance(0, 0));
  }

  @Override
  public double logEvidence() {
    return law.logNormaliserRatio(new DirichletLaw(model.a(), model.b()));
  }

  @Override
  public double logDensity(SimpleMatrix latent) {
    double z = Check.matrix("latent", latent, 1, 1).get(0, 0);
    return law.logDensity(new double[] {z, 1 - z});
  }

  @Override
  public double entropyNats() {
    return law.entropyNats();
  }

  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (other instanceof BetaBernoulliBelief belief) {
      return law.klNats(belief.law);
    }
    throw Beliefs.otherFamily(this, other);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    double[] concentration = law.concentration();
    return new SimpleMatrix(1, 1, true, Beta.draw(concentration[0], concentration[1], rng));
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
