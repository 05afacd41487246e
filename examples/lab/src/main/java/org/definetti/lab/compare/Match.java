package org.definetti.lab.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.definetti.engine.Widths;
import org.definetti.layer.Layer;

/** What compared models have in common: so many parameters, or so much work a sequence. */
public enum Match {
  /** Equal numbers of trained parameters, within 2 %. */
  PARAMETERS(0.02) {
    @Override
    public long amount(Layer layer, int tokens) {
      return layer.cost(tokens).parameters();
    }
  },

  /** Equal multiply-adds of a forward pass at the training length, within 10 %. */
  COMPUTE(0.1) {
    @Override
    public long amount(Layer layer, int tokens) {
      return layer.cost(tokens).multiplyAdds();
    }
  };

  private static final double RANGE = 0.2; // of the asked goal, in which a common one is sought

  private final double tolerance;

  Match(double tolerance) {
    this.tolerance = tolerance;
  }

  /** Returns the name in files, in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns how far from the goal a model may be, as a share of it. */
  public double tolerance() {
    return tolerance;
  }

  /**
   * Returns what a layer has of what is matched.
   *
   * @param tokens of a sequence
   */
  public abstract long amount(Layer layer, int tokens);

  private long[] amounts(Architecture architecture, Widths widths, int tokens) {
    long[] amounts = new long[architecture.largest()];
    for (int size = 1; size <= amounts.length; size++) {
      amounts[size - 1] = amount(architecture.layer(widths, size), tokens);
    }
    return amounts;
  }

  private static int nearest(long[] amounts, long goal) {
    int best = 0;
    for (int i = 1; i < amounts.length; i++) {
      if (Math.abs(amounts[i] - goal) < Math.abs(amounts[best] - goal)) {
        best = i;
      }
    }
    return best;
  }

  /**
   * Returns the goal within a fifth of the one asked for at which the worst fit of all
   * architectures is best: sizes are whole numbers, so not every goal can be met by all.
   *
   * @param tokens of a training sequence
   */
  public long commonGoal(List<Architecture> architectures, Widths widths, long near, int tokens) {
    List<long[]> all = new ArrayList<>();
    for (Architecture architecture : architectures) {
      if (architecture.largest() > 1) {
        all.add(amounts(architecture, widths, tokens));
      }
    }
    long best = near;
    double least = Double.POSITIVE_INFINITY;
    long step = Math.max(1, near / 2000);
    for (long off = 0; off <= RANGE * near; off += step) {
      for (long goal : new long[] {near + off, near - off}) {
        double worst = 0;
        for (long[] amounts : all) {
          double misfit = Math.abs(amounts[nearest(amounts, goal)] - goal) / (double) goal;
          worst = Math.max(worst, misfit);
        }
        if (worst < least) {
          least = worst;
          best = goal;
        }
      }
    }
    return best;
  }

  /**
   * Returns the size that comes nearest to a goal. An architecture with one size is taken as it is.
   *
   * @param goal parameters, or multiply-adds
   * @param tokens of a training sequence
   * @throws IllegalArgumentException if the nearest is further off than the tolerance
   */
  public int size(Architecture architecture, Widths widths, long goal, int tokens) {
    if (architecture.largest() == 1) {
      return 1;
    }
    long[] amounts = amounts(architecture, widths, tokens);
    int best = nearest(amounts, goal);
    if (Math.abs(amounts[best] - goal) > tolerance * goal) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "goal: expected within %.0f %% of what %s can have, got %d %s and the nearest is %d",
              100 * tolerance,
              architecture.name(),
              goal,
              label(),
              amounts[best]));
    }
    return best + 1;
  }
}
