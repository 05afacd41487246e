package org.definetti.layer;

/** What the cells of a recurrent network read and write at one place. */
final class RecurrentMemory {

  /** What the input asks of each gate; then the gate; backward its gradient: (G w)(places). */
  final float[][] gates;

  /** The state before each place, (w)(places). */
  final float[][] last;

  /** What a cell keeps of a place besides, (w)(places). */
  final float[][] kept;

  /** What the last state asks of each gate; backward its gradient, (G w). */
  final float[] asked;

  /** The running state; backward the gradient of it, (w). */
  final float[] state;

  /** The running memory of LSTM; backward the gradient of it, (w). */
  final float[] memory;

  RecurrentMemory(int width, int gateCount, int places) {
    gates = new float[gateCount * width][places];
    last = new float[width][places];
    kept = new float[width][places];
    asked = new float[gateCount * width];
    state = new float[width];
    memory = new float[width];
  }
}
