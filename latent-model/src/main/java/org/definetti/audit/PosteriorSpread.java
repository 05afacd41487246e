package org.definetti.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Sample;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * How wide is the posterior on average, and is it as wide as its mean is wrong? (A9)
 *
 * <pre>{@code
 * E tr Cov(z | X) = E ||z - E[z | X]||²                any model
 * E Var(z | X)    = Var(z) ν / (ν + L)                 conjugate, z the mean parameter
 * }</pre>
 *
 * <p>A posterior that is too sure of itself breaks the first equation, a wrong prior count the
 * second. Sources: first [source: Falck-2024, Fact 1]; second [derived: E Var = Var z - Var E(z|X),
 * linear posterior mean, E Var(x|z) = ν Var(z)] (check A9).
 */
public final class PosteriorSpread {

  private PosteriorSpread() {}

  /**
   * One latent with its sequence: the spread that was stated and the error that was made.
   *
   * @param covarianceTrace tr Cov(z | X) as the posterior says
   * @param squaredError ||z - E[z | X]||² of the latent that was drawn
   */
  public record Trial(double covarianceTrace, double squaredError) {}

  /**
   * Returns {@code tr Cov(z) ν / (ν + L)}.
   *
   * <p>Valid for models whose latent is the mean parameter itself, {@code z = E[T(x) | z]}: {@code
   * gaussian-mean}, {@code beta-bernoulli}, {@code dirichlet-categorical}, {@code gamma-poisson}.
   *
   * @throws UnsupportedOperationException if the prior has no covariance
   */
  public static double conjugate(ConjugateModel<?> model, int length) {
    Check.atLeast("length", 0, length);
    double nu = model.priorCount();
    return model.prior().covariance().trace() * (nu / (nu + length));
  }

  /**
   * Draws latents and sequences and compares what the model's own belief says with what was drawn.
   *
   * @param count how many trials, at least 1
   */
  public static List<Trial> trials(
      LatentModel<SimpleMatrix> model, int length, int count, RandomGenerator rng) {
    return trials(
        model,
        length,
        count,
        rng,
        (tokens, latent) -> {
          Belief<SimpleMatrix> belief = model.prior().observe(tokens);
          SimpleMatrix mean = belief.mean();
          Check.matrix("mean of the belief", mean, latent.getNumRows(), latent.getNumCols());
          double error = mean.minus(latent).normF();
          return new Trial(belief.covariance().trace(), error * error);
        });
  }

  /**
   * Draws latents and sequences and hands each pair to a judge: for latents that are not matrices,
   * or a learned posterior.
   *
   * <p>Of all functions of X in place of {@code E[z | X]} the exact one makes the smallest mean
   * squared error, so a learned posterior mean errs by more than the exact spread.
   *
   * @param count how many trials, at least 1
   * @param judge makes a trial of the tokens and the latent behind them
   */
  public static <Z> List<Trial> trials(
      LatentModel<Z> model,
      int length,
      int count,
      RandomGenerator rng,
      BiFunction<Tokens, Z, Trial> judge) {
    Check.atLeast("length", 0, length);
    Check.atLeast("count", 1, count);
    List<Trial> trials = new ArrayList<>(count);
    for (int n = 0; n < count; n++) {
      Sample<Z> sample = model.sample(length, rng);
      trials.add(judge.apply(sample.tokens(), sample.latent()));
    }
    return trials;
  }
}
