package org.definetti.calibration;

import java.util.ArrayList;
import java.util.List;
import org.definetti.latent.Check;
import org.definetti.latent.LatentRows;
import org.definetti.latent.Predictive;
import org.definetti.latent.Sample;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;

/**
 * Latents drawn from a model's prior, with a sequence from each: what a posterior is judged on.
 *
 * <pre>{@code  z_i ~ P(z),   X_i ~ P(X | z_i),   i = 1..n  }</pre>
 *
 * <p>Simulation i follows from the seed's child i alone, so more of them begin with the fewer.
 * Immutable; cost O(n L) draws and the exact posteriors.
 */
public final class Simulations {

  private final LatentRows<?> latents;
  private final double[][] truths; // (n, d)
  private final List<Tokens> tokens;
  private final List<Predictive> exact;

  private Simulations(
      LatentRows<?> latents, double[][] truths, List<Tokens> tokens, List<Predictive> exact) {
    this.latents = latents;
    this.truths = truths;
    this.tokens = tokens;
    this.exact = exact;
  }

  /**
   * Draws {@code count} latents and a sequence of {@code length} tokens from each.
   *
   * @param count n, at least 1
   * @param length L, at least 0
   */
  public static <Z> Simulations draw(LatentRows<Z> latents, int count, int length, Seed seed) {
    Check.atLeast("count", 1, count);
    Check.atLeast("length", 0, length);
    double[][] truths = new double[count][];
    List<Tokens> tokens = new ArrayList<>(count);
    List<Predictive> exact = new ArrayList<>(count);
    PosteriorEstimator posterior = PosteriorEstimator.exact(latents);
    for (int i = 0; i < count; i++) {
      Sample<Z> sample = latents.model().sample(length, seed.child(i).generator());
      truths[i] = latents.row(sample.latent());
      tokens.add(sample.tokens());
      exact.add(posterior.given(sample.tokens()));
    }
    return new Simulations(latents, truths, tokens, exact);
  }

  /** Returns the latents' rows, with the model. */
  public LatentRows<?> latents() {
    return latents;
  }

  /** Returns the number n of simulations. */
  public int count() {
    return truths.length;
  }

  /** Returns the numbers of the latent that simulation i drew. */
  public double[] truth(int i) {
    return truths[i].clone();
  }

  /** Returns the tokens of simulation i. */
  public Tokens tokens(int i) {
    return tokens.get(i);
  }

  /** Returns the exact posterior after the tokens of simulation i. */
  public Predictive exact(int i) {
    return exact.get(i);
  }
}
