package org.definetti.symmetry;

/** The largest error so far and where it was; NaN wins. Mutable, for one thread. */
final class Worst {

  private double error = Double.NEGATIVE_INFINITY;
  private String where = "";

  void add(double candidate, String text) {
    if (candidate > error || (Double.isNaN(candidate) && !Double.isNaN(error))) {
      error = candidate;
      where = text;
    }
  }

  /** Returns the result of the audit that added these errors, at least one. */
  AuditResult result(String name, Tolerance tolerance) {
    if (error == Double.NEGATIVE_INFINITY) {
      throw new IllegalStateException(name + ": expected at least one comparison, got none");
    }
    return AuditResult.of(name, error, tolerance, where);
  }
}
