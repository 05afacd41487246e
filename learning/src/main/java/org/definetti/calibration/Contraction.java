package org.definetti.calibration;

import org.definetti.experiment.Estimate;
import org.definetti.latent.Predictive;
import org.ejml.simple.SimpleMatrix;

/**
 * Posterior contraction: by how much did the tokens narrow the posterior, and is it as much as they
 * do in truth?
 *
 * <pre>{@code
 * c_i = 1 - (1/d) Σ_j Var_Q(z_j | X_i) / Var(z_j),   p: is c_i - c_i of the exact posterior zero?
 * }</pre>
 *
 * <ul>
 *   <li>The number is the mean of c: 0 where nothing was learned, 1 where all is known; below zero
 *       where the posterior is wider than the prior.
 *   <li>Cannot see: a posterior of the right width in the wrong place.
 *   <li>Source: contraction [recalled: Betancourt 2018; Schad, Betancourt, Vasishth 2021]; the
 *       comparison with the exact one, which is at hand here [derived].
 * </ul>
 */
public final class Contraction implements Diagnostic {

  /** Returns the diagnostic. */
  public Contraction() {}

  @Override
  public String name() {
    return "contraction";
  }

  @Override
  public String statistic() {
    return "mean contraction of the prior variance";
  }

  @Override
  public Finding judge(JudgedPosterior judged) {
    SimpleMatrix prior = judged.simulations().latents().prior().covariance();
    double[] contractions = new double[judged.count()];
    double[] gaps = new double[judged.count()];
    for (int i = 0; i < gaps.length; i++) {
      contractions[i] = of(judged.law(i), prior);
      gaps[i] = contractions[i] - of(judged.simulations().exact(i), prior);
    }
    return new Finding(name(), Estimate.of(contractions).mean(), ZeroMean.twoSided(gaps));
  }

  private static double of(Predictive law, SimpleMatrix prior) {
    SimpleMatrix covariance = law.covariance();
    double sum = 0;
    for (int j = 0; j < prior.getNumRows(); j++) {
      sum += covariance.get(j, j) / prior.get(j, j);
    }
    return 1 - sum / prior.getNumRows();
  }
}
