package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * The belief that any conjugate exponential family gets for free: a count and a sum of statistics.
 *
 * <pre>{@code
 * E[T(x) | X] = (Σ_l T(x^l) + ν·χ0) / (L + ν)
 * }</pre>
 *
 * <ul>
 *   <li>A model returns {@code ConjugateBelief.prior(this)} from {@code prior()} and {@code
 *       ConjugateBelief.of(this, count, sum)} from {@code posterior(count, sum)}.
 *   <li>It answers {@link #observe}, {@link #merge}, {@link #count} and the mean of {@link
 *       #predictive}: all that the count and the sum determine. The rest (moments of z, evidence,
 *       densities) differs from family to family, and the methods say so when asked.
 *   <li>Accuracy: compensated sums, a few ulps of the largest partial sum for any number of tokens.
 *   <li>Source: [recalled: Diaconis-Ylvisaker].
 * </ul>
 *
 * @param <Z> the type of the latent
 */
public final class ConjugateBelief<Z> implements Belief<Z> {

  private final ConjugateModel<Z> model;
  private final SumStatistic evidence;

  private ConjugateBelief(ConjugateModel<Z> model, SumStatistic evidence) {
    this.model = model;
    this.evidence = evidence;
  }

  /** Returns the belief before any token. */
  public static <Z> ConjugateBelief<Z> prior(ConjugateModel<Z> model) {
    Check.positive("priorCount", model.priorCount());
    int width = Check.matrix("priorMean", model.priorMean(), 1, -1).getNumCols();
    return new ConjugateBelief<>(model, SumStatistic.none(width));
  }

  /**
   * Returns the belief after {@code count} tokens whose statistics sum to {@code sum}.
   *
   * @param sum shape (1, p), as the model's prior mean
   */
  public static <Z> ConjugateBelief<Z> of(ConjugateModel<Z> model, double count, SimpleMatrix sum) {
    int width = prior(model).evidence.width();
    return new ConjugateBelief<>(model, SumStatistic.of(count, sum, width));
  }

  @Override
  public Belief<Z> observe(Tokens tokens) {
    Beliefs.ofSpace(model.tokenSpace(), tokens);
    SimpleMatrix statistics = model.statistic(tokens);
    Check.matrix("statistic", statistics, tokens.length(), evidence.width());
    return new ConjugateBelief<>(model, evidence.plus(statistics));
  }

  /** {@inheritDoc} The models must be the same object or {@code equal}. */
  @Override
  public Belief<Z> merge(Belief<Z> other) {
    if (other instanceof ConjugateBelief<Z> belief && model.equals(belief.model)) {
      return new ConjugateBelief<>(model, evidence.plus(belief.evidence));
    }
    throw Beliefs.otherFamily(this, other);
  }

  @Override
  public double count() {
    return evidence.count();
  }

  /** {@inheritDoc} Only its mean, the expected statistic, is known for a general family. */
  @Override
  public Predictive predictive(SimpleMatrix query) {
    Beliefs.emptyQuery(model.tokenSpace(), query);
    double[] mean = model.priorMean().getDDRM().data.clone();
    double nu = model.priorCount();
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (evidence.sum(i) + nu * mean[i]) / (evidence.count() + nu);
    }
    return new MeanOnly(new SimpleMatrix(1, mean.length, true, mean));
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }

  private record MeanOnly(SimpleMatrix mean) implements Predictive {

    @Override
    public SimpleMatrix covariance() {
      throw unknown("covariance");
    }

    @Override
    public double logProbability(double[] value) {
      throw unknown("probability");
    }

    @Override
    public double[] draw(RandomGenerator rng) {
      throw unknown("sampler");
    }

    private static UnsupportedOperationException unknown(String what) {
      return new UnsupportedOperationException(
          "this predictive has no "
              + what
              + " because count and sum of statistics determine its mean only;"
              + " the model can return a belief of its own");
    }
  }
}
