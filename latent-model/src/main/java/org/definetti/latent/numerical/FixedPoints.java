package org.definetti.latent.numerical;

import java.util.List;
import org.definetti.latent.Check;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/** Latents that never move with the log-likelihood of the tokens under each: a sum, so a monoid. */
final class FixedPoints<Z> {

  private final LikelihoodModel<Z> model;
  private final List<Z> latents;
  private final SumStatistic logLikelihoods;

  private FixedPoints(LikelihoodModel<Z> model, List<Z> latents, SumStatistic logLikelihoods) {
    this.model = model;
    this.latents = latents;
    this.logLikelihoods = logLikelihoods;
  }

  static <Z> FixedPoints<Z> of(LikelihoodModel<Z> model, List<Z> latents) {
    return new FixedPoints<>(model, List.copyOf(latents), SumStatistic.none(latents.size()));
  }

  FixedPoints<Z> observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    double[] sums = new double[latents.size()];
    for (int k = 0; k < sums.length; k++) {
      sums[k] = model.logLikelihood(latents.get(k), tokens);
    }
    SumStatistic more = logLikelihoods.plusSummed(tokens.length(), sums);
    return new FixedPoints<>(model, latents, more);
  }

  FixedPoints<Z> merge(FixedPoints<Z> other) {
    return new FixedPoints<>(model, latents, logLikelihoods.plus(other.logLikelihoods));
  }

  LikelihoodModel<Z> model() {
    return model;
  }

  List<Z> latents() {
    return latents;
  }

  double count() {
    return logLikelihoods.count();
  }

  /** Returns the log-likelihood of each latent plus what {@code logPrior} says of it. */
  double[] logWeights(double[] logPrior) {
    double[] logs = new double[logPrior.length];
    for (int k = 0; k < logs.length; k++) {
      logs[k] = logPrior[k] + logLikelihoods.sum(k);
    }
    return logs;
  }

  /** Returns whether two lists hold the same latents. */
  static boolean same(List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int k = 0; k < a.size(); k++) {
      if (!same(a.get(k), b.get(k))) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether two latents are equal; matrices, which have no equals, by their numbers. */
  static boolean same(Object a, Object b) {
    return (a instanceof SimpleMatrix left && b instanceof SimpleMatrix right)
        ? left.isIdentical(right, 0)
        : a.equals(b);
  }
}
