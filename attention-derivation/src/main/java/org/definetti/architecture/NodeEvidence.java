package org.definetti.architecture;

import org.definetti.latent.Check;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * The evidence of tokens (one-hot node, one-hot category).
 *
 * <pre>{@code  b(i, k) = Σ_w n_iw log P(w | k),   n_iw how often node i was seen as w  }</pre>
 */
final class NodeEvidence {

  private final PairTokens space;
  private final double[][] emission; // (K, W) logs

  NodeEvidence(PairTokens space, SimpleMatrix emission) {
    this.space = space;
    this.emission = LogWeights.logs(emission);
  }

  int nodes() {
    return space.keyWidth();
  }

  int states() {
    return emission.length;
  }

  SimpleMatrix of(Tokens tokens) {
    Check.space(space, tokens);
    double[][] counts = new double[nodes()][space.valueWidth()];
    for (int l = 0; l < tokens.length(); l++) {
      int node = hot("tokens, key", tokens, l, 0, nodes());
      counts[node][hot("tokens, value", tokens, l, nodes(), space.valueWidth())]++;
    }
    double[] evidence = new double[nodes() * states()];
    for (int a = 0; a < evidence.length; a++) {
      for (int w = 0; w < space.valueWidth(); w++) {
        double count = counts[a / states()][w];
        evidence[a] += count > 0 ? count * emission[a % states()][w] : 0; // 0 · log 0 is 0
      }
    }
    return new SimpleMatrix(nodes(), states(), true, evidence);
  }

  private static int hot(String argument, Tokens tokens, int token, int from, int width) {
    int hot = -1;
    for (int j = 0; j < width; j++) {
      double entry = tokens.at(token, from + j);
      if (entry == 1 && hot < 0) {
        hot = j;
      } else if (entry != 0) {
        throw new IllegalArgumentException(
            argument + ": expected a one-hot vector, got " + entry + " at token " + token);
      }
    }
    if (hot < 0) {
      throw new IllegalArgumentException(
          argument + ": expected a one-hot vector, got zeros at token " + token);
    }
    return hot;
  }
}
