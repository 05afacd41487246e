package org.definetti.optimise;

import org.definetti.latent.Check;

/**
 * A learning rate for every step, counted from 0. Built-in ones are values that say what they are.
 */
@FunctionalInterface
public interface Schedule {

  /** Returns the learning rate of step {@code step}, finite and not negative. */
  double learningRate(long step);

  /** Returns the same rate at every step. */
  static Schedule constant(double rate) {
    return new ConstantSchedule(rate);
  }

  /**
   * Returns a linear warm-up to the peak, {@code peak (t + 1) / w} at step t, then the peak.
   *
   * @param peak the largest rate, finite and not negative
   * @param warmup w, at least 0
   */
  static Schedule warmupConstant(double peak, long warmup) {
    return new WarmupConstant(peak, warmup);
  }

  /**
   * Returns a linear warm-up to the peak, then half a cosine down to zero.
   *
   * <pre>{@code
   * t < w:  peak (t + 1) / w        else:  peak (1 + cos(π (t - w) / (T - w))) / 2
   * }</pre>
   *
   * <p>Where: t step, w warm-up steps, T steps in all; from T on the rate is zero.
   *
   * @param peak the largest rate, finite and not negative
   * @param warmup w, at least 0 and at most {@code steps}
   * @param steps T, at least 1
   */
  static Schedule warmupCosine(double peak, long warmup, long steps) {
    return new WarmupCosine(peak, warmup, steps);
  }
}

/** See {@link Schedule#constant}. */
record ConstantSchedule(double rate) implements Schedule {

  ConstantSchedule {
    Check.notNegative("rate", rate);
  }

  @Override
  public double learningRate(long step) {
    return rate;
  }
}

/** See {@link Schedule#warmupConstant}. */
record WarmupConstant(double peak, long warmup) implements Schedule {

  WarmupConstant {
    Check.notNegative("peak", peak);
    if (warmup < 0) {
      throw new IllegalArgumentException("warmup: expected >= 0, got " + warmup);
    }
  }

  @Override
  public double learningRate(long step) {
    return step < warmup ? peak * (step + 1) / warmup : peak;
  }
}

/** See {@link Schedule#warmupCosine}. */
record WarmupCosine(double peak, long warmup, long steps) implements Schedule {

  WarmupCosine {
    Check.notNegative("peak", peak);
    if (steps < 1) {
      throw new IllegalArgumentException("steps: expected >= 1, got " + steps);
    }
    if (warmup < 0 || warmup > steps) {
      throw new IllegalArgumentException(
          "warmup: expected in 0.." + steps + " (as steps), got " + warmup);
    }
  }

  @Override
  public double learningRate(long step) {
    if (step < warmup) {
      return peak * (step + 1) / warmup;
    }
    if (step >= steps) {
      return 0.0;
    }
    double share = (double) (step - warmup) / (steps - warmup);
    return peak * 0.5 * (1.0 + StrictMath.cos(StrictMath.PI * share));
  }
}
