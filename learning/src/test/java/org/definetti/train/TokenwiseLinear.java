package org.definetti.train;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.layer.Layer;
import org.definetti.layer.Workspace;

/**
 * An output row for every token, out_l = w v_l: the smallest sequence-to-sequence layer, for tests
 * of the loop. Counts its preparations and refuses to run without one.
 */
record TokenwiseLinear(int tile, AtomicInteger preparations) implements Layer {

  static TokenwiseLinear of(int tile) {
    return new TokenwiseLinear(tile, new AtomicInteger());
  }

  @Override
  public Widths widths() {
    return new Widths(1, 1, 1);
  }

  @Override
  public int outputs(int length) {
    return length;
  }

  @Override
  public int tile(int length) {
    return tile;
  }

  @Override
  public List<ParameterShape> shapes() {
    return List.of(new ParameterShape("map", 1, 1));
  }

  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = Parameters.zeros(shapes());
    parameters.data()[0] = 0.5f;
    return parameters;
  }

  private static final class Memory implements Workspace {
    final float[] output;
    final float[] outputGradient;
    float prepared = Float.NaN;

    Memory(int places) {
      output = new float[places];
      outputGradient = new float[places];
    }

    @Override
    public float[] output() {
      return output;
    }

    @Override
    public float[] outputGradient() {
      return outputGradient;
    }
  }

  @Override
  public Workspace workspace(int size, int length) {
    return new Memory(size * length);
  }

  @Override
  public void prepare(Parameters parameters, Workspace workspace) {
    preparations.incrementAndGet();
    ((Memory) workspace).prepared = parameters.data()[0];
  }

  @Override
  public void forward(Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
    Memory memory = (Memory) workspace;
    if (memory.prepared != parameters.data()[0] || to - from > tile) {
      throw new IllegalStateException("not prepared, or more samples than a tile");
    }
    for (int i = from * batch.length(); i < to * batch.length(); i++) {
      memory.output[i] = memory.prepared * batch.values(0)[i];
    }
  }

  @Override
  public void backward(
      Parameters parameters,
      Batch batch,
      int from,
      int to,
      Workspace workspace,
      Parameters gradient) {
    for (int i = from * batch.length(); i < to * batch.length(); i++) {
      gradient.data()[0] += ((Memory) workspace).outputGradient[i] * batch.values(0)[i];
    }
  }

  @Override
  public Attention toAttention(Parameters parameters) {
    throw new UnsupportedOperationException("one output for every token");
  }

  @Override
  public String toString() {
    return "TokenwiseLinear[tile=" + tile + "]";
  }
}
