package org.definetti.lab.compare;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.random.Haar;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Which of k known atoms noisy tokens were drawn around (models MS2 and MS3), the atoms being the
 * first tokens of the sequence.
 *
 * <pre>{@code
 * tokens z_1 … z_k (marked), x_1 … x_n;   x_i ~ N(z_L, s2 I),   L uniform
 * E[z_L | tokens] = Σ_l p_l z_l,   p = softmax_l( (<Σ x_i, z_l> - n ‖z_l‖² / 2) / s2 )
 * }</pre>
 *
 * <ul>
 *   <li>The atoms are the same in every sequence, so a network can learn them by heart and never
 *       look; {@link #turned} re-embeds each sequence by an orthogonal matrix Q of its own, atoms,
 *       tokens and target together, and then looking is all there is. The exact answer is the same
 *       formula.
 *   <li>A token's key is 1 for atoms, 0 for the rest: nothing is lost by forgetting the order.
 *   <li>Pooled, atoms fixed: the best affine map of the mean value, {@code m + C (C + s2/n I)⁻¹ (x̄
 *       - m)} with m, C mean and covariance of the atoms. Turned: 0, the only affine answer that
 *       turns along with every Q is a multiple of the mean value, whose best multiple is computed.
 *   <li>Source: [derived] (MS2, ES8).
 * </ul>
 */
public final class AtomsTask implements Task {

  private final int dimension;
  private final int atoms;
  private final double noise;
  private final boolean turned;
  private final Seed seed;
  private final SimpleMatrix table; // (k, d)

  private AtomsTask(
      int dimension, int atoms, double noise, boolean turned, Seed seed, SimpleMatrix table) {
    this.dimension = dimension;
    this.atoms = atoms;
    this.noise = noise;
    this.turned = turned;
    this.seed = seed;
    this.table = table;
  }

  /**
   * Returns the task of atoms drawn from N(0, I).
   *
   * @param dimension d, at least 1
   * @param atoms k, at least 2
   * @param noise s2, above zero
   * @param seed of the atoms
   */
  public static AtomsTask of(int dimension, int atoms, double noise, Seed seed) {
    Check.atLeast("dimension", 1, dimension);
    Check.atLeast("atoms", 2, atoms);
    Check.positive("noise", noise);
    double[] rows = new double[atoms * dimension];
    Normal.fill(rows, 0, rows.length, seed.generator());
    return new AtomsTask(
        dimension, atoms, noise, false, seed, new SimpleMatrix(atoms, dimension, true, rows));
  }

  /** Returns the same task with every sequence turned by a random orthogonal matrix of its own. */
  public AtomsTask turned() {
    return new AtomsTask(dimension, atoms, noise, true, seed, table);
  }

  @Override
  public String name() {
    return turned ? "knowledge-atoms-turned" : "knowledge-atoms";
  }

  @Override
  public Widths widths() {
    return new Widths(1, dimension, dimension);
  }

  @Override
  public Scale scale() {
    return Scale.SQUARED;
  }

  @Override
  public int tokens(int items) {
    return atoms + items;
  }

  /** {@inheritDoc} The atoms among themselves; the noisy tokens stay behind them. */
  @Override
  public int movable(int tokens) {
    return atoms;
  }

  @Override
  public void draw(Batch batch, int sample, RandomGenerator rng) {
    SampleRows rows = new SampleRows(batch, sample);
    SimpleMatrix own = turned ? table.mult(Haar.orthogonal(dimension, rng)) : table;
    int chosen = (int) rng.nextLong(atoms);
    for (int l = 0; l < atoms; l++) {
      rows.setKey(l, 0, 1);
      for (int j = 0; j < dimension; j++) {
        rows.setValue(l, j, own.get(l, j));
      }
    }
    for (int j = 0; j < dimension; j++) {
      rows.setTarget(j, own.get(chosen, j));
    }
    for (int l = atoms; l < rows.length(); l++) {
      for (int j = 0; j < dimension; j++) {
        rows.setValue(l, j, own.get(chosen, j) + Math.sqrt(noise) * Normal.draw(rng));
      }
    }
  }

  @Override
  public Answer exact(Batch batch, int sample) {
    SampleRows rows = new SampleRows(batch, sample);
    double[] sum = rows.sum(atoms, rows.length());
    int n = rows.length() - atoms;
    double[] logits = new double[atoms];
    double[] squares = new double[atoms];
    for (int l = 0; l < atoms; l++) {
      double product = 0;
      for (int j = 0; j < dimension; j++) {
        product += sum[j] * rows.value(l, j);
        squares[l] += rows.value(l, j) * rows.value(l, j);
      }
      logits[l] = (product - n * squares[l] / 2) / noise;
    }
    double[] weights = Scale.CATEGORICAL.mean(logits);
    double[] mean = new double[dimension];
    double square = 0;
    for (int l = 0; l < atoms; l++) {
      square += weights[l] * squares[l];
      for (int j = 0; j < dimension; j++) {
        mean[j] += weights[l] * rows.value(l, j);
      }
    }
    for (double number : mean) {
      square -= number * number;
    }
    return Answer.of(square, mean);
  }

  @Override
  public @Nullable Predictor best(Sight sight) {
    return switch (sight.kind()) {
      case UNORDERED, EVERYTHING -> null;
      case POOLED -> turned ? this::multiple : this::affine;
      case WINDOW ->
          throw new UnsupportedOperationException(
              "the best of a window is not known: it may have learned the atoms by heart");
    };
  }

  private double[] affine(Batch batch, int sample) {
    SampleRows rows = new SampleRows(batch, sample);
    int n = rows.length() - atoms;
    SimpleMatrix ones = SimpleMatrix.filled(1, atoms, 1.0 / atoms);
    SimpleMatrix mean = ones.mult(table);
    SimpleMatrix centred = table.minus(SimpleMatrix.filled(atoms, 1, 1).mult(mean));
    SimpleMatrix covariance = centred.transpose().mult(centred).divide(atoms);
    SimpleMatrix noisy = covariance.plus(SimpleMatrix.identity(dimension).scale(noise / n));
    SimpleMatrix seen =
        new SimpleMatrix(1, dimension, true, rows.sum(atoms, rows.length())).divide(n);
    return mean.plus(noisy.solve(seen.minus(mean).transpose()).transpose().mult(covariance))
        .getDDRM()
        .data;
  }

  /** The best multiple of the mean of all tokens, {@code E<z_L, m> / E‖m‖²}. */
  private double[] multiple(Batch batch, int sample) {
    SampleRows rows = new SampleRows(batch, sample);
    int n = rows.length() - atoms;
    double[] total = new double[dimension];
    double product = 0;
    double square = 0;
    for (int l = 0; l < atoms; l++) {
      for (int j = 0; j < dimension; j++) {
        total[j] += table.get(l, j);
      }
    }
    for (int l = 0; l < atoms; l++) {
      for (int j = 0; j < dimension; j++) {
        double mean = total[j] + n * table.get(l, j); // of the sum of all tokens, given L = l
        product += table.get(l, j) * mean / atoms;
        square += (mean * mean + n * noise) / atoms;
      }
    }
    double[] out = rows.sum(0, rows.length());
    for (int j = 0; j < dimension; j++) {
      out[j] *= product / square;
    }
    return out;
  }

  @Override
  public String toString() {
    return "AtomsTask["
        + atoms
        + " atoms of "
        + seed
        + " in "
        + dimension
        + " dimensions, noise "
        + noise
        + (turned ? ", turned]" : "]");
  }
}
