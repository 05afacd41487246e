package org.definetti.lab.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;

/**
 * Expectation-maximisation: where to start, how to improve, how to write the end down.
 *
 * @param <M> the type of the models
 */
interface Climber<M extends LatentModel<?>> {

  // What rounding may take from a step that gains nothing, relative to the objective.
  double ROUNDING = 1e-9;

  /**
   * A model on the way up.
   *
   * @param logPrior what the prior tokens add to the objective, in nats
   */
  record Position<M>(M model, double logPrior) {}

  /**
   * One step.
   *
   * @param logEvidence of the model that the step started from
   * @param next the model that it leads to
   */
  record Step<M>(double logEvidence, Position<M> next) {}

  /** Returns a random start. */
  Position<M> start(RandomGenerator rng);

  /** Returns the evidence of a model (E-step) and the model that improves on it (M-step). */
  Step<M> improve(M model);

  /** Returns the same model with its parts in an order that does not depend on the start. */
  default M tidy(M model) {
    return model;
  }

  /** Climbs from every start and keeps the best. */
  static <M extends LatentModel<?>> Fit fit(
      Climber<M> climber, List<Tokens> sequences, FitOptions options) {
    long tokens = sequences.stream().mapToLong(Tokens::length).sum();
    List<Climb> climbs = new ArrayList<>();
    int best = 0;
    for (int i = 0; i < options.restarts(); i++) {
      Seed seed = Seed.of(options.seed()).child("fit").child(i);
      Position<M> start = climber.start(seed.generator());
      climbs.add(climb(climber, start, options, options.tolerance() * tokens));
      if (climbs.get(i).finalObjective() > climbs.get(best).finalObjective()) {
        best = i;
      }
    }
    return new Fit(climbs, best, options, sequences.size(), tokens);
  }

  private static <M extends LatentModel<?>> Climb climb(
      Climber<M> climber, Position<M> start, FitOptions options, double enough) {
    List<Double> evidence = new ArrayList<>();
    List<Double> objective = new ArrayList<>();
    Position<M> at = start;
    for (int i = 0; ; i++) {
      Step<M> step = climber.improve(at.model());
      evidence.add(step.logEvidence());
      objective.add(step.logEvidence() + at.logPrior());
      double gain = i == 0 ? Double.POSITIVE_INFINITY : objective.get(i) - objective.get(i - 1);
      assert gain >= -ROUNDING * (1 + Math.abs(objective.get(i))) : "a step lost " + -gain;
      if (gain <= enough || i == options.iterations()) {
        return new Climb(climber.tidy(at.model()), evidence, objective, gain <= enough);
      }
      at = step.next();
    }
  }
}
