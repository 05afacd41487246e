package org.definetti.latent.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/** Tokens (one-hot node, one-hot category): reading, counting and drawing them. */
final class NodeTokens {

  private final int nodes;
  private final SimpleMatrix emission; // (K, W)
  private final PairTokens space;
  private final double[] logs; // (K, W)
  private final List<Categorical> laws = new ArrayList<>();

  NodeTokens(int nodes, SimpleMatrix emission) {
    this.nodes = nodes;
    this.emission = emission;
    this.space = new PairTokens(nodes, emission.getNumCols());
    this.logs = emission.getDDRM().data.clone();
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Math.log(logs[i]);
    }
    for (int k = 0; k < emission.getNumRows(); k++) {
      laws.add(Categorical.of(emission.extractVector(true, k).getDDRM().data));
    }
  }

  PairTokens space() {
    return space;
  }

  SimpleMatrix emission() {
    return emission;
  }

  int states() {
    return emission.getNumRows();
  }

  int categories() {
    return emission.getNumCols();
  }

  double logLikelihood(int state, int category) {
    return logs[state * categories() + category];
  }

  int drawCategory(int state, RandomGenerator rng) {
    return laws.get(state).draw(rng);
  }

  Token token(int node, int category) {
    return Token.pair(oneHot(nodes, node), oneHot(categories(), category));
  }

  static double[] oneHot(int width, int index) {
    double[] vector = new double[width];
    vector[index] = 1;
    return vector;
  }

  /** Adds how often a node was seen as a category to {@code counts}, (n, W). Modified. */
  void count(Tokens tokens, double[] counts) {
    double[] row = new double[space.width()];
    for (int l = 0; l < tokens.length(); l++) {
      for (int j = 0; j < row.length; j++) {
        row[j] = tokens.at(l, j);
      }
      counts[index("tokens, key", row, 0, nodes) * categories()
          + index("tokens, value", row, nodes, categories())]++;
    }
  }

  int node(Token token) {
    return index("token, key", token.coordinates(), 0, nodes);
  }

  int category(Token token) {
    return index("token, value", token.coordinates(), nodes, categories());
  }

  int node(SimpleMatrix query) {
    return index("query", Check.matrix("query", query, 1, nodes).getDDRM().data, 0, nodes);
  }

  /** Returns the states that a one-hot latent of shape (n, K) writes. */
  int[] states(SimpleMatrix latent) {
    double[] rows = Check.matrix("latent", latent, nodes, states()).getDDRM().data;
    int[] z = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      z[i] = index("latent, row " + i, rows, i * states(), states());
    }
    return z;
  }

  SimpleMatrix latent(int[] z) {
    double[] rows = new double[nodes * states()];
    for (int i = 0; i < nodes; i++) {
      rows[i * states() + z[i]] = 1;
    }
    return new SimpleMatrix(nodes, states(), true, rows);
  }

  private static int index(String argument, double[] numbers, int offset, int width) {
    int index = -1;
    for (int j = 0; j < width; j++) {
      double entry = numbers[offset + j];
      if (entry == 1 && index < 0) {
        index = j;
      } else if (entry != 0) {
        throw new IllegalArgumentException(
            argument + ": expected a one-hot vector, got " + entry + " at " + j);
      }
    }
    if (index < 0) {
      throw new IllegalArgumentException(argument + ": expected a one-hot vector, got zeros");
    }
    return index;
  }
}
