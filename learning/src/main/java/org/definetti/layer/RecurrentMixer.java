package org.definetti.layer;

import java.util.Arrays;
import org.definetti.attention.Recurrence;
import org.definetti.engine.TokenRows;

/**
 * The unrolled pass of a recurrent network, one for every cell.
 *
 * <p>What the inputs ask of the gates is one product over all places; what the states ask is one
 * small product a step, and its weights' gradient again one product over all places.
 */
final class RecurrentMixer implements RowMixer {

  private final RecurrentCell cell;
  private final int width;
  private final int gates; // G w
  private final int inputMap;
  private final int inputBias;
  private final int stateMap;
  private final int stateBias;
  private final RecurrentMemory memory;
  private final float[][] states; // (w)(places + 1)
  private final float[][] askedGradients; // (G w)(places)
  private final float[][] rowGradients; // (d)(places + 1)
  private final float[] back; // (w)
  private final float[][] stateBlock; // (block + 1)(w)
  private final float[][] inputBlock; // (block + 1)(d)

  RecurrentMixer(RecurrentLayer layer, Recurrence recurrence, int places) {
    this.cell = RecurrentCell.of(recurrence);
    this.width = layer.outWidth();
    this.gates = recurrence.gates() * width;
    this.inputMap = layer.offset("input.map");
    this.inputBias = layer.offset("input.bias");
    this.stateMap = layer.offset("state.map");
    this.stateBias = layer.offset("state.bias");
    memory = new RecurrentMemory(width, recurrence.gates(), places);
    states = new float[width][places + 1];
    askedGradients = new float[gates][places];
    rowGradients = new float[layer.width()][places + 1];
    back = new float[width];
    stateBlock = new float[TokenRows.BLOCK + 1][width];
    inputBlock = new float[TokenRows.BLOCK + 1][layer.width()];
  }

  private void start() {
    Arrays.fill(memory.state, 0f);
    Arrays.fill(memory.memory, 0f);
  }

  @Override
  public float[][] forward(float[] theta, Places places, float[][] rows) {
    TokenRows.map(theta, inputMap, inputBias, gates, rows, 0, places.total(), memory.gates);
    for (int s = 0; s < places.samples(); s++) {
      start();
      int first = places.first(s);
      for (int place = first; place < first + places.count(s); place++) {
        write(memory.state, memory.last, place);
        SmallMatrix.multiply(theta, stateMap, gates, width, memory.state, 0, memory.asked, 0);
        SmallMatrix.add(memory.asked, 0, gates, theta, stateBias, 1f);
        cell.forward(memory, place);
        write(memory.state, states, place);
      }
    }
    places.clearPadding(memory.last);
    return states;
  }

  private static void write(float[] numbers, float[][] rows, int place) {
    for (int i = 0; i < numbers.length; i++) {
      rows[i][place] = numbers[i];
    }
  }

  @Override
  public float[][] backward(
      float[] theta, Places places, float[][] rows, float[][] outGradient, float[] gradient) {
    int total = places.total();
    for (int s = 0; s < places.samples(); s++) {
      start();
      int first = places.first(s);
      for (int place = first + places.count(s) - 1; place >= first; place--) {
        for (int i = 0; i < width; i++) {
          memory.state[i] += outGradient[i][place];
        }
        cell.backward(memory, place);
        write(memory.asked, askedGradients, place);
        SmallMatrix.multiplyTransposed(theta, stateMap, gates, width, memory.asked, 0, back);
        SmallMatrix.add(memory.state, 0, width, back, 0, 1f);
      }
    }
    places.clearPadding(askedGradients);
    places.clearPadding(memory.gates);
    float[][] last = memory.last;
    TokenRows.addGradient(
        gradient, stateMap, stateBias, gates, askedGradients, last, 0, total, stateBlock);
    TokenRows.addGradient(
        gradient, inputMap, inputBias, gates, memory.gates, rows, 0, total, inputBlock);
    TokenRows.mapTransposed(theta, inputMap, gates, memory.gates, 0, total, rowGradients);
    return rowGradients;
  }
}
