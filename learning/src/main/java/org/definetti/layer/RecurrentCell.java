package org.definetti.layer;

import org.definetti.attention.Recurrence;
import org.definetti.engine.FloatExp;

/** One step of a {@link Recurrence} in float32, forward and backward; stateless. */
interface RecurrentCell {

  /** Takes the running state one step on; leaves the gates where their inputs were. */
  void forward(RecurrentMemory memory, int place);

  /**
   * Takes the gradient of the running state one step back, but for what comes through {@link
   * RecurrentMemory#asked}, whose gradient it leaves; leaves that of the inputs in the gates.
   */
  void backward(RecurrentMemory memory, int place);

  /** Returns the cell of a recurrence. */
  static RecurrentCell of(Recurrence recurrence) {
    return switch (recurrence) {
      case ELMAN -> new ElmanCell();
      case GRU -> new GruCell();
      case LSTM -> new LstmCell();
    };
  }

  /** Returns 1 / (1 + e^-x). */
  static float sigmoid(float x) {
    return 1f / (1f + FloatExp.exp(-x));
  }

  /** Returns tanh x, to 1e-7. */
  static float tanh(float x) {
    return 1f - 2f / (FloatExp.exp(2f * x) + 1f);
  }
}
