package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.definetti.latent.ContractChecks.Average;
import org.ejml.simple.SimpleMatrix;

/**
 * Prediction errors: mean zero, orthogonal to what the evidence changed, as large as predicted.
 *
 * <p>A failure says all that is wrong at once, and in which direction.
 */
final class Residuals {

  private final String what;
  private final Average mean = new Average("error");
  private final Average along = new Average("error times move");
  private final Average move = new Average("squared move");
  private final Average excess = new Average("squared error less predicted variance");
  private final Average predicted = new Average("predicted variance");
  private boolean spreadKnown = true;

  Residuals(String what) {
    this.what = what;
  }

  /**
   * Adds one prediction.
   *
   * @param before the prediction of the same value before any token
   */
  void add(double[] value, double[] prediction, double[] before) {
    double sum = 0;
    double product = 0;
    double square = 0;
    for (int i = 0; i < value.length; i++) {
      // Weights that differ, so that errors of coordinates that sum to one do not cancel.
      double error = (i + 1) * (value[i] - prediction[i]);
      sum += error;
      product += error * (prediction[i] - before[i]);
      square += (i + 1) * (prediction[i] - before[i]) * (prediction[i] - before[i]);
    }
    mean.add(sum);
    along.add(product);
    move.add(square);
  }

  void addSpread(double[] value, Predictive predictive) {
    try {
      SimpleMatrix mean = predictive.mean();
      SimpleMatrix covariance = predictive.covariance();
      double gap = 0;
      double variance = 0;
      for (int i = 0; i < value.length; i++) {
        double error = value[i] - mean.get(0, i);
        double expected = covariance.get(i, i);
        gap += (i + 1) * (error * error - expected);
        variance += (i + 1) * expected;
      }
      excess.add(gap);
      predicted.add(variance);
    } catch (UnsupportedOperationException none) {
      spreadKnown = false;
    }
  }

  void check() {
    List<String> findings = new ArrayList<>();
    if (!mean.isNear(0)) {
      findings.add(
          String.format(
              Locale.ROOT,
              "prediction errors have mean %.3g ± %.2g, expected 0: the predictive mean is too %s",
              mean.mean(),
              mean.error(),
              mean.mean() > 0 ? "low" : "high"));
    }
    if (!along.isNear(0)) {
      double factor = 1 + along.mean() / move.mean();
      findings.add(
          String.format(
              Locale.ROOT,
              "the best predictions lie %.3f ± %.3f times as far from the prior mean, expected 1: "
                  + "the tokens count for too %s, so the prior count or the ridge (noise variance"
                  + " over prior variance) is too %s",
              factor,
              along.error() / move.mean(),
              factor > 1 ? "little" : "much",
              factor > 1 ? "large" : "small"));
    }
    if (spreadKnown && excess.count() > 0 && !excess.isNear(0)) {
      double ratio = 1 + excess.mean() / predicted.mean();
      findings.add(
          String.format(
              Locale.ROOT,
              "prediction errors have mean square %.3f ± %.3f times the predicted variance, expected"
                  + " 1: the predictive variance is too %s by a factor %.3f, so the prior or the"
                  + " noise variance is wrong",
              ratio,
              excess.error() / predicted.mean(),
              ratio > 1 ? "small" : "large",
              ratio > 1 ? ratio : 1 / ratio));
    }
    if (!findings.isEmpty()) {
      fail(what + ": " + String.join("; ", findings));
    }
  }
}
