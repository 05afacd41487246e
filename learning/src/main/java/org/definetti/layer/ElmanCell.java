package org.definetti.layer;

/** {@code h = tanh(a + u)}. */
final class ElmanCell implements RecurrentCell {

  @Override
  public void forward(RecurrentMemory m, int place) {
    for (int i = 0; i < m.state.length; i++) {
      float h = RecurrentCell.tanh(m.gates[i][place] + m.asked[i]);
      m.gates[i][place] = h;
      m.state[i] = h;
    }
  }

  @Override
  public void backward(RecurrentMemory m, int place) {
    for (int i = 0; i < m.state.length; i++) {
      float h = m.gates[i][place];
      float g = m.state[i] * (1f - h * h);
      m.gates[i][place] = g;
      m.asked[i] = g;
      m.state[i] = 0f;
    }
  }
}
