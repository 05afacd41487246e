package org.definetti.experiment;

import java.time.Duration;
import java.util.List;
import org.definetti.random.Seed;

/**
 * A statement with a check that can fail.
 *
 * <p>A claim about a rate makes a {@link Plan}, gives it to the runner, fits the curves and judges
 * the slopes. A claim about an identity computes the largest deviation and judges it by {@link
 * Verdict#exact}; it may ignore the runner or use it to spread its cases over threads. Everything
 * computed through the runner is journalled where the runner has a directory, so a claim that was
 * interrupted continues.
 */
public interface Claim {

  /** Returns the check id of the theory, for example {@code C5}. */
  String id();

  /** Returns the readable name in lower case with hyphens, for example {@code null-token-exact}. */
  String slug();

  /** Returns what is claimed, in one sentence. */
  String statement();

  /** Returns where the statement comes from. */
  Source source();

  /** Returns what is predicted, in a few words, for example {@code squared gap ~ L^-1 ± 0.05}. */
  String prediction();

  /** Returns the tags under which the claim is found, for example {@code length}. */
  default List<String> tags() {
    return List.of();
  }

  /** Returns the outcome this claim expects; unless overridden, that it holds. */
  default ExpectedOutcome expected() {
    return ExpectedOutcome.confirmed("the statement is expected to hold");
  }

  /**
   * Returns the level of the intervals: a true statement whose number lies at the very edge of its
   * tolerance is refuted with probability {@code (1 - level) / 2} a part. Unless overridden, 0.95.
   */
  default double level() {
    return 0.95;
  }

  /** Returns the expected cost of a check on two cores. */
  Duration cost(Budget budget);

  /**
   * Checks the claim.
   *
   * @param seed where every draw comes from; same seed and budget, same result
   * @param runner executes plans: on how many threads, with which journal, who hears the progress
   */
  ClaimResult check(Budget budget, Seed seed, Runner runner);

  /** Checks the claim without a journal. */
  default ClaimResult check(Budget budget, Seed seed) {
    return check(budget, seed, Runner.withDefaults());
  }
}
