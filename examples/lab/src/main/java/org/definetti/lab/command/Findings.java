package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurveKey;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.ExitCode;
import org.definetti.experiment.Expectation;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Metric;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Rate;
import org.definetti.experiment.ResultFiles;
import org.definetti.experiment.Results;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.VerdictRows;
import org.jspecify.annotations.Nullable;

/**
 * What was found about curves: their slopes, and the verdicts on what had been declared.
 *
 * @param results what was measured
 * @param answers one for each curve that an expectation is about, then the slope over the whole
 *     range of every other curve that has one
 */
record Findings(Results results, List<Answer> answers) {

  /** Squares of differences of a few ulps: what an exact attention leaves. */
  private static final double ROUNDING = 1e-20;

  /**
   * One rate.
   *
   * @param expectation what was declared, or null
   */
  record Answer(@Nullable Expectation expectation, JudgedRate judged) {

    private Rate rate() {
      return judged.rate();
    }
  }

  static Findings of(Results results, List<Expectation> declared) {
    List<Answer> answers = new ArrayList<>();
    List<Curve> curves = results.curves();
    for (Curve curve : curves) {
      List<Expectation> about =
          declared.stream().filter(expectation -> isAbout(expectation, curve, curves)).toList();
      about.forEach(expectation -> answers.add(new Answer(expectation, judge(expectation, curve))));
      if (about.isEmpty() && hasSlope(curve)) {
        double last = curve.values().get(curve.values().size() - 1);
        Rate rate = curve.rate(curve.values().get(0), last);
        answers.add(new Answer(null, new JudgedRate(rate, null)));
      }
    }
    return new Findings(results, List.copyOf(answers));
  }

  /** An expectation that names no attention is about every curve that has an error to speak of. */
  private static boolean isAbout(Expectation expectation, Curve curve, List<Curve> all) {
    if (!expectation.isAbout(curve.key())) {
      return false;
    }
    return !isRounding(curve)
        || expectation.attention() != null
        || all.stream().allMatch(c -> isRounding(c) || !expectation.isAbout(c.key()));
  }

  private static JudgedRate judge(Expectation expectation, Curve curve) {
    JudgedRate judged = expectation.judge(curve);
    return isRounding(curve)
        ? new JudgedRate(
            judged.rate(),
            Verdict.inconclusive(
                expectation.prediction(), "rounding alone, below 1e-20 everywhere: no slope"))
        : judged;
  }

  private static boolean isRounding(Curve curve) {
    return curve.points().stream().allMatch(point -> Math.abs(point.mean()) < ROUNDING);
  }

  /** Whether every point has a logarithm, and there are two. */
  private static boolean hasSlope(Curve curve) {
    return curve.values().size() > 1
        && !isRounding(curve)
        && curve.points().stream().allMatch(point -> point.value() > 0 && point.mean() > 0);
  }

  /**
   * Refuses, before a run, an expectation about an attention that is not in it.
   *
   * @throws IllegalArgumentException if there is one
   */
  static void checkAttentions(List<Expectation> declared, Plan plan) {
    for (Expectation expectation : declared) {
      List<CurveKey> keys =
          plan.cells().stream()
              .map(cell -> new CurveKey(cell.axes(), expectation.metric(), plan.sweptAxis()))
              .distinct()
              .toList();
      if (keys.stream().noneMatch(expectation::isAbout)) {
        throw new IllegalArgumentException(
            "expect: expected one of "
                + keys.stream().map(Findings::name).distinct().toList()
                + " after 'for', got '"
                + expectation
                + "'");
      }
    }
  }

  private List<JudgedRate> rates() {
    return answers.stream().map(Answer::judged).toList();
  }

  /** Writes the result files and the verdicts. */
  void write(Path directory, double seconds) {
    ResultFiles.write(directory, List.of(results), rates());
    VerdictRows verdicts = new VerdictRows();
    for (Answer answer : answers) {
      if (answer.expectation() != null) {
        verdicts.add(answer.expectation().toString(), answer.judged(), seconds);
      }
    }
    verdicts.write(directory);
  }

  /** Prints the curves of the squared gap with their slopes, then what became of each claim. */
  void print(PrintWriter out) {
    for (Curve curve : results.curves()) {
      if (curve.key().metric().equals(Metric.SQUARED_GAP.label())) {
        out.println(title(curve.key()));
        out.println(
            "  "
                + curve.points().stream()
                    .map(point -> point(point, curve.doubtful()))
                    .collect(Collectors.joining("  ")));
        if (!curve.doubtful().isEmpty()) {
          out.println("  ? the exact answers' own error may exceed a tenth of the gap");
        }
        for (Answer answer : answers) {
          if (answer.expectation() == null && answer.rate().curve().equals(curve.key())) {
            out.println("  " + slope(answer.rate()));
            shape(answer.rate()).forEach(out::println);
          }
        }
      }
    }
    for (Answer answer : answers) {
      Verdict verdict = answer.judged().verdict();
      if (answer.expectation() != null && verdict != null) {
        out.println(
            verdict.outcome()
                + "  "
                + name(answer.rate().curve())
                + ": "
                + answer.expectation()
                + ": "
                + slope(answer.rate())
                + (verdict.reason().isEmpty() ? "" : " (" + verdict.reason() + ")"));
        shape(answer.rate()).forEach(out::println);
      }
    }
    out.flush();
  }

  private static String name(CurveKey curve) {
    return curve.axis("attention") + ":" + curve.axis("origin");
  }

  private static String title(CurveKey curve) {
    String trained = curve.axis("train_length");
    return name(curve)
        + ", "
        + curve.axis("objective")
        + (trained.isEmpty() ? "" : ", trained at length " + trained)
        + ", "
        + curve.metric();
  }

  private static String point(CurvePoint point, List<Double> doubtful) {
    String mark = doubtful.contains(point.value()) ? "?" : "";
    return String.format(Locale.ROOT, "%.0f: %.3g%s", point.value(), point.mean(), mark);
  }

  private static String slope(Rate rate) {
    return String.format(
        Locale.ROOT,
        "slope %.4f [%.4f, %.4f] over %.0f..%.0f",
        rate.slope(),
        rate.interval().low(),
        rate.interval().high(),
        rate.fit().range().low(),
        rate.fit().range().high());
  }

  /** Returns the local slopes and the test for a bend, a line each; none without a slope. */
  private static List<String> shape(Rate rate) {
    if (rate.localSlopes().isEmpty()) {
      return List.of();
    }
    String local =
        rate.localSlopes().stream()
            .map(
                part ->
                    String.format(
                        Locale.ROOT,
                        "%.0f..%.0f: %.3f",
                        part.values().low(),
                        part.values().high(),
                        part.slope()))
            .collect(Collectors.joining("  "));
    double p = rate.lackOfFit().pValue();
    return List.of(
        "  local slopes " + local,
        Double.isNaN(p)
            ? "  bend not tested: that takes three lengths and two seeds"
            : String.format(Locale.ROOT, "  bend: p = %.2g", p));
  }

  /**
   * Returns the exit code.
   *
   * @throws IllegalArgumentException if no curve answers one of the expectations
   */
  int exitCode(List<Expectation> declared) {
    for (Expectation expectation : declared) {
      if (answers.stream().noneMatch(answer -> expectation.equals(answer.expectation()))) {
        throw new IllegalArgumentException(
            "expect: expected a metric that was measured, one of "
                + results.curves().stream().map(c -> c.key().metric()).distinct().toList()
                + ", got '"
                + expectation
                + "'");
      }
    }
    return ExitCode.ofRates(rates(), Budget.FULL);
  }
}
