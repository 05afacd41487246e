package org.definetti.train;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * What a fit may use. Limits change no bit of a result; they decide whether there is one.
 *
 * @param time of one call of a fit, above zero; it ends between two steps with a checkpoint
 * @param memory bytes of workspaces, gradients, samples in flight and optimiser state, estimated
 *     before any work, above zero
 */
public record TrainingLimits(Duration time, long memory) {

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException unless both are above zero
   */
  public TrainingLimits {
    Objects.requireNonNull(time, "time");
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("time: expected above zero, got " + time);
    }
    if (memory <= 0) {
      throw new IllegalArgumentException("memory: expected above zero, got " + memory);
    }
  }

  /** Returns no limits. */
  public static TrainingLimits none() {
    return new TrainingLimits(ChronoUnit.FOREVER.getDuration(), Long.MAX_VALUE);
  }

  /** Returns these limits with another time. */
  public TrainingLimits withTime(Duration time) {
    return new TrainingLimits(time, memory);
  }

  /** Returns these limits with another number of bytes. */
  public TrainingLimits withMemory(long memory) {
    return new TrainingLimits(time, memory);
  }

  /** Returns whether the time is limited. */
  boolean limitsTime() {
    return !time.equals(ChronoUnit.FOREVER.getDuration());
  }
}
