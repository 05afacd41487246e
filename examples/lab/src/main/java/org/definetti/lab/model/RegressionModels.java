package org.definetti.lab.model;

import static org.definetti.lab.model.BuiltInModel.ANY_LENGTH;
import static org.definetti.lab.model.BuiltInModel.ordered;

import java.util.List;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.regression.LinearRegression;

/** The models of (key, value) tokens of the catalogue. */
final class RegressionModels {

  static final List<BuiltInModel> ALL =
      List.of(
          new BuiltInModel(
              "linear-regression",
              "Noisy values of an unknown linear map at random keys.",
              "rows of z ~ N(0, t2 I);  v = z k + noise of variance s2;  tokens (k, v);  any prior"
                  + " mean and covariance in a model file",
              "posterior, predictive, evidence; kernel-ridge (CME) attention is exact at every"
                  + " length, corrected softmax in the limit",
              ANY_LENGTH,
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
                      .withLabelVariance(s.number("label-variance")),
              LinearRegression::from));

  private RegressionModels() {}
}
