package org.definetti.layer;

import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.jspecify.annotations.Nullable;

/**
 * What most layers have in common: parameters at fixed offsets, and the checks that are made of
 * every argument before any work.
 *
 * <p>Two are equal if class, widths and options are.
 */
abstract class SampleLayer implements Layer {

  private final Widths widths;
  private final Record options;
  private final List<ParameterShape> shapes;

  /**
   * Keeps the description.
   *
   * @param options all that tells layers of this class apart, but for the widths
   */
  SampleLayer(Widths widths, Record options, List<ParameterShape> shapes) {
    this.widths = Objects.requireNonNull(widths, "widths");
    this.options = options;
    this.shapes = List.copyOf(shapes);
  }

  /** Returns why a sample without tokens has no output, or null where it has one. */
  abstract @Nullable String whyNotEmpty();

  /** Returns a new workspace; size and length are checked. */
  abstract SampleWorkspace newWorkspace(int size, int length);

  /** Computes the outputs of samples {@code from..to-1}; the arguments are checked. */
  abstract void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace);

  /** Adds the gradients of samples {@code from..to-1}; the arguments are checked. */
  abstract void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient);

  /** Returns where a parameter starts, -1 if this layer has none of this name. */
  final int offset(String name) {
    int offset = 0;
    for (ParameterShape shape : shapes) {
      if (shape.name().equals(name)) {
        return offset;
      }
      offset += shape.size();
    }
    return -1;
  }

  @Override
  public final Widths widths() {
    return widths;
  }

  @Override
  public final List<ParameterShape> shapes() {
    return shapes;
  }

  /** Draws maps with independent normal entries of variance one over their columns; else zero. */
  final Parameters drawMaps(RandomGenerator rng) {
    Parameters parameters = Parameters.zeros(shapes);
    int offset = 0;
    for (ParameterShape shape : shapes) {
      if (shape.name().endsWith(".map")) {
        double scale = 1.0 / Math.sqrt(shape.columns());
        for (int i = 0; i < shape.size(); i++) {
          parameters.data()[offset + i] = (float) (scale * Normal.draw(rng));
        }
      }
      offset += shape.size();
    }
    return parameters;
  }

  @Override
  public final Workspace workspace(int size, int length) {
    Check.atLeast("size", 1, size);
    Check.atLeast("length", 0, length);
    return newWorkspace(size, length);
  }

  @Override
  public final void forward(
      Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
    SampleWorkspace own = check(parameters, batch, from, to, workspace);
    forward(parameters.data(), batch, from, to, own);
  }

  @Override
  public final void backward(
      Parameters parameters, Batch batch, int from, int to, Workspace workspace, Parameters sums) {
    SampleWorkspace own = check(parameters, batch, from, to, workspace);
    checkLayout("sums", sums);
    backward(parameters.data(), batch, from, to, own, sums.data());
  }

  private SampleWorkspace check(
      Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
    checkLayout("parameters", parameters);
    LayerChecks.widths(widths, batch);
    if (from < 0 || from > to || to > batch.size()) {
      throw new IllegalArgumentException(
          "from, to: expected a range in 0.." + batch.size() + ", got " + from + ".." + to);
    }
    String reason = whyNotEmpty();
    for (int b = from; reason != null && b < to; b++) {
      if (batch.length(b) == 0) {
        throw new IllegalArgumentException(
            "batch: expected length >= 1 (" + reason + "), got 0 for sample " + b);
      }
    }
    if (workspace instanceof SampleWorkspace own && own.fits(this, batch)) {
      return own;
    }
    throw new IllegalArgumentException(
        "workspace: expected one made by this layer for at least " + batch + ", got another");
  }

  final void checkLayout(String argument, Parameters parameters) {
    LayerChecks.layout(argument, shapes, parameters);
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof SampleLayer that
        && that.getClass().equals(getClass())
        && widths.equals(that.widths)
        && options.equals(that.options);
  }

  @Override
  public final int hashCode() {
    return 31 * widths.hashCode() + options.hashCode();
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + widths + ", " + options + "]";
  }
}
