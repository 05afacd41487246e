package org.definetti.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Seed;

/**
 * A posterior with what it said on simulations: its law and S draws for each of them.
 *
 * <p>Everything that diagnostics need, computed once. The draws of simulation i follow from the
 * seed's child {@code "draws" / i}. Immutable; memory O(n S d).
 */
public final class JudgedPosterior {

  private final Simulations simulations;
  private final List<Predictive> laws;
  private final double[][] draws; // (n)(S d)
  private final int drawCount;
  private final Seed seed;

  private JudgedPosterior(
      Simulations simulations, List<Predictive> laws, double[][] draws, int drawCount, Seed seed) {
    this.simulations = simulations;
    this.laws = laws;
    this.draws = draws;
    this.drawCount = drawCount;
    this.seed = seed;
  }

  /**
   * Asks a posterior about every simulation.
   *
   * @param drawCount S, at least 1; S + 1 a multiple of {@link UniformRanks#POINTS} for the
   *     diagnostics that look at ranks: 99 is a good number
   * @throws ShapeMismatchException if its law has another width than the latent
   */
  public static JudgedPosterior of(
      Simulations simulations, int drawCount, Seed seed, PosteriorEstimator posterior) {
    Check.atLeast("drawCount", 1, drawCount);
    int n = simulations.count();
    int d = simulations.latents().width();
    List<Predictive> laws = new ArrayList<>(n);
    double[][] draws = new double[n][drawCount * d];
    for (int i = 0; i < n; i++) {
      Predictive law = posterior.given(simulations.tokens(i));
      RandomGenerator rng = seed.child("draws").child(i).generator();
      for (int s = 0; s < drawCount; s++) {
        double[] draw = law.draw(rng);
        if (draw.length != d) {
          throw new ShapeMismatchException(
              "posterior: expected " + d + " numbers a draw (as the latent), got " + draw.length);
        }
        System.arraycopy(draw, 0, draws[i], s * d, d);
      }
      laws.add(law);
    }
    return new JudgedPosterior(simulations, laws, draws, drawCount, seed);
  }

  /** Returns the simulations. */
  public Simulations simulations() {
    return simulations;
  }

  /** Returns the number n of simulations. */
  public int count() {
    return simulations.count();
  }

  /** Returns the number d of numbers of a latent. */
  public int width() {
    return simulations.latents().width();
  }

  /** Returns the number S of draws for each simulation. */
  public int drawCount() {
    return drawCount;
  }

  /** Returns the judged law after the tokens of simulation i. */
  public Predictive law(int i) {
    return laws.get(i);
  }

  /** Returns coordinate j of draw s for simulation i. */
  public double draw(int i, int s, int j) {
    return draws[i][s * width() + j];
  }

  /** Returns draw s for simulation i. */
  public double[] draw(int i, int s) {
    int d = width();
    double[] draw = new double[d];
    System.arraycopy(draws[i], s * d, draw, 0, d);
    return draw;
  }

  /** Returns where a diagnostic's own draws come from. */
  Seed seed(String diagnostic) {
    return seed.child(diagnostic);
  }
}
