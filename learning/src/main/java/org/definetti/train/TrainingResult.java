package org.definetti.train;

import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.engine.Parameters;
import org.definetti.layer.Layer;

/**
 * What a fit gives: the trained parameters and how the loss went.
 *
 * @param layer the layer trained
 * @param parameters the parameters after the last step
 * @param log the loss log, in order of steps
 */
public record TrainingResult(Layer layer, Parameters parameters, List<LossPoint> log) {

  /** Copies the log. */
  public TrainingResult {
    log = List.copyOf(log);
  }

  /** Returns the trained attention in double precision. */
  public Attention attention() {
    return layer.toAttention(parameters);
  }
}
