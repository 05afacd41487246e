package org.definetti.latent.regression;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.kernel.Kernel;
import org.definetti.latent.Check;
import org.definetti.latent.Token;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A function drawn from a Gaussian process, evaluated where it is asked.
 *
 * <pre>{@code
 * f(k_i) = sqrt(t2) Σ_{j ≤ i} G_ij ξ_j,   κ(K, K) = G Gᵀ,   ξ independent N(0, 1)
 * after data:  f(k) + κ(k, K) α,   α = (κ(K, K) + λ I)⁻¹ (V - f(K) - ε)      (Matheron's rule)
 * }</pre>
 *
 * <p>A function has infinitely many values, so a draw fixes a seed, and each value is drawn on
 * first demand from its law given all values asked before: row i of the Cholesky factor of κ over
 * the keys in the order they were first asked. Hence
 *
 * <ul>
 *   <li>any finite set of values has exactly the joint law of the process (up to rounding of the
 *       factor, about n · 2e-16 of the prior variance); nothing is approximated by features;
 *   <li>the same key always has the same value, so tokens drawn given the function are independent
 *       and identically distributed;
 *   <li>the values are fixed by the seed and by the order in which distinct keys were first asked:
 *       two equal draws agree when asked alike, and may differ, with the same law, when asked in
 *       another order. Within a call, keys are taken in order.
 * </ul>
 *
 * <p>Safe to share between threads: evaluation is synchronised. Threads that ask for new keys
 * concurrently settle their order, and so their values, by chance.
 *
 * <p>Cost: the n-th distinct key O(n²), a known key O(1), after data of L tokens O(L) more. At most
 * {@link #MOST_KEYS} distinct keys, L included. Compared by identity.
 */
public final class LatentFunction {

  /** The most distinct keys at which one function is evaluated. */
  public static final int MOST_KEYS = 8000;

  private final Kernel kernel;
  private final double deviation;
  private final int keyWidth;
  private final int valueWidth;
  private final Seed seed;
  private final @Nullable SimpleMatrix centres; // keys of the data; null before any
  private final double[][] weights; // α, (value width, L)

  // What was asked so far; guarded by this.
  private final Map<Token, Integer> places = new HashMap<>();
  private SimpleMatrix keys;
  private GrowingCholesky factor;
  private double[][] innovations = new double[0][]; // ξ, (value width, count)
  private double[][] values = new double[0][]; // (count, value width)

  private LatentFunction(
      GaussianProcess model, Seed seed, @Nullable SimpleMatrix centres, double[][] weights) {
    this.kernel = model.kernel();
    this.deviation = Math.sqrt(model.priorVariance());
    this.keyWidth = model.tokenSpace().keyWidth();
    this.valueWidth = model.tokenSpace().valueWidth();
    this.seed = seed;
    this.centres = centres;
    this.weights = weights;
    this.keys = new SimpleMatrix(0, keyWidth);
    this.factor = GrowingCholesky.empty(kernel, 0);
    this.innovations = new double[valueWidth][0];
  }

  /** Draws a function from the prior: one number of the generator. */
  static LatentFunction prior(GaussianProcess model, RandomGenerator rng) {
    return new LatentFunction(model, Seed.of(rng.nextLong()), null, new double[0][]);
  }

  /** Returns this function, as asked so far, plus κ(k, centres) · weights. */
  LatentFunction plus(GaussianProcess model, SimpleMatrix newCentres, double[][] newWeights) {
    LatentFunction sum = new LatentFunction(model, seed, newCentres, newWeights);
    synchronized (this) {
      sum.keys = keys;
      sum.factor = factor;
      sum.innovations = innovations;
      sum.values = values;
      sum.places.putAll(places);
    }
    return sum;
  }

  /**
   * Returns the value at one key: (value width) numbers.
   *
   * @param key (key width) numbers. Not modified.
   */
  public double[] at(double... key) {
    Check.width("key", keyWidth, key);
    return at(new SimpleMatrix(1, keyWidth, true, key.clone())).getDDRM().data;
  }

  /**
   * Returns the values at the rows of a matrix.
   *
   * @param queries shape (m, key width)
   * @return shape (m, value width)
   * @throws IllegalArgumentException if more than {@link #MOST_KEYS} distinct keys were asked for
   */
  public SimpleMatrix at(SimpleMatrix queries) {
    Check.matrix("queries", queries, -1, keyWidth);
    SimpleMatrix out = new SimpleMatrix(queries.getNumRows(), valueWidth);
    double[] data = out.getDDRM().data;
    synchronized (this) {
      int[] place = places(queries);
      for (int i = 0; i < place.length; i++) {
        System.arraycopy(values[place[i]], 0, data, i * valueWidth, valueWidth);
      }
    }
    if (centres != null && data.length > 0) {
      addData(queries, data, centres);
    }
    return out;
  }

  private void addData(SimpleMatrix queries, double[] data, SimpleMatrix dataKeys) {
    int length = dataKeys.getNumRows();
    double[] cross = kernel.gram(queries, dataKeys).getDDRM().data;
    double[] row = new double[length];
    for (int i = 0; i < queries.getNumRows(); i++) {
      System.arraycopy(cross, i * length, row, 0, length);
      for (int p = 0; p < valueWidth; p++) {
        data[i * valueWidth + p] += GrowingCholesky.dot(row, weights[p], length);
      }
    }
  }

  // Where the queries' prior values are, after drawing those that are new.
  private int[] places(SimpleMatrix queries) {
    int[] place = new int[queries.getNumRows()];
    int known = places.size();
    double[] fresh = new double[queries.getNumElements()];
    for (int i = 0; i < place.length; i++) {
      double[] key = queries.extractVector(true, i).getDDRM().data;
      Integer old = places.putIfAbsent(Token.real(key), places.size());
      place[i] = old != null ? old : places.size() - 1;
      if (old == null) {
        System.arraycopy(key, 0, fresh, (places.size() - 1 - known) * keyWidth, keyWidth);
      }
    }
    int count = places.size() - known;
    if (count > 0) {
      if (places.size() > MOST_KEYS) {
        int asked = places.size();
        places.values().removeIf(p -> p >= known);
        throw new IllegalArgumentException(
            "queries: expected at most " + MOST_KEYS + " distinct keys in all, got " + asked);
      }
      SimpleMatrix more =
          new SimpleMatrix(count, keyWidth, true, Arrays.copyOf(fresh, count * keyWidth));
      evaluate(known == 0 ? more : keys.concatRows(more));
    }
    return place;
  }

  private void evaluate(SimpleMatrix allKeys) {
    int known = factor.count();
    int count = allKeys.getNumRows();
    keys = allKeys;
    factor = factor.extend(allKeys);
    double[][] longer = new double[valueWidth][];
    for (int p = 0; p < valueWidth; p++) {
      longer[p] = Arrays.copyOf(innovations[p], count);
    }
    double[][] more = Arrays.copyOf(values, count);
    for (int i = known; i < count; i++) {
      RandomGenerator rng = seed.child(i).generator();
      more[i] = new double[valueWidth];
      for (int p = 0; p < valueWidth; p++) {
        longer[p][i] = Normal.draw(rng);
        more[i][p] = deviation * GrowingCholesky.dot(factor.row(i), longer[p], i + 1);
      }
    }
    innovations = longer;
    values = more;
  }

  @Override
  public String toString() {
    return "LatentFunction[" + keyWidth + " -> " + valueWidth + "]";
  }
}
