package org.definetti.latent.mixture;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.random.Categorical;
import org.definetti.random.Dirichlet;
import org.definetti.random.Gamma;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * A discrete probability law G of infinitely many atoms, drawn from a Dirichlet process.
 *
 * <pre>{@code
 * G = Σ_j u_j δ(y_j) + u_0 Σ_k w_k δ(a_k),   a_k ~ H,   w_k = r_{k-1} - r_k
 * log r_k = -(e_1 + … + e_k) / ν,   e_i ~ Exp(1)                     stick breaking
 * }</pre>
 *
 * <p>y_j are values already seen, with (u_0, u) ~ Dirichlet(ν, n); none for a draw from the prior,
 * where u_0 = 1. Stick k and its atom come from child k of the measure's seed, when a draw first
 * reaches so far: the measure is a value, the same from whichever draw on whichever thread it is
 * looked at, and only as much of it is in memory as was looked at.
 *
 * <p>Equal when seeds, seen values with their weights, and the model are equal. Cost of a draw:
 * O(log k) for an atom already looked at; the k-th atom is looked at with k about ν. Source:
 * [recalled: Sethuraman]; the posterior [recalled: Ferguson].
 */
public final class RandomMeasure {

  /** Minus log of the mass that {@link #mean} leaves out: below the rounding of what it adds. */
  private static final double NEGLIGIBLE_DEPTH = 37;

  private final DirichletProcess model;
  private final Seed seed;
  private final double[] seen; // (J, d), the values y row by row
  private final double[] weights; // (J + 1), u_1 .. u_J and then u_0
  private final Categorical choice;
  private final Object lock = new Object();
  private volatile Sticks sticks = new Sticks(0, new double[0], new double[0]);

  private RandomMeasure(DirichletProcess model, Seed seed, double[] seen, double[] weights) {
    this.model = model;
    this.seed = seed;
    this.seen = seen;
    this.weights = weights;
    this.choice = Categorical.of(weights);
  }

  /** Draws a measure from the prior DP(ν, H). */
  static RandomMeasure draw(DirichletProcess model, RandomGenerator rng) {
    return new RandomMeasure(model, Seed.of(rng.nextLong()), new double[0], new double[] {1});
  }

  /**
   * Draws a measure from the posterior.
   *
   * @param seen the distinct values row by row; kept, not to be modified
   * @param counts how often each was seen
   */
  static RandomMeasure draw(
      DirichletProcess model, double[] seen, double[] counts, RandomGenerator rng) {
    double[] masses = Arrays.copyOf(counts, counts.length + 1);
    masses[counts.length] = model.concentration();
    double[] weights = counts.length == 0 ? new double[] {1} : Dirichlet.draw(masses, rng);
    return new RandomMeasure(model, Seed.of(rng.nextLong()), seen, weights);
  }

  /**
   * The first sticks: {@code ends[k]} is -log r_{k+1}, atoms (count, d) row by row. A snapshot; the
   * arrays are longer than the count and only ever written beyond it.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record Sticks(int count, double[] ends, double[] atoms) {}

  /** Draws one value x from G: (d) numbers. */
  public double[] draw(RandomGenerator rng) {
    int d = model.tokenSpace().dimension();
    int value = choice.draw(rng);
    if (value < weights.length - 1) {
      return Arrays.copyOfRange(seen, value * d, (value + 1) * d);
    }
    // Stick k covers the masses from r_k to r_{k-1}; -log of a uniform mass is Exp(1).
    double depth = Gamma.draw(1, rng);
    Sticks known = through(depth);
    int low = Arrays.binarySearch(known.ends(), 0, known.count(), depth);
    int stick = low < 0 ? -low - 1 : low;
    return Arrays.copyOfRange(known.atoms(), stick * d, (stick + 1) * d);
  }

  /** Returns sticks of which the last ends at {@code depth} or beyond. */
  private Sticks through(double depth) {
    Sticks known = sticks;
    if (known.count() > 0 && known.ends()[known.count() - 1] >= depth) {
      return known;
    }
    synchronized (lock) {
      Sticks longer = extended(sticks, depth);
      sticks = longer;
      return longer;
    }
  }

  private Sticks extended(Sticks known, double depth) {
    int d = model.tokenSpace().dimension();
    double[] ends = known.ends();
    double[] atoms = known.atoms();
    int count = known.count();
    double end = count == 0 ? 0 : ends[count - 1];
    while (count == 0 || end < depth) {
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, Math.max(4, 2 * count));
        atoms = Arrays.copyOf(atoms, ends.length * d);
      }
      RandomGenerator rng = seed.child(count).generator();
      end += Gamma.draw(1, rng) / model.concentration();
      ends[count] = end;
      System.arraycopy(model.base().draw(rng), 0, atoms, count * d, d);
      count++;
    }
    return new Sticks(count, ends, atoms);
  }

  /**
   * Returns {@code ∫ x dG}, shape (1, d), summed until less than 1e-16 of the mass is left.
   *
   * <p>Cost: about 37 ν atoms, once.
   */
  public SimpleMatrix mean() {
    int d = model.tokenSpace().dimension();
    double[] mean = new double[d];
    for (int j = 0; j < weights.length - 1; j++) {
      for (int i = 0; i < d; i++) {
        mean[i] += weights[j] * seen[j * d + i];
      }
    }
    Sticks known = through(NEGLIGIBLE_DEPTH);
    double before = 0;
    for (int k = 0; k < known.count(); k++) {
      double length = -Math.expm1(before - known.ends()[k]) * Math.exp(-before);
      for (int i = 0; i < d; i++) {
        mean[i] += weights[weights.length - 1] * length * known.atoms()[k * d + i];
      }
      before = known.ends()[k];
    }
    return new SimpleMatrix(1, d, true, mean);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RandomMeasure measure
        && seed.equals(measure.seed)
        && model.equals(measure.model)
        && Arrays.equals(seen, measure.seen)
        && Arrays.equals(weights, measure.weights);
  }

  @Override
  public int hashCode() {
    return 31 * seed.hashCode() + Arrays.hashCode(weights);
  }

  @Override
  public String toString() {
    return "RandomMeasure[" + (weights.length - 1) + " values seen, " + seed + "]";
  }
}
