package org.definetti.experiment;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.definetti.latent.Check;

/**
 * What the check of a claim found.
 *
 * @param parts the parts, at least one, names unique; at least one has a control
 * @param results the cells behind it, for {@code cells.jsonl} and {@code curves.csv}; may be empty
 * @param rates the slopes behind it, for {@code slopes.csv}; may be empty
 */
public record ClaimResult(List<ClaimPart> parts, List<Results> results, List<JudgedRate> rates) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is no part, two have one name, or none has a control
   */
  public ClaimResult {
    parts = List.copyOf(parts);
    results = List.copyOf(results);
    rates = List.copyOf(rates);
    Check.atLeast("parts", 1, parts.size());
    Set<String> names = new HashSet<>();
    for (ClaimPart part : parts) {
      if (!names.add(part.name())) {
        throw new IllegalArgumentException("parts: expected names once, got twice " + part.name());
      }
    }
    if (parts.stream().allMatch(part -> part.control() == null)) {
      throw new IllegalArgumentException("parts: expected a control that must fail, got none");
    }
  }

  /** Returns the result with these parts and nothing behind them. */
  public static ClaimResult of(ClaimPart... parts) {
    return of(List.of(parts));
  }

  /** Returns the result with these parts and nothing behind them. */
  public static ClaimResult of(List<ClaimPart> parts) {
    return new ClaimResult(parts, List.of(), List.of());
  }

  /** Returns this result with the cells behind it. */
  public ClaimResult withResults(List<Results> newResults) {
    return new ClaimResult(parts, newResults, rates);
  }

  /** Returns this result with the slopes behind it. */
  public ClaimResult withRates(List<JudgedRate> newRates) {
    return new ClaimResult(parts, results, newRates);
  }

  /** Returns the curves of the cells behind this result. */
  public List<Curve> curves() {
    return results.stream().flatMap(run -> run.curves().stream()).toList();
  }

  /** Returns whether any control was missed. */
  public boolean hasMissedControl() {
    return parts.stream()
        .map(ClaimPart::control)
        .filter(Objects::nonNull)
        .anyMatch(control -> control.outcome() == ControlOutcome.MISSED);
  }
}
