package org.definetti.lab.run;

import java.nio.file.Path;
import java.util.List;
import org.definetti.experiment.CheckedClaim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.Csv;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.ResultFiles;
import org.definetti.experiment.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code verdicts.csv}: one per part of a claim, or per expectation of a sweep.
 *
 * <p>For a bound the column {@code tolerance} is empty. The last three columns are text: the
 * prediction in words ({@code <= 1.0E-12}, {@code -1 ± 0.05}), what the control did, and the reason
 * of the verdict where the numbers alone do not say it.
 */
public final class VerdictRows {

  private static final String[] COLUMNS = {
    "claim",
    "verdict",
    "expected",
    "measured",
    "predicted",
    "low",
    "high",
    "tolerance",
    "control",
    "seconds",
    "source",
    "prediction",
    "control_text",
    "reason"
  };

  private final Csv rows = Csv.withColumns(COLUMNS);

  /** Adds the parts of a claim. */
  public void add(CheckedClaim checked, double seconds) {
    List<ClaimPart> parts = checked.result().parts();
    for (ClaimPart part : parts) {
      String name =
          parts.size() == 1 ? checked.claim().id() : checked.claim().id() + "." + part.name();
      add(
          name,
          part.verdict(),
          checked.expected(part).outcome().name(),
          part.control(),
          seconds,
          Sources.text(checked.claim().source()));
    }
  }

  /** Adds the verdict on a declared rate. */
  public void add(String expectation, JudgedRate judged, double seconds) {
    Verdict verdict = judged.verdict();
    if (verdict != null) {
      String attention = judged.rate().curve().axis("attention");
      add(
          attention + ":" + judged.rate().curve().axis("origin") + ": " + expectation,
          verdict,
          "CONFIRMED",
          null,
          seconds,
          "declared by the user");
    }
  }

  private void add(
      String name,
      Verdict verdict,
      String expected,
      @Nullable Control control,
      double seconds,
      String source) {
    Prediction prediction = verdict.prediction();
    rows.row(
        name,
        verdict.outcome().name(),
        expected,
        verdict.measured(),
        prediction.value(),
        verdict.interval().low(),
        verdict.interval().high(),
        prediction.kind() == Prediction.Kind.NEAR ? prediction.tolerance() : Double.NaN,
        control == null ? "" : control.outcome().name(),
        Math.rint(10 * seconds) / 10,
        source,
        prediction.toString(),
        control == null ? "" : control.text(),
        verdict.reason());
  }

  /** Writes the rows added so far, also as {@code verdicts.jsonl}, each file at once. */
  public void write(Path directory) {
    ResultFiles.write(directory, "verdicts", rows);
  }
}
