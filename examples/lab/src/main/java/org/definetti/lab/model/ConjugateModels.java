package org.definetti.lab.model;

import static org.definetti.lab.model.BuiltInModel.ANY_LENGTH;
import static org.definetti.lab.model.BuiltInModel.ordered;

import java.util.List;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;

/** The conjugate exponential families of the catalogue. */
final class ConjugateModels {

  private static final String EXACT =
      "posterior, predictive, evidence; null-token softmax is exact at every length";

  static final List<BuiltInModel> ALL =
      List.of(
          new BuiltInModel(
              "gaussian-mean",
              "Noisy measurements of one unknown point.",
              "z ~ N(m0, t2 I);  x | z ~ N(z, s2 I)",
              EXACT,
              ANY_LENGTH,
              ordered(
                  "dimension",
                  "1",
                  "prior-variance",
                  "1",
                  "noise-variance",
                  "1",
                  "label-variance",
                  "1"),
              s ->
                  GaussianMean.of(
                          s.whole("dimension"),
                          s.number("prior-variance"),
                          s.number("noise-variance"))
                      .withLabelVariance(s.number("label-variance")),
              GaussianMean::from),
          new BuiltInModel(
              "beta-bernoulli",
              "Tosses of a coin of unknown bias.",
              "z ~ Beta(a, b);  x | z ~ Bernoulli(z)",
              EXACT,
              ANY_LENGTH,
              ordered("a", "1", "b", "1"),
              s -> BetaBernoulli.of(s.number("a"), s.number("b")),
              BetaBernoulli::from),
          new BuiltInModel(
              "dirichlet-categorical",
              "Throws of a die of unknown probabilities.",
              "z ~ Dirichlet(alpha);  x | z ~ Categorical(z)",
              EXACT,
              ANY_LENGTH,
              ordered("alpha", "1/1/1"),
              s -> DirichletCategorical.of(s.numbers("alpha")),
              DirichletCategorical::from));

  private ConjugateModels() {}
}
