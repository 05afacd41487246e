package org.definetti.latent.sequence;

import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/** Dirichlet(α_i + n_i) over the rows of P; see {@link MarkovChain} for the formulas. */
final class MarkovChainBelief implements Belief<MarkovChain.Next> {

  private final MarkovChain model;
  private final @Nullable Integer first;
  private final @Nullable Integer last;
  private final double[] counts; // (W, W) how often the second came right after the first

  private MarkovChainBelief(
      MarkovChain model, @Nullable Integer first, @Nullable Integer last, double[] counts) {
    this.model = model;
    this.first = first;
    this.last = last;
    this.counts = counts;
  }

  static MarkovChainBelief prior(MarkovChain model) {
    int width = model.tokenSpace().count();
    return new MarkovChainBelief(model, null, null, new double[width * width]);
  }

  private int width() {
    return model.tokenSpace().count();
  }

  @Override
  public Belief<MarkovChain.Next> observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    if (tokens.length() == 0) {
      return this;
    }
    double[] more = counts.clone();
    Integer now = last;
    for (int l = 0; l < tokens.length(); l++) {
      int next = (int) tokens.at(l, 0);
      if (now != null) {
        more[now * width() + next]++;
      }
      now = next;
    }
    return new MarkovChainBelief(model, first == null ? (int) tokens.at(0, 0) : first, now, more);
  }

  /** {@inheritDoc} The other's tokens follow this one's: the order of merging matters. */
  @Override
  public Belief<MarkovChain.Next> merge(Belief<MarkovChain.Next> other) {
    if (!(other instanceof MarkovChainBelief belief) || !model.equals(belief.model)) {
      throw Segments.otherModel(this, other);
    }
    if (last == null || belief.first == null) {
      return last == null ? belief : this;
    }
    double[] both = counts.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] += belief.counts[i];
    }
    both[last * width() + belief.first]++;
    return new MarkovChainBelief(model, first, belief.last, both);
  }

  private double seenAfter(int i) {
    double sum = 0;
    for (int w = 0; w < width(); w++) {
      sum += counts[i * width() + w];
    }
    return sum;
  }

  private Belief<SimpleMatrix> row(int i) {
    double[] row = new double[width()];
    System.arraycopy(counts, i * width(), row, 0, width());
    return model.row(i).posterior(seenAfter(i), new SimpleMatrix(1, width(), true, row));
  }

  private double sumOfRows(ToDoubleFunction<Belief<SimpleMatrix>> question) {
    double sum = 0;
    for (int i = 0; i < width(); i++) {
      sum += question.applyAsDouble(row(i));
    }
    return sum;
  }

  @Override
  public double count() {
    double sum = first == null ? 0 : 1;
    for (double n : counts) {
      sum += n;
    }
    return sum;
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    Check.matrix("query", query, 1, width());
    return new CategoricalPredictive(last == null ? model.initial() : row(last).mean());
  }

  @Override
  public SimpleMatrix mean() {
    double[] mean = new double[width() * width()];
    for (int i = 0; i < width(); i++) {
      System.arraycopy(row(i).mean().getDDRM().data, 0, mean, i * width(), width());
    }
    return new SimpleMatrix(width(), width(), true, mean);
  }

  /** {@inheritDoc} The latent is P; its rows are independent. */
  @Override
  public SimpleMatrix covariance() {
    int width = width();
    int size = width * width;
    double[] covariance = new double[size * size];
    for (int i = 0; i < width; i++) {
      SimpleMatrix block = row(i).covariance();
      for (int a = 0; a < width; a++) {
        for (int b = 0; b < width; b++) {
          covariance[(i * width + a) * size + i * width + b] = block.get(a, b);
        }
      }
    }
    return new SimpleMatrix(size, size, true, covariance);
  }

  @Override
  public double logEvidence() {
    if (first == null) {
      return 0;
    }
    return Math.log(model.initial().get(0, first)) + sumOfRows(Belief::logEvidence);
  }

  /** {@inheritDoc} The density is that of P: the last token is known. */
  @Override
  public double logDensity(MarkovChain.Next latent) {
    model.checked(latent);
    double sum = 0;
    for (int i = 0; i < width(); i++) {
      sum += row(i).logDensity(latent.transition().extractVector(true, i));
    }
    return sum;
  }

  @Override
  public double entropyNats() {
    return sumOfRows(Belief::entropyNats);
  }

  /** {@inheritDoc} The laws compared are those of P. */
  @Override
  public double klNats(Belief<MarkovChain.Next> other) {
    if (!(other instanceof MarkovChainBelief belief) || belief.width() != width()) {
      throw Segments.otherModel(this, other);
    }
    double sum = 0;
    for (int i = 0; i < width(); i++) {
      sum += row(i).klNats(belief.row(i));
    }
    return sum;
  }

  @Override
  public MarkovChain.Next sample(RandomGenerator rng) {
    double[] transition = new double[width() * width()];
    for (int i = 0; i < width(); i++) {
      double[] drawn = row(i).sample(rng).getDDRM().data;
      System.arraycopy(drawn, 0, transition, i * width(), width());
    }
    return new MarkovChain.Next(new SimpleMatrix(width(), width(), true, transition), last);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
