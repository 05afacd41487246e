package org.definetti.lab.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.definetti.experiment.AtomicFile;
import org.definetti.experiment.CheckedClaim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Prediction;
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

  /** The file's name in the run directory. */
  public static final String FILE = "verdicts.csv";

  private static final String HEADER =
      "claim,verdict,expected,measured,predicted,low,high,tolerance,control,seconds,source,"
          + "prediction,control_text,reason\n";

  private final List<String> rows = new ArrayList<>();

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
    String tolerance =
        prediction.kind() == Prediction.Kind.NEAR ? String.valueOf(prediction.tolerance()) : "";
    rows.add(
        String.join(
            ",",
            quote(name),
            verdict.outcome().name(),
            expected,
            String.valueOf(verdict.measured()),
            String.valueOf(prediction.value()),
            String.valueOf(verdict.interval().low()),
            String.valueOf(verdict.interval().high()),
            tolerance,
            control == null ? "" : control.outcome().name(),
            String.format(Locale.ROOT, "%.1f", seconds),
            quote(source),
            quote(prediction.toString()),
            quote(control == null ? "" : control.text()),
            quote(verdict.reason())));
  }

  private static String quote(String field) {
    return "\"" + field.replace("\"", "\"\"") + "\"";
  }

  /** Writes the rows added so far, atomically. */
  public void write(Path directory) {
    String text = HEADER + String.join("\n", rows) + (rows.isEmpty() ? "" : "\n");
    AtomicFile.write(directory.resolve(FILE), text);
  }
}
