package org.definetti.calibration;

/**
 * A test of a posterior: a number that is large or small where the posterior is wrong, and how
 * surprising it would be of the exact one.
 *
 * <p>Immutable values, safe to share between threads.
 */
public interface Diagnostic {

  /** Returns the name in tables and files, in lower case with hyphens. */
  String name();

  /** Returns what its number is, in a few words. */
  String statistic();

  /**
   * Judges a posterior.
   *
   * @throws UnsupportedOperationException with the reason if the posterior, or the exact one, does
   *     not know what this asks for
   */
  Finding judge(JudgedPosterior judged);
}
