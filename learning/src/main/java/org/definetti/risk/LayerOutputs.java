package org.definetti.risk;

import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.layer.Layer;
import org.definetti.layer.Workspace;
import org.definetti.objective.Loss;
import org.definetti.train.FixedDataSet;

/**
 * What a layer with given parameters answers to each sample of a data set, in float32, as in
 * training.
 *
 * <p>Computed once; losses against the targets, or against any other answer, are then cheap. Takes
 * layers with one output row a sample.
 *
 * <p>Immutable.
 */
public final class LayerOutputs {

  private final FixedDataSet data;
  private final int width;
  private final float[] outputs; // (sample, target width)

  private LayerOutputs(FixedDataSet data, float[] outputs) {
    this.data = data;
    this.width = data.widths().target();
    this.outputs = outputs;
  }

  /**
   * Runs the layer over all samples.
   *
   * @param parameters of the layer's shapes. Not modified.
   * @throws ShapeMismatchException if layer and data differ in widths, or a sample has not one row
   */
  public static LayerOutputs of(Layer layer, Parameters parameters, FixedDataSet data) {
    int length = data.maxLength();
    if (!layer.widths().equals(data.widths())) {
      throw new ShapeMismatchException(
          "data: expected " + layer.widths() + " (as the layer), got " + data.widths());
    }
    if (layer.outputs(length) != 1 || data.rows(length) != 1) {
      throw new ShapeMismatchException(
          "layer: expected one output row for one target row, got "
              + layer.outputs(length)
              + " and "
              + data.rows(length));
    }
    int width = data.widths().target();
    Workspace workspace = layer.workspace(1, length);
    layer.prepare(parameters, workspace);
    float[] outputs = new float[Math.multiplyExact(data.count(), width)];
    for (int i = 0; i < data.count(); i++) {
      layer.forward(parameters, data.sample(i), 0, 1, workspace);
      System.arraycopy(workspace.output(), 0, outputs, i * width, width);
    }
    return new LayerOutputs(data, outputs);
  }

  /** Returns the number of samples. */
  public int count() {
    return data.count();
  }

  /** Returns the loss of the answer to a sample against its target. */
  public double loss(Loss loss, int sample) {
    Batch one = data.sample(sample);
    return loss.value(outputs, sample * width, one.targets(), 0, width);
  }

  /** Returns the mean loss of the first {@code count} samples: the empirical risk. */
  public double risk(Loss loss, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += loss(loss, i);
    }
    return sum / count;
  }

  /**
   * Returns the loss of the answer to a sample against another answer.
   *
   * @param answers (sample, target width). Not modified.
   */
  double lossAgainst(Loss loss, int sample, float[] answers) {
    return loss.value(outputs, sample * width, answers, sample * width, width);
  }
}
