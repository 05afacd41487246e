package org.definetti.layer;

import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;

/** What layers ask of their arguments before any work, in one wording. */
final class LayerChecks {

  private LayerChecks() {}

  /** Refuses parameters of another layout; the layer's own list of shapes is the quick case. */
  static void layout(String argument, List<ParameterShape> shapes, Parameters parameters) {
    if (parameters.shapes() != shapes && !parameters.shapes().equals(shapes)) {
      throw new IllegalArgumentException(
          argument + ": expected layout " + shapes + ", got " + parameters.shapes());
    }
  }

  /** Refuses a batch of other widths. */
  static void widths(Widths widths, Batch batch) {
    if (!batch.widths().equals(widths)) {
      throw new ShapeMismatchException("batch: expected " + widths + ", got " + batch.widths());
    }
  }
}
