package org.definetti.train;

import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.engine.Parameters;
import org.definetti.layer.Layer;

/**
 * What a fit gives: the trained parameters and how the loss went.
 *
 * @param layer the layer trained
 * @param parameters the solution: the parameters after the last step, their average if the
 *     optimiser averages, or those that were best on validation data with early stopping
 * @param log the loss log, in order of steps
 * @param validation the validation losses, in order of steps; empty without early stopping
 */
public record TrainingResult(
    Layer layer, Parameters parameters, List<LossPoint> log, List<ValidationPoint> validation) {

  /** Copies the logs. */
  public TrainingResult {
    log = List.copyOf(log);
    validation = List.copyOf(validation);
  }

  /** Returns the number of steps taken; fewer than asked for if they stopped early. */
  public long steps() {
    return log.get(log.size() - 1).step();
  }

  /** Returns the trained attention in double precision. */
  public Attention attention() {
    return layer.toAttention(parameters);
  }
}
