package org.definetti.lab.sparse;

import java.util.Arrays;
import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.layer.Layer;
import org.definetti.layer.Workspace;
import org.definetti.objective.Loss;
import org.definetti.optimise.Optimiser;
import org.definetti.optimise.OptimiserState;

/**
 * Descent on whole batches of labelled strings, with a look at the network between steps: what the
 * {@code Trainer} does not stop for. One thread; same arguments, same bits.
 */
public final class Descent {

  private static final int EVALUATED = 250; // strings at a time

  private final Layer layer;
  private final Loss loss;
  private final Optimiser optimiser;
  private final double rate;
  private final Parameters parameters;
  private final Parameters initial;
  private final Parameters gradient;
  private final OptimiserState state;
  private final Workspace workspace;
  private final List<String> frozen;

  /**
   * Readies a descent.
   *
   * @param rate the learning rate, the same at every step
   * @param start of the layer's shapes. Not modified.
   * @param size the most strings of a batch to step on
   * @param length T
   * @param frozen names of parameters that keep their initial numbers
   */
  public Descent(
      Layer layer,
      Loss loss,
      Optimiser optimiser,
      double rate,
      Parameters start,
      int size,
      int length,
      List<String> frozen) {
    this.layer = layer;
    this.loss = loss;
    this.optimiser = optimiser;
    this.rate = rate;
    this.initial = start.copy();
    this.parameters = start.copy();
    this.gradient = start.zeros();
    this.state = optimiser.initialState(parameters);
    this.workspace = layer.workspace(Math.max(size, EVALUATED), length);
    this.frozen = List.copyOf(frozen);
  }

  /** Takes a step on all strings of a batch; returns the mean loss before it. */
  public double step(Batch strings) {
    layer.prepare(parameters, workspace);
    layer.forward(parameters, strings, 0, strings.size(), workspace);
    double sum = 0;
    for (int b = 0; b < strings.size(); b++) {
      sum += loss.value(workspace.output(), b, strings.targets(), b, 1);
      float[] out = workspace.outputGradient();
      loss.gradient(workspace.output(), b, strings.targets(), b, 1, 1f / strings.size(), out);
    }
    gradient.clear();
    layer.backward(parameters, strings, 0, strings.size(), workspace, gradient);
    for (String name : frozen) {
      ParameterShape shape = gradient.shape(name);
      int at = gradient.offset(name);
      Arrays.fill(gradient.data(), at, at + shape.size(), 0f);
    }
    optimiser.step(parameters, gradient, state, rate);
    return sum / strings.size();
  }

  /**
   * Returns the share of strings whose output is on their label's side of zero.
   *
   * @param strings any number of them. Not modified.
   */
  public double accuracy(Batch strings) {
    return mean(strings, (output, targets, b) -> output[b] > 0 == targets[b] > 0.5f ? 1 : 0);
  }

  /**
   * Returns the mean loss.
   *
   * @param strings any number of them. Not modified.
   */
  public double loss(Batch strings) {
    return mean(strings, (output, targets, b) -> loss.value(output, b, targets, b, 1));
  }

  /** What an output and its target amount to. */
  private interface Score {
    double of(float[] output, float[] targets, int string);
  }

  private double mean(Batch strings, Score score) {
    layer.prepare(parameters, workspace);
    double sum = 0;
    for (int from = 0; from < strings.size(); from += EVALUATED) {
      Batch part = part(strings, from, Math.min(strings.size(), from + EVALUATED));
      layer.forward(parameters, part, 0, part.size(), workspace);
      for (int b = 0; b < part.size(); b++) {
        sum += score.of(workspace.output(), part.targets(), b);
      }
    }
    return sum / strings.size();
  }

  /** Scales a parameter back to a Euclidean ball around zero if it has left it. */
  public void project(String name, double radius) {
    double norm = norm(name);
    if (norm > radius) {
      int at = parameters.offset(name);
      for (int i = at; i < at + parameters.shape(name).size(); i++) {
        parameters.data()[i] *= (float) (radius / norm);
      }
    }
  }

  /** Returns the Euclidean norm of all numbers of a parameter. */
  public double norm(String name) {
    int at = parameters.offset(name);
    double squares = 0;
    for (int i = at; i < at + parameters.shape(name).size(); i++) {
      squares += (double) parameters.data()[i] * parameters.data()[i];
    }
    return Math.sqrt(squares);
  }

  private static Batch part(Batch strings, int from, int to) {
    if (from == 0 && to == strings.size()) {
      return strings;
    }
    Batch part = Batch.zeros(strings.widths(), to - from, strings.length());
    for (int b = from; b < to; b++) {
      part.copySample(b - from, strings, b);
    }
    return part;
  }

  /** Returns the largest change of a number of this parameter since the start. */
  public double largestChange(String name) {
    int at = parameters.offset(name);
    float largest = 0f;
    for (int i = at; i < at + parameters.shape(name).size(); i++) {
      largest = Math.max(largest, Math.abs(parameters.data()[i] - initial.data()[i]));
    }
    return largest;
  }

  /** Returns the number of steps taken. */
  public long steps() {
    return state.steps();
  }

  /** Returns a copy of the parameters as they are now. */
  public Parameters parameters() {
    return parameters.copy();
  }
}
