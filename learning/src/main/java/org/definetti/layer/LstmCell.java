package org.definetti.layer;

/**
 * Long short-term memory.
 *
 * <pre>{@code
 * i = σ(a_i + u_i),  f = σ(a_f + u_f),  g = tanh(a_g + u_g),  o = σ(a_o + u_o)
 * c = f c' + i g,    h = o tanh(c)
 * }</pre>
 */
final class LstmCell implements RecurrentCell {

  @Override
  public void forward(RecurrentMemory m, int place) {
    int w = m.state.length;
    for (int i = 0; i < w; i++) {
      float write = RecurrentCell.sigmoid(m.gates[i][place] + m.asked[i]);
      float forget = RecurrentCell.sigmoid(m.gates[w + i][place] + m.asked[w + i]);
      float candidate = RecurrentCell.tanh(m.gates[2 * w + i][place] + m.asked[2 * w + i]);
      float show = RecurrentCell.sigmoid(m.gates[3 * w + i][place] + m.asked[3 * w + i]);
      m.gates[i][place] = write;
      m.gates[w + i][place] = forget;
      m.gates[2 * w + i][place] = candidate;
      m.gates[3 * w + i][place] = show;
      m.kept[i][place] = m.memory[i];
      m.memory[i] = forget * m.memory[i] + write * candidate;
      m.state[i] = show * RecurrentCell.tanh(m.memory[i]);
    }
  }

  @Override
  public void backward(RecurrentMemory m, int place) {
    int w = m.state.length;
    for (int i = 0; i < w; i++) {
      float write = m.gates[i][place];
      float forget = m.gates[w + i][place];
      float candidate = m.gates[2 * w + i][place];
      float show = m.gates[3 * w + i][place];
      float before = m.kept[i][place];
      float shown = RecurrentCell.tanh(forget * before + write * candidate);
      float dh = m.state[i];
      float dc = m.memory[i] + dh * show * (1f - shown * shown);
      m.asked[i] = dc * candidate * write * (1f - write);
      m.asked[w + i] = dc * before * forget * (1f - forget);
      m.asked[2 * w + i] = dc * write * (1f - candidate * candidate);
      m.asked[3 * w + i] = dh * shown * show * (1f - show);
      for (int gate = 0; gate < 4; gate++) {
        m.gates[gate * w + i][place] = m.asked[gate * w + i];
      }
      m.memory[i] = dc * forget;
      m.state[i] = 0f;
    }
  }
}
