package org.definetti.lab.fit;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.MultivariateGaussianMean;

/** See {@link GaussianFit.Family#MULTIVARIATE_GAUSSIAN_MEAN}. */
record MultivariateClimber(Spread spread) implements Climber<MultivariateGaussianMean> {

  static MultivariateClimber of(List<Tokens> sequences, double priorTokens) {
    return new MultivariateClimber(new Spread(sequences, priorTokens));
  }

  @Override
  public Position<MultivariateGaussianMean> start(RandomGenerator rng) {
    return position(spread.start(rng));
  }

  @Override
  public Step<MultivariateGaussianMean> improve(MultivariateGaussianMean model) {
    Spread.Update update = spread.from(model);
    return new Step<>(update.logEvidence(), position(update));
  }

  private Position<MultivariateGaussianMean> position(Spread.Update update) {
    MultivariateGaussianMean model =
        MultivariateGaussianMean.of(update.between(), update.within()).withPriorMean(update.mean());
    return new Position<>(model, spread.logPrior(update.within()));
  }
}
