package org.definetti.lab.claims;

import java.util.Arrays;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.ejml.simple.SimpleMatrix;

/** A model of categories whose sequences can all be listed, with its exact predictive. */
final class EnumerableModel {

  private final ConjugateModel<SimpleMatrix> model;
  private final double[] alpha;

  private EnumerableModel(ConjugateModel<SimpleMatrix> model, double... alpha) {
    this.model = model;
    this.alpha = alpha;
  }

  /** Returns Beta-Bernoulli (M2) with pseudo-counts a of 1 and b of 0. */
  static EnumerableModel betaBernoulli(double a, double b) {
    return new EnumerableModel(BetaBernoulli.of(a, b), b, a);
  }

  /** Returns Dirichlet-categorical (M3). */
  static EnumerableModel dirichletCategorical(double... alpha) {
    return new EnumerableModel(DirichletCategorical.of(alpha), alpha.clone());
  }

  /** Returns the model under test. */
  ConjugateModel<SimpleMatrix> model() {
    return model;
  }

  /** Returns the pseudo-counts, from which {@link Enumeration} needs no model. */
  double[] alpha() {
    return alpha.clone();
  }

  /** Returns the name of the model. */
  String name() {
    return model.description().name();
  }

  /** Returns the number W of categories. */
  int categories() {
    return alpha.length;
  }

  /** Returns the sequence of these categories. */
  Tokens tokens(int... categories) {
    return Tokens.of(
        model.tokenSpace(), Arrays.stream(categories).mapToObj(Token::category).toList());
  }

  /** Returns T(x) of a category. */
  double[] statistic(int category) {
    return model.statistic(tokens(category)).getDDRM().data;
  }

  /** Returns the exact law of a masked token, as the model's own belief says. */
  Predictive predictive(int... categories) {
    return model.prior().observe(tokens(categories)).predictive(model.tokenSpace().emptyQuery());
  }

  /** Returns the probability of each category under a law of T(x). */
  double[] probabilities(Predictive predictive) {
    double[] probabilities = new double[categories()];
    for (int w = 0; w < probabilities.length; w++) {
      probabilities[w] = Math.exp(predictive.logProbability(statistic(w)));
    }
    return probabilities;
  }
}
