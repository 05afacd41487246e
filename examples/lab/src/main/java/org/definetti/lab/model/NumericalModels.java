package org.definetti.lab.model;

import static org.definetti.lab.model.BuiltInModel.ordered;

import java.util.List;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.mixture.ContaminatedMean;
import org.definetti.latent.mixture.StudentMean;
import org.definetti.latent.regression.LogisticRegression;

/** The models of the catalogue whose posterior is computed numerically, with its error. */
final class NumericalModels {

  private static final String QUADRATURE =
      "posterior, predictive, evidence by quadrature, with an error estimate of about 1e-9 standard"
          + " deviations";

  private static final String ANY_LENGTH =
      "any length: the tokens are kept, and a posterior costs 50 (1 dimension), 700 (2) or 10,000"
          + " (3) likelihoods of all of them";

  static final List<BuiltInModel> ALL =
      List.of(
          new BuiltInModel(
              "contaminated-mean",
              "Measurements of one unknown point, some of them outliers.",
              "z ~ N(m0, t2 I);  x | z ~ (1 - p) N(z, s1 I) + p N(z, s2 I)",
              "posterior, predictive, evidence: exact up to 14 tokens by all 2^L assignments,"
                  + " beyond by a trapezoid rule with an error bound of about 1e-13",
              "14 tokens in any dimension; 100,000 for dimension 1, 20,000 for 2, 2,000 for 3",
              ordered(
                  "dimension",
                  "1",
                  "prior-variance",
                  "1",
                  "noise-variance",
                  "0.1",
                  "outlier-variance",
                  "10",
                  "outlier-probability",
                  "0.3"),
              s ->
                  ContaminatedMean.of(
                          s.whole("dimension"),
                          s.number("prior-variance"),
                          s.number("noise-variance"),
                          s.number("outlier-variance"))
                      .withOutlierProbability(s.number("outlier-probability")),
              ContaminatedMean::from),
          new BuiltInModel(
              "student-mean",
              "Measurements of one unknown point with heavy-tailed errors.",
              "z ~ N(m0, t2 I);  x | z ~ Student(f) around z of squared scale s2",
              QUADRATURE,
              ANY_LENGTH,
              ordered("dimension", "1", "prior-variance", "1", "scale", "1", "freedom", "4"),
              s ->
                  StudentMean.of(
                      s.whole("dimension"),
                      s.number("prior-variance"),
                      s.number("scale"),
                      s.number("freedom")),
              StudentMean::from),
          new BuiltInModel(
              "logistic-regression",
              "Labels 0 and 1 on two sides of an unknown plane, noisily.",
              "z ~ N(0, t2 I);  P(v = 1 | k, z) = 1 / (1 + exp(-z·k));  tokens (k, v)",
              QUADRATURE,
              ANY_LENGTH,
              ordered("key-width", "2", "prior-variance", "4", "keys", "gaussian"),
              s ->
                  LogisticRegression.of(s.whole("key-width"), s.number("prior-variance"))
                      .withKeys(s.choice("keys", KeyLaw.class)),
              LogisticRegression::from));

  private NumericalModels() {}
}
