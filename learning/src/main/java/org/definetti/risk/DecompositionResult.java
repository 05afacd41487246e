package org.definetti.risk;

import java.util.List;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Results;

/**
 * What an {@link ErrorDecomposition} measured: a grid of lengths and numbers of samples, seen along
 * either.
 *
 * @param againstSamples one cell for each length and seed, with a point for each number of samples
 */
public record DecompositionResult(Results againstSamples) {

  /** Returns the same numbers with a point for each length. */
  public Results againstLength() {
    return againstSamples.sweptOver(ErrorDecomposition.LENGTH);
  }

  /** Returns a term against the number of samples, at one of the lengths. */
  public Curve againstSamples(ErrorTerm term, int length) {
    return curve(againstSamples.curves(), term, ErrorDecomposition.LENGTH, length);
  }

  /** Returns a term against the length, at one of the numbers of samples. */
  public Curve againstLength(ErrorTerm term, int samples) {
    return curve(againstLength().curves(), term, ErrorDecomposition.SAMPLES, samples);
  }

  private static Curve curve(List<Curve> curves, ErrorTerm term, String axis, int value) {
    return curves.stream()
        .filter(curve -> curve.key().metric().equals(term.label()))
        .filter(curve -> curve.key().axis(axis).equals(String.valueOf(value)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    axis + ": expected one that was measured, got " + value));
  }
}
