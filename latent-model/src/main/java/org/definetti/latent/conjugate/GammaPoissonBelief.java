package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Tokens;
import org.definetti.latent.special.SpecialFunctions;
import org.definetti.random.Poisson;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/** Gamma(a + Σ x, b + L) over z; see {@link GammaPoisson} for the formulas. */
final class GammaPoissonBelief implements Belief<SimpleMatrix> {

  private final GammaPoisson model;
  private final SumStatistic evidence;
  private final @Nullable SumStatistic factorials; // Σ log x!; null if the tokens were never seen
  private final GammaLaw law;

  private GammaPoissonBelief(
      GammaPoisson model, SumStatistic evidence, @Nullable SumStatistic factorials) {
    this.model = model;
    this.evidence = evidence;
    this.factorials = factorials;
    this.law = new GammaLaw(model.shape() + evidence.sum(0), model.rate() + evidence.count());
  }

  static GammaPoissonBelief prior(GammaPoisson model) {
    return new GammaPoissonBelief(model, SumStatistic.none(1), SumStatistic.none(1));
  }

  static GammaPoissonBelief of(GammaPoisson model, double count, SimpleMatrix sum) {
    SumStatistic evidence = SumStatistic.of(count, sum, 1);
    Check.positive("shape + sum", model.shape() + evidence.sum(0));
    return new GammaPoissonBelief(model, evidence, null);
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    double[] counts = model.statistic(tokens).getDDRM().data;
    SumStatistic more = evidence.plus(counts.length, counts);
    if (factorials == null) {
      return new GammaPoissonBelief(model, more, null);
    }
    double[] logs = new double[counts.length];
    for (int l = 0; l < logs.length; l++) {
      logs[l] = SpecialFunctions.logGamma(counts[l] + 1);
    }
    return new GammaPoissonBelief(model, more, factorials.plus(logs.length, logs));
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (other instanceof GammaPoissonBelief belief && model.equals(belief.model)) {
      return new GammaPoissonBelief(
          model, evidence.plus(belief.evidence), sum(factorials, belief.factorials));
    }
    throw Beliefs.otherFamily(this, other);
  }

  private static @Nullable SumStatistic sum(@Nullable SumStatistic a, @Nullable SumStatistic b) {
    return a == null || b == null ? null : a.plus(b);
  }

  @Override
  public double count() {
    return evidence.count();
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    Beliefs.emptyQuery(model.tokenSpace(), query);
    return new NegativeBinomial(law);
  }

  /** A Poisson count whose rate follows a gamma law. */
  private record NegativeBinomial(GammaLaw law) implements Predictive {

    @Override
    public SimpleMatrix mean() {
      return new SimpleMatrix(1, 1, true, law.mean());
    }

    @Override
    public SimpleMatrix covariance() {
      return new SimpleMatrix(1, 1, true, law.mean() + law.variance());
    }

    @Override
    public double logProbability(double[] value) {
      Check.width("value", 1, value);
      double x = GammaPoisson.count("value", value[0]);
      return SpecialFunctions.logRising(law.shape(), x)
          - SpecialFunctions.logGamma(x + 1)
          - law.shape() * Math.log1p(1 / law.rate())
          - x * Math.log1p(law.rate());
    }

    @Override
    public double[] draw(RandomGenerator rng) {
      return new double[] {(double) Poisson.draw(law.draw(rng), rng)};
    }
  }

  @Override
  public SimpleMatrix mean() {
    return new SimpleMatrix(1, 1, true, law.mean());
  }

  @Override
  public SimpleMatrix covariance() {
    return new SimpleMatrix(1, 1, true, law.variance());
  }

  @Override
  public double logEvidence() {
    if (factorials == null) {
      throw new UnsupportedOperationException(
          "this belief has no evidence because the factorials of its tokens are not known");
    }
    double sum = evidence.sum(0);
    return SpecialFunctions.logRising(model.shape(), sum)
        - model.shape() * Math.log1p(count() / model.rate())
        - sum * Math.log(law.rate())
        - factorials.sum(0);
  }

  @Override
  public double logDensity(SimpleMatrix latent) {
    return law.logDensity(Check.matrix("latent", latent, 1, 1).get(0, 0));
  }

  @Override
  public double entropyNats() {
    return law.entropyNats();
  }

  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (other instanceof GammaPoissonBelief belief) {
      return law.klNats(belief.law);
    }
    throw Beliefs.otherFamily(this, other);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    return new SimpleMatrix(1, 1, true, law.draw(rng));
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
