package org.definetti.lab.fit;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.latent.finite.Topics;
import org.ejml.simple.SimpleMatrix;

/**
 * Fits a topic model whose proportions have finite support ({@code topics}) to documents: the
 * weights of the grid and the words of the topics.
 *
 * <pre>{@code
 * E:  π_ds = P(θ_s | X_d),   q_dwt = Σ_s π_ds θ_st β_tw / (θ_s β)_w
 * M:  p_s = Σ_d π_ds / D,    β_tw ∝ Σ_d n_dw q_dwt + c q_w
 * objective:  Σ_d log P(X_d) + c Σ_t Σ_w q_w log β_tw
 * }</pre>
 *
 * <ul>
 *   <li>Where: n_dw how often word w stands in document d, q_dwt the probability that such a word
 *       comes from topic t, c prior tokens, q_w the share of word w in all documents pooled (by the
 *       rule of succession).
 *   <li>The grid θ is all proportions that are multiples of 1 / steps and stays as it is.
 *   <li>Starts: each topic from one document of its own, drawn at random, and as many words of the
 *       pooled law; uniform weights. Topics are returned by falling mean proportion.
 *   <li>Cost: a step is one exact posterior of every document, and distinct words · S · T.
 *   <li>Source: expectation-maximisation [recalled: Dempster-Laird-Rubin]; the steps of this model
 *       [derived].
 * </ul>
 */
public final class TopicsFit implements Climber<Topics> {

  private final List<Tokens> documents;
  private final List<double[]> counts; // (W) one a document
  private final SimpleMatrix grid; // (S, T)
  private final double[] pooled; // (W) q
  private final double priorTokens;

  private TopicsFit(List<Tokens> documents, SimpleMatrix grid, int categories, double priorTokens) {
    this.documents = documents;
    this.counts = documents.stream().map(d -> CategoricalFamily.counts(d, categories)).toList();
    this.grid = grid;
    this.pooled = CategoricalFamily.pooled(documents, categories);
    this.priorTokens = priorTokens;
  }

  /**
   * Fits a topic model.
   *
   * @param documents sequences of categories of one space
   * @param topics T, at least 1 and at most the documents that have words
   * @param steps proportions are multiples of 1 / steps, at least 1; 1 is a mixture
   * @throws IllegalArgumentException if the tokens are not categories, or there are fewer documents
   *     than topics
   */
  public static Fit of(List<Tokens> documents, int topics, int steps, FitOptions options) {
    Check.atLeast("components", 1, topics);
    List<Tokens> seen = MixtureFit.withTokens(documents, topics);
    if (!(seen.get(0).space() instanceof CategoricalTokens words)) {
      throw new IllegalArgumentException(
          "documents: expected categories, got " + seen.get(0).space());
    }
    SimpleMatrix grid = Topics.simplexGrid(topics, steps);
    TopicsFit climber = new TopicsFit(seen, grid, words.count(), options.priorTokens());
    return Climber.fit(climber, seen, options);
  }

  @Override
  public Position<Topics> start(RandomGenerator rng) {
    int topics = grid.getNumCols();
    double[][] beta = new double[topics][];
    List<Integer> chosen = MixtureFit.choose(topics, documents.size(), rng);
    for (int t = 0; t < topics; t++) {
      beta[t] = counts.get(chosen.get(t)).clone();
      for (int w = 0; w < pooled.length; w++) {
        beta[t][w] += documents.get(chosen.get(t)).length() * pooled[w];
      }
    }
    double[] weights = new double[grid.getNumRows()];
    Arrays.fill(weights, 1);
    return build(weights, beta);
  }

  @Override
  public Step<Topics> improve(Topics model) {
    FiniteBelief<SimpleMatrix> prior = FiniteBelief.prior(model);
    SimpleMatrix words = grid.mult(model.topics()); // (S, W)
    double evidence = 0;
    double[] weights = new double[grid.getNumRows()];
    double[][] beta = new double[grid.getNumCols()][pooled.length];
    for (int d = 0; d < documents.size(); d++) {
      FiniteBelief<SimpleMatrix> belief = prior.observe(documents.get(d));
      evidence += belief.logEvidence();
      double[] shares = belief.probabilities().getDDRM().data;
      for (int s = 0; s < weights.length; s++) {
        weights[s] += shares[s];
      }
      addWords(beta, model, words, counts.get(d), shares);
    }
    return new Step<>(evidence, build(weights, beta));
  }

  // Adds n_dw q_dwt to beta (T, W). Modified.
  private void addWords(
      double[][] beta, Topics model, SimpleMatrix words, double[] seen, double[] shares) {
    for (int w = 0; w < seen.length; w++) {
      for (int s = 0; seen[w] > 0 && s < shares.length; s++) {
        if (shares[s] > 0) {
          double each = seen[w] * shares[s] / words.get(s, w);
          for (int t = 0; t < beta.length; t++) {
            beta[t][w] += each * grid.get(s, t) * model.topics().get(t, w);
          }
        }
      }
    }
  }

  private Position<Topics> build(double[] weights, double[][] beta) {
    double[][] laws = new double[beta.length][];
    double logPrior = 0;
    for (int t = 0; t < beta.length; t++) {
      double[] sums = beta[t].clone();
      double total = 0;
      for (int w = 0; w < sums.length; w++) {
        sums[w] += priorTokens * pooled[w];
        total += sums[w];
      }
      // A topic that no word speaks for may have any law: the pooled one.
      laws[t] = total > 0 ? CategoricalFamily.normalised(sums) : pooled.clone();
      logPrior +=
          priorTokens == 0 ? 0 : priorTokens * CategoricalFamily.expectedLog(pooled, laws[t]);
    }
    double[] prior = CategoricalFamily.normalised(weights);
    SimpleMatrix p = new SimpleMatrix(1, prior.length, true, prior);
    return new Position<>(Topics.of(grid, new SimpleMatrix(laws)).withPrior(p), logPrior);
  }

  /** {@inheritDoc} The columns of the grid move with the topics. */
  @Override
  public Topics tidy(Topics model) {
    List<Integer> order = ConceptFamily.byWeight(model.priorProbabilities().mult(grid));
    SimpleMatrix moved = ConceptFamily.rows(grid.transpose(), order).transpose();
    return Topics.of(moved, ConceptFamily.rows(model.topics(), order))
        .withPrior(model.priorProbabilities());
  }
}
