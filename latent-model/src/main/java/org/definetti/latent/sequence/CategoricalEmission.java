package org.definetti.latent.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/** Categories, with the probabilities of a row of a table per state. */
final class CategoricalEmission implements Emission {

  private final SimpleMatrix table; // (K, W)
  private final CategoricalTokens space;
  private final double[] logs; // (K, W)
  private final List<Categorical> laws = new ArrayList<>();

  CategoricalEmission(SimpleMatrix table, int states) {
    Check.stochastic("emission", table, states, -1);
    this.table = table.copy();
    this.space = new CategoricalTokens(table.getNumCols());
    this.logs = new double[table.getNumElements()];
    for (int k = 0; k < states; k++) {
      double[] row = table.extractVector(true, k).getDDRM().data;
      Categorical law = Categorical.of(row);
      laws.add(law);
      double sum = 0;
      for (double p : row) {
        sum += p;
      }
      for (int w = 0; w < row.length; w++) {
        logs[k * row.length + w] = Math.log(row[w] / sum);
      }
    }
  }

  @Override
  public CategoricalTokens space() {
    return space;
  }

  @Override
  public int states() {
    return table.getNumRows();
  }

  @Override
  public void logLikelihoods(Tokens tokens, int index, double[] out) {
    int category = (int) tokens.at(index, 0);
    for (int k = 0; k < out.length; k++) {
      out[k] = logs[k * space.count() + category];
    }
  }

  @Override
  public Predictive law(int state) {
    return new CategoricalPredictive(table.extractVector(true, state));
  }

  @Override
  public Predictive mixture(SimpleMatrix probabilities) {
    return new CategoricalPredictive(probabilities.mult(table));
  }

  @Override
  public Token draw(int state, RandomGenerator rng) {
    return Token.category(laws.get(state).draw(rng));
  }

  @Override
  public ModelDescription describe(ModelDescription description) {
    return description.with("emission", table.copy());
  }
}
