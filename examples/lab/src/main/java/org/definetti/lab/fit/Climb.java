package org.definetti.lab.fit;

import java.util.List;
import org.definetti.latent.LatentModel;

/**
 * One climb of expectation-maximisation from one start.
 *
 * @param model where it ended
 * @param logEvidence Σ_s log P(X_s), in nats, at the start and after each step
 * @param objective the log evidence plus what the prior tokens add, in the same order: never falls
 *     by more than rounding. Without prior tokens it is the log evidence
 * @param converged whether the last step gained no more than the tolerance
 */
public record Climb(
    LatentModel<?> model, List<Double> logEvidence, List<Double> objective, boolean converged) {

  /** Copies the lists. */
  public Climb {
    logEvidence = List.copyOf(logEvidence);
    objective = List.copyOf(objective);
  }

  /** Returns the number of steps. */
  public int iterations() {
    return objective.size() - 1;
  }

  /** Returns the log evidence at the end, in nats. */
  public double finalLogEvidence() {
    return logEvidence.get(iterations());
  }

  /** Returns the objective at the end, in nats. */
  public double finalObjective() {
    return objective.get(iterations());
  }
}
