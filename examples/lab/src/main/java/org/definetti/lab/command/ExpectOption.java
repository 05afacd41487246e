package org.definetti.lab.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.definetti.experiment.Expectation;
import org.definetti.experiment.Metric;
import org.definetti.experiment.RateForm;
import org.definetti.experiment.Sweep;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.LatentModel;
import picocli.CommandLine.Option;

/** What the user expects of the curves, fixed before anything is measured. */
final class ExpectOption {

  @Option(
      names = "--expect",
      paramLabel = "TEXT",
      arity = "1",
      description = {
        "What you expect, declared before the run and judged after it, such as",
        "\"squared-gap ~ L^-1 ± 0.05 over 128..8192\"; other laws are L^-1 + c and",
        "exp(-0.3 L); add 'for FORM:derived' to choose curves. May be repeated.",
        "The exit code is 1 unless all are CONFIRMED."
      })
  List<String> texts = new ArrayList<>();

  /**
   * Returns what is expected.
   *
   * @param lengths those that will be measured. Not modified.
   * @throws IllegalArgumentException if it is not of the form, or cannot be judged on these lengths
   */
  List<Expectation> declared(LatentModel<?> model, int[] lengths) {
    List<Expectation> declared = texts.stream().map(Expectation::parse).toList();
    for (Expectation expectation : declared) {
      checkMetric(expectation, model);
      checkRange(expectation, lengths);
    }
    return declared;
  }

  private static void checkMetric(Expectation expectation, LatentModel<?> model) {
    boolean categorical = model.tokenSpace() instanceof CategoricalTokens;
    List<String> known =
        Arrays.stream(Metric.values())
            .filter(metric -> metric != Metric.KL || categorical)
            .filter(metric -> metric != Metric.ORACLE_ERROR)
            .map(Metric::label)
            .toList();
    if (!known.contains(expectation.metric())) {
      throw new IllegalArgumentException(
          "expect: expected a metric of " + known + ", got " + expectation.metric());
    }
    if (!expectation.sweptAxis().equals(Sweep.LENGTH)) {
      throw new IllegalArgumentException(
          "expect: expected a law of L, the length, got one of " + expectation.sweptAxis());
    }
  }

  private static void checkRange(Expectation expectation, int[] lengths) {
    checkEnds(expectation, lengths);
    int fewest = expectation.form() == RateForm.POWER_LAW_WITH_FLOOR ? 3 : 2;
    long found = Arrays.stream(lengths).filter(l -> expectation.range().contains(l)).count();
    if (found < fewest) {
      throw new IllegalArgumentException(
          "expect: expected at least "
              + fewest
              + " of the lengths "
              + Arrays.toString(lengths)
              + " in the range, got "
              + found
              + " for '"
              + expectation
              + "'");
    }
  }

  /** A verdict over a range is about all of it, so no end may lie where nothing is measured. */
  private static void checkEnds(Expectation expectation, int[] lengths) {
    int least = Arrays.stream(lengths).min().orElse(0);
    int most = Arrays.stream(lengths).max().orElse(0);
    if (expectation.range().low() < least || expectation.range().high() > most) {
      throw new IllegalArgumentException(
          "expect: expected a range within the lengths "
              + least
              + ".."
              + most
              + ", got '"
              + expectation
              + "'");
    }
  }
}
