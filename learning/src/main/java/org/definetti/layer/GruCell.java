package org.definetti.layer;

/**
 * The gated recurrent unit.
 *
 * <pre>{@code
 * r = σ(a_r + u_r),  z = σ(a_z + u_z),  n = tanh(a_n + r u_n),  h = (1 - z) n + z h'
 * }</pre>
 */
final class GruCell implements RecurrentCell {

  @Override
  public void forward(RecurrentMemory m, int place) {
    int w = m.state.length;
    for (int i = 0; i < w; i++) {
      float reset = RecurrentCell.sigmoid(m.gates[i][place] + m.asked[i]);
      float keep = RecurrentCell.sigmoid(m.gates[w + i][place] + m.asked[w + i]);
      float asked = m.asked[2 * w + i];
      float candidate = RecurrentCell.tanh(m.gates[2 * w + i][place] + reset * asked);
      m.gates[i][place] = reset;
      m.gates[w + i][place] = keep;
      m.gates[2 * w + i][place] = candidate;
      m.kept[i][place] = asked;
      m.state[i] = (1f - keep) * candidate + keep * m.state[i];
    }
  }

  @Override
  public void backward(RecurrentMemory m, int place) {
    int w = m.state.length;
    for (int i = 0; i < w; i++) {
      float dh = m.state[i];
      float reset = m.gates[i][place];
      float keep = m.gates[w + i][place];
      float candidate = m.gates[2 * w + i][place];
      float dn = dh * (1f - keep) * (1f - candidate * candidate);
      float dr = dn * m.kept[i][place] * reset * (1f - reset);
      float dz = dh * (m.last[i][place] - candidate) * keep * (1f - keep);
      m.gates[i][place] = dr;
      m.gates[w + i][place] = dz;
      m.gates[2 * w + i][place] = dn;
      m.asked[i] = dr;
      m.asked[w + i] = dz;
      m.asked[2 * w + i] = dn * reset;
      m.state[i] = dh * keep;
    }
  }
}
