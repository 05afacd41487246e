package org.definetti.latent.mixture;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.special.SpecialFunctions;
import org.ejml.simple.SimpleMatrix;

/** Distinct values and their counts; see {@link DirichletProcess} for the formulas. */
final class DirichletProcessBelief implements Belief<RandomMeasure> {

  private final DirichletProcess model;
  private final Map<Token, Integer> counts; // in the order of first appearance; never modified
  private final SumStatistic sum;

  private DirichletProcessBelief(
      DirichletProcess model, Map<Token, Integer> counts, SumStatistic sum) {
    this.model = model;
    this.counts = counts;
    this.sum = sum;
  }

  static DirichletProcessBelief prior(DirichletProcess model) {
    SumStatistic none = SumStatistic.none(model.tokenSpace().dimension());
    return new DirichletProcessBelief(model, new LinkedHashMap<>(), none);
  }

  @Override
  public Belief<RandomMeasure> observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    Map<Token, Integer> more = new LinkedHashMap<>(counts);
    double[] rows = new double[tokens.length() * model.tokenSpace().dimension()];
    tokens.copyRows(rows, 0);
    for (int l = 0; l < tokens.length(); l++) {
      more.merge(value(tokens.get(l).coordinates()), 1, Math::addExact);
    }
    return new DirichletProcessBelief(model, more, sum.plus(tokens.length(), rows));
  }

  // -0.0 and 0.0 are one value; as keys their bits would differ.
  private static Token value(double[] coordinates) {
    for (int i = 0; i < coordinates.length; i++) {
      coordinates[i] += 0.0;
    }
    return Token.real(coordinates);
  }

  @Override
  public Belief<RandomMeasure> merge(Belief<RandomMeasure> other) {
    if (!(other instanceof DirichletProcessBelief belief) || !model.equals(belief.model)) {
      throw new IllegalArgumentException(
          "other: expected a belief of the same model as " + this + ", got " + other);
    }
    Map<Token, Integer> more = new LinkedHashMap<>(counts);
    belief.counts.forEach((value, count) -> more.merge(value, count, Math::addExact));
    return new DirichletProcessBelief(model, more, sum.plus(belief.sum));
  }

  @Override
  public double count() {
    return sum.count();
  }

  private double total() {
    return model.concentration() + count();
  }

  /** {@inheritDoc} It has atoms and a density: see {@link DirichletProcess} for which is meant. */
  @Override
  public Predictive predictive(SimpleMatrix query) {
    Check.matrix("query", query, 1, model.tokenSpace().keyWidth());
    return new ChineseRestaurant();
  }

  private final class ChineseRestaurant implements Predictive {

    @Override
    public SimpleMatrix mean() {
      return DirichletProcessBelief.this.mean();
    }

    @Override
    public SimpleMatrix covariance() {
      return spread();
    }

    @Override
    public double logProbability(double[] value) {
      Check.width("value", model.tokenSpace().dimension(), value);
      Integer seen = counts.get(value(value.clone()));
      return seen == null
          ? Math.log(model.concentration() / total()) + model.base().logProbability(value)
          : Math.log(seen / total());
    }

    @Override
    public double[] draw(RandomGenerator rng) {
      double table = rng.nextDouble() * total();
      for (Map.Entry<Token, Integer> entry : counts.entrySet()) {
        table -= entry.getValue();
        if (table < 0) {
          return entry.getKey().coordinates();
        }
      }
      return model.base().draw(rng);
    }
  }

  /** {@inheritDoc} It is E[∫ x dG | X], the predictive mean. */
  @Override
  public SimpleMatrix mean() {
    double[] mean = model.base().mean().getDDRM().data.clone();
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (sum.sum(i) + model.concentration() * mean[i]) / total();
    }
    return new SimpleMatrix(1, mean.length, true, mean);
  }

  /** {@inheritDoc} It is Cov(∫ x dG | X): the predictive's covariance over ν + L + 1. */
  @Override
  public SimpleMatrix covariance() {
    return spread().divide(total() + 1);
  }

  /** Returns the covariance of the predictive law, from centred values: nothing cancels. */
  private SimpleMatrix spread() {
    double[] centre = mean().getDDRM().data;
    int d = centre.length;
    double[] covariance = new double[d * d];
    double fresh = model.concentration() / total();
    addSquare(covariance, fresh, model.base().mean().getDDRM().data, centre);
    for (int i = 0; i < d; i++) {
      covariance[i * d + i] += fresh * model.base().variance();
    }
    counts.forEach(
        (value, count) -> addSquare(covariance, count / total(), value.coordinates(), centre));
    return new SimpleMatrix(d, d, true, covariance);
  }

  private static void addSquare(double[] sum, double weight, double[] value, double[] centre) {
    int d = centre.length;
    for (int i = 0; i < d; i++) {
      double scaled = weight * (value[i] - centre[i]);
      for (int j = 0; j < d; j++) {
        sum[i * d + j] += scaled * (value[j] - centre[j]);
      }
    }
  }

  /** {@inheritDoc} Of the partition into equal values times the density of the distinct values. */
  @Override
  public double logEvidence() {
    double[] terms = new double[counts.size()];
    double before = model.concentration();
    int j = 0;
    // Γ(ν) Π Γ(n_j) / Γ(ν + L) as a product of Beta functions, so that large ones do not cancel.
    for (Map.Entry<Token, Integer> entry : counts.entrySet()) {
      double partition = SpecialFunctions.logBeta(before, entry.getValue());
      double density = model.base().logProbability(entry.getKey().coordinates());
      terms[j++] = Math.log(model.concentration()) + partition + density;
      before += entry.getValue();
    }
    return SumStatistic.none(1).plus(terms.length, terms).sum(0);
  }

  @Override
  public double logDensity(RandomMeasure latent) {
    throw none("density");
  }

  @Override
  public double entropyNats() {
    throw none("entropy");
  }

  @Override
  public double klNats(Belief<RandomMeasure> other) {
    throw none("divergence");
  }

  private static UnsupportedOperationException none(String what) {
    return new UnsupportedOperationException(
        "this belief has no "
            + what
            + " because a law over infinitely many atoms has no density with respect to a measure"
            + " that prior and posterior share");
  }

  @Override
  public RandomMeasure sample(RandomGenerator rng) {
    int d = model.tokenSpace().dimension();
    double[] seen = new double[counts.size() * d];
    double[] often = new double[counts.size()];
    int j = 0;
    for (Map.Entry<Token, Integer> entry : counts.entrySet()) {
      System.arraycopy(entry.getKey().coordinates(), 0, seen, j * d, d);
      often[j++] = entry.getValue();
    }
    return RandomMeasure.draw(model, seen, often, rng);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens, " + counts.size() + " distinct";
  }
}
