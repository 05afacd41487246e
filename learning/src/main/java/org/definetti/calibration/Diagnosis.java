package org.definetti.calibration;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every diagnostic of one posterior.
 *
 * <pre>{@code
 * LatentRows<?> latents = LatentRows.of(model);
 * Simulations simulations = Simulations.draw(latents, 300, length, seed.child("simulations"));
 * Diagnosis.of(JudgedPosterior.of(simulations, 99, seed.child("draws"), posterior))
 * }</pre>
 *
 * <p>Read several: each is blind to something, and says what in its own description.
 *
 * @param lines one for each of {@link #diagnostics}, in that order
 */
public record Diagnosis(List<Line> lines) {

  private static final List<Diagnostic> ALL =
      List.of(
          new SimulationBasedCalibration(),
          new ExpectedCoverage(),
          Tarp.of(Tarp.Reference.PRIOR),
          Tarp.of(Tarp.Reference.POSTERIOR),
          new ZScore(),
          new Contraction(),
          new ClassifierTwoSample(),
          new ExpectedDivergence(),
          new TotalVariation(),
          new EntropyError());

  /** Copies the list. */
  public Diagnosis {
    lines = List.copyOf(lines);
  }

  /**
   * What one diagnostic found.
   *
   * @param diagnostic which one
   * @param finding what it found, or null where it could not be asked
   * @param reason why it could not, or the empty string
   */
  public record Line(Diagnostic diagnostic, @Nullable Finding finding, String reason) {

    static Line of(Diagnostic diagnostic, JudgedPosterior judged) {
      try {
        return new Line(diagnostic, diagnostic.judge(judged), "");
      } catch (UnsupportedOperationException e) {
        String reason = e.getMessage();
        return new Line(diagnostic, null, reason == null ? "not known" : reason);
      }
    }
  }

  /** Returns the diagnostics, in the order of the tables. */
  public static List<Diagnostic> diagnostics() {
    return ALL;
  }

  /** Asks every diagnostic about a posterior. */
  public static Diagnosis of(JudgedPosterior judged) {
    List<Line> lines = new ArrayList<>();
    for (Diagnostic diagnostic : ALL) {
      lines.add(Line.of(diagnostic, judged));
    }
    return new Diagnosis(lines);
  }

  /**
   * Returns the names of the diagnostics that detect an error.
   *
   * @param level the share of exact posteriors that each may call wrong, for example 0.05
   */
  public List<String> detections(double level) {
    return lines.stream()
        .filter(line -> line.finding() != null && line.finding().detects(level))
        .map(line -> line.diagnostic().name())
        .toList();
  }
}
