package org.definetti.lab.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.LatentModel;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;

/**
 * One model of the library as the command line offers it.
 *
 * @param name lower case with hyphens
 * @param formula the model as plain text
 * @param exact what is exact about it
 * @param defaults hyperparameters with their default text, in order
 * @param factory builds the model
 */
public record BuiltInModel(
    String name,
    String formula,
    String exact,
    Map<String, String> defaults,
    Function<Settings, LatentModel<?>> factory) {

  /** All of them, in the order they are listed. */
  public static final List<BuiltInModel> ALL =
      List.of(
          new BuiltInModel(
              "gaussian-mean",
              "z ~ N(m0, t2 I);  x | z ~ N(z, s2 I)",
              "posterior, predictive, evidence; null-token softmax is exact at every length",
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
                      .withLabelVariance(s.number("label-variance"))),
          new BuiltInModel(
              "beta-bernoulli",
              "z ~ Beta(a, b);  x | z ~ Bernoulli(z)",
              "posterior, predictive, evidence; null-token softmax is exact at every length",
              ordered("a", "1", "b", "1"),
              s -> BetaBernoulli.of(s.number("a"), s.number("b"))),
          new BuiltInModel(
              "dirichlet-categorical",
              "z ~ Dirichlet(alpha);  x | z ~ Categorical(z)",
              "posterior, predictive, evidence; null-token softmax is exact at every length",
              ordered("alpha", "1/1/1"),
              s -> DirichletCategorical.of(s.numbers("alpha"))),
          new BuiltInModel(
              "linear-regression",
              "rows of z ~ N(0, t2 I);  v = z k + noise of variance s2;  tokens (k, v)",
              "posterior, predictive, evidence; kernel-ridge (CME) attention is exact at every"
                  + " length, corrected softmax in the limit",
              ordered(
                  "key-width",
                  "8",
                  "value-width",
                  "1",
                  "prior-variance",
                  "1",
                  "noise-variance",
                  "0.1",
                  "keys",
                  "sphere",
                  "label-variance",
                  "0.1"),
              s ->
                  LinearRegression.of(
                          s.whole("key-width"),
                          s.whole("value-width"),
                          s.number("prior-variance"),
                          s.number("noise-variance"))
                      .withKeys(s.choice("keys", KeyLaw.class))
                      .withLabelVariance(s.number("label-variance"))));

  /** Returns the model with these settings. */
  public LatentModel<?> build(String settings) {
    return factory.apply(Settings.of(name, defaults, settings));
  }

  private static Map<String, String> ordered(String... keysAndValues) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
