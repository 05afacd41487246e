package org.definetti.lab.fit;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.ejml.simple.SimpleMatrix;

/** See {@link GaussianFit.Family#GAUSSIAN_MEAN}. */
record GaussianMeanClimber(Spread spread) implements Climber<GaussianMean> {

  static GaussianMeanClimber of(List<Tokens> sequences, double priorTokens) {
    return new GaussianMeanClimber(new Spread(sequences, priorTokens));
  }

  @Override
  public Position<GaussianMean> start(RandomGenerator rng) {
    return position(spread.start(rng));
  }

  @Override
  public Step<GaussianMean> improve(GaussianMean model) {
    Spread.Update update = spread.from(model);
    return new Step<>(update.logEvidence(), position(update));
  }

  private Position<GaussianMean> position(Spread.Update update) {
    int d = update.mean().getNumCols();
    double between = update.between().trace() / d;
    double within = update.within().trace() / d;
    GaussianMean model = GaussianMean.of(d, between, within).withPriorMean(update.mean());
    return new Position<>(model, spread.logPrior(SimpleMatrix.identity(d).scale(within)));
  }
}
