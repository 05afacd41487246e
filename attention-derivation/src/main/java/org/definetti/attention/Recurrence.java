package org.definetti.attention;

/**
 * How a recurrent network takes one step: from what the input and what the last state ask of it, to
 * the next state.
 *
 * <pre>{@code
 * a = W_I x + b_I,   u = W_S h' + b_S,   h the next state, h' the last
 * ELMAN   h = tanh(a + u)
 * GRU     r = σ(a_r + u_r),  z = σ(a_z + u_z),  n = tanh(a_n + r u_n),  h = (1 - z) n + z h'
 * LSTM    i = σ(a_i + u_i),  f = σ(a_f + u_f),  g = tanh(a_g + u_g),  o = σ(a_o + u_o)
 *         c = f c' + i g,    h = o tanh(c)
 * }</pre>
 *
 * <p>Gates lie one behind the other in this order, as in PyTorch's {@code nn.RNN}, {@code nn.GRU}
 * and {@code nn.LSTM}. Source: [recalled: Elman 1990; Cho 2014; Hochreiter and Schmidhuber 1997].
 */
public enum Recurrence {

  /** One nonlinearity. */
  ELMAN(1) {
    @Override
    void step(double[] a, double[] u, double[] h, double[] c) {
      for (int i = 0; i < h.length; i++) {
        h[i] = Math.tanh(a[i] + u[i]);
      }
    }
  },

  /** The gated recurrent unit. */
  GRU(3) {
    @Override
    void step(double[] a, double[] u, double[] h, double[] c) {
      int w = h.length;
      for (int i = 0; i < w; i++) {
        double reset = sigmoid(a[i] + u[i]);
        double keep = sigmoid(a[w + i] + u[w + i]);
        double candidate = Math.tanh(a[2 * w + i] + reset * u[2 * w + i]);
        h[i] = (1 - keep) * candidate + keep * h[i];
      }
    }
  },

  /** Long short-term memory. */
  LSTM(4) {
    @Override
    void step(double[] a, double[] u, double[] h, double[] c) {
      int w = h.length;
      for (int i = 0; i < w; i++) {
        double write = sigmoid(a[i] + u[i]);
        double forget = sigmoid(a[w + i] + u[w + i]);
        double candidate = Math.tanh(a[2 * w + i] + u[2 * w + i]);
        double show = sigmoid(a[3 * w + i] + u[3 * w + i]);
        c[i] = forget * c[i] + write * candidate;
        h[i] = show * Math.tanh(c[i]);
      }
    }
  };

  private final int gates;

  Recurrence(int gates) {
    this.gates = gates;
  }

  /** Returns how many times the width of the state a step's a and u have: 1, 3 or 4. */
  public int gates() {
    return gates;
  }

  /**
   * Takes one step.
   *
   * @param a of the input, gates · width. Not modified.
   * @param u of the last state, gates · width. Not modified.
   * @param h the last state, becomes the next. Modified.
   * @param c the memory of LSTM; not read by others. Modified.
   */
  abstract void step(double[] a, double[] u, double[] h, double[] c);

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
