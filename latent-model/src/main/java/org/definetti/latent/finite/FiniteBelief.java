package org.definetti.latent.finite;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.ImpossibleTokensException;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.MixturePredictive;
import org.definetti.latent.Predictive;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The exact posterior of any model whose latent takes finitely many values z_1..z_K.
 *
 * <pre>{@code
 * s_k = Σ_l log P(x^l | z_k),   P(z_k | X) = softmax_k(log p_k + s_k)
 * log P(X) = log Σ_k p_k exp(s_k),   P(v | X, q) = Σ_k P(z_k | X) P(v | z_k, q)
 * }</pre>
 *
 * <p>A model of one's own gets it in one line: {@code prior() { return FiniteBelief.prior(this);
 * }}.
 *
 * <ul>
 *   <li>Where: p the prior, s the sufficient statistic, K numbers that add up over tokens.
 *   <li>Mean and covariance: those of z itself if the latents are numbers with a fraction ({@code
 *       Double}), arrays of them or matrices; for any other latent, an index above all, those of
 *       its indicator, so that {@link #mean} is the row of the K posterior probabilities.
 *   <li>Edge cases: a token that is impossible under z_k removes z_k for ever. Tokens that are
 *       impossible under every latent have evidence minus infinity; what is asked about z then
 *       throws {@link ImpossibleTokensException}.
 *   <li>Cost: categories of a sequence at least as long as their number are counted, O(L + K·W);
 *       other tokens cost L·K log-likelihoods. Memory O(K), whatever the length.
 *   <li>Accuracy: sums are compensated and differences of sums are taken before rounding, so log
 *       odds are off by about {@code L · 1e-16} times the size of one log-likelihood at worst, for
 *       any length.
 *   <li>Source: Bayes' rule; two attention steps compute it [derived, section B3 of the project's
 *       notes].
 * </ul>
 *
 * <p>The model's latents are distinct and its lists do not change.
 *
 * @param <Z> the type of the latent z
 */
public final class FiniteBelief<Z> implements Belief<Z> {

  private static final int CHUNK = 1024; // tokens whose log-likelihoods are held at once

  private final Frame<Z> frame;
  private final SumStatistic evidence;
  private final double logEvidence;
  private final double[] logProbabilities; // (K); of no use where the evidence is minus infinity

  private FiniteBelief(Frame<Z> frame, SumStatistic evidence) {
    this.frame = frame;
    this.evidence = evidence;
    int best = mostProbable(frame, evidence);
    double[] odds = new double[frame.size()];
    if (best < 0) {
      this.logEvidence = Double.NEGATIVE_INFINITY;
      this.logProbabilities = odds;
      return;
    }
    // Against the best latent, so that large sums cancel before they are rounded.
    for (int k = 0; k < odds.length; k++) {
      odds[k] = frame.logPrior[k] - frame.logPrior[best];
      odds[k] += odds[k] == Double.NEGATIVE_INFINITY ? 0 : evidence.difference(k, best);
    }
    double total = LogSumExp.of(odds);
    this.logEvidence = evidence.sum(best) + (frame.logPrior[best] + total);
    for (int k = 0; k < odds.length; k++) {
      odds[k] -= total;
    }
    this.logProbabilities = odds;
  }

  // The index of the largest log p_k + s_k, or -1 if all are minus infinity.
  private static int mostProbable(Frame<?> frame, SumStatistic evidence) {
    int best = -1;
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < frame.size(); k++) {
      double weight = frame.logPrior[k] + evidence.sum(k);
      if (weight > largest) {
        largest = weight;
        best = k;
      }
    }
    return best;
  }

  /**
   * Returns the belief of a finite model before any token.
   *
   * @throws IllegalArgumentException if the model has not one prior probability a latent, or they
   *     are not probabilities
   */
  public static <Z> FiniteBelief<Z> prior(FiniteLatentModel<Z> model) {
    Frame<Z> frame = new Frame<>(model);
    return new FiniteBelief<>(frame, SumStatistic.none(frame.size()));
  }

  /**
   * Returns the belief whose statistic was computed elsewhere, for example read out of an
   * attention.
   *
   * @param count the tokens seen, at least 0
   * @param logLikelihoods s, shape (1, K); finite or minus infinity
   * @throws IllegalArgumentException if an entry is NaN or plus infinity
   */
  public static <Z> FiniteBelief<Z> of(
      FiniteLatentModel<Z> model, double count, SimpleMatrix logLikelihoods) {
    Frame<Z> frame = new Frame<>(model);
    Check.notNegative("count", count);
    double[] sums = frame.checkedLikelihoods(logLikelihoods, 1);
    return new FiniteBelief<>(frame, SumStatistic.none(frame.size()).plusSummed(count, sums));
  }

  @Override
  public FiniteBelief<Z> observe(Tokens tokens) {
    Check.space(frame.model.tokenSpace(), tokens);
    if (tokens.length() == 0) {
      return this;
    }
    boolean counted =
        tokens.space() instanceof CategoricalTokens categories
            && tokens.length() >= categories.count();
    return new FiniteBelief<>(frame, counted ? afterCounts(tokens) : afterEach(tokens));
  }

  private SumStatistic afterEach(Tokens tokens) {
    SumStatistic sum = evidence;
    for (int from = 0; from < tokens.length(); from += CHUNK) {
      int to = Math.min(from + CHUNK, tokens.length());
      Tokens chunk = to - from == tokens.length() ? tokens : tokens.slice(from, to);
      double[] rows = frame.checkedLikelihoods(frame.model.logLikelihoods(chunk), to - from);
      sum = sum.plus(to - from, rows);
    }
    return sum;
  }

  // Each category that occurs is asked once: Σ_l log P(x^l | z) = Σ_w n_w log P(w | z).
  private SumStatistic afterCounts(Tokens tokens) {
    double[] counts = new double[((CategoricalTokens) tokens.space()).count()];
    int distinct = 0;
    for (int l = 0; l < tokens.length(); l++) {
      int category = (int) tokens.at(l, 0);
      distinct += counts[category] == 0 ? 1 : 0;
      counts[category]++;
    }
    double[] seen = new double[distinct];
    double[] times = new double[distinct];
    int next = 0;
    for (int w = 0; w < counts.length; w++) {
      if (counts[w] > 0) {
        times[next] = counts[w];
        seen[next++] = w;
      }
    }
    Tokens once = Tokens.owning(tokens.space(), seen);
    double[] rows = frame.checkedLikelihoods(frame.model.logLikelihoods(once), distinct).clone();
    for (int i = 0; i < rows.length; i++) {
      rows[i] *= times[i / frame.size()];
    }
    double more = tokens.length() - distinct; // plus() counts one token a row
    return evidence.plus(distinct, rows).plusSummed(more, new double[frame.size()]);
  }

  @Override
  public FiniteBelief<Z> merge(Belief<Z> other) {
    if (other instanceof FiniteBelief<Z> belief && frame.model.equals(belief.frame.model)) {
      return new FiniteBelief<>(frame, evidence.plus(belief.evidence));
    }
    throw otherFamily(other);
  }

  @Override
  public double count() {
    return evidence.count();
  }

  /** Returns s, the log-likelihood of the tokens seen under each latent, shape (1, K). */
  public SimpleMatrix logLikelihoods() {
    double[] sums = new double[frame.size()];
    for (int k = 0; k < sums.length; k++) {
      sums[k] = evidence.sum(k);
    }
    return new SimpleMatrix(1, sums.length, true, sums);
  }

  /**
   * Returns the posterior probabilities P(z_k | X) in the order of the model's latents, shape (1,
   * K).
   *
   * @throws ImpossibleTokensException if the tokens seen are impossible under every latent
   */
  public SimpleMatrix probabilities() {
    double[] probabilities = logProbabilities().clone();
    double sum = 0;
    for (int k = 0; k < probabilities.length; k++) {
      probabilities[k] = Math.exp(probabilities[k]);
      sum += probabilities[k];
    }
    for (int k = 0; k < probabilities.length; k++) {
      probabilities[k] /= sum; // one up to rounding
    }
    return new SimpleMatrix(1, probabilities.length, true, probabilities);
  }

  private double[] logProbabilities() {
    if (logEvidence == Double.NEGATIVE_INFINITY) {
      throw new ImpossibleTokensException(frame.name(), count());
    }
    return logProbabilities;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A mixture of categorical laws is one, so for categories it is a {@link
   * CategoricalPredictive}, otherwise a {@link MixturePredictive}.
   *
   * @throws UnsupportedOperationException if the model does not say the law of a value given z
   * @throws ImpossibleTokensException if the tokens seen are impossible under every latent
   */
  @Override
  public Predictive predictive(SimpleMatrix query) {
    Check.matrix("query", query, 1, frame.model.tokenSpace().keyWidth());
    List<Predictive> laws = frame.valueLaws(query);
    MixturePredictive mixture = new MixturePredictive(probabilities(), laws);
    return laws.stream().allMatch(CategoricalPredictive.class::isInstance)
        ? new CategoricalPredictive(mixture.mean())
        : mixture;
  }

  /**
   * {@inheritDoc}
   *
   * <p>For a latent that is not a real number, array or matrix: the posterior probabilities, (1,
   * K).
   */
  @Override
  public SimpleMatrix mean() {
    return frame.coordinates == null
        ? probabilities()
        : new SimpleMatrix(frame.rows, frame.columns, true, average(frame.coordinates));
  }

  private double[] average(double[][] coordinates) {
    SimpleMatrix weights = probabilities();
    double[] mean = new double[coordinates[0].length];
    for (int k = 0; k < coordinates.length; k++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += weights.get(0, k) * coordinates[k][i];
      }
    }
    return mean;
  }

  /**
   * {@inheritDoc}
   *
   * <p>For a latent that is not a real number, array or matrix: that of its indicator, {@code
   * diag(π) - πᵀπ}, (K, K).
   */
  @Override
  public SimpleMatrix covariance() {
    double[][] coordinates = frame.coordinates;
    if (coordinates == null) {
      return indicatorCovariance(probabilities().getDDRM().data);
    }
    double[] weights = probabilities().getDDRM().data;
    double[] mean = average(coordinates);
    int width = mean.length;
    double[] sum = new double[width * width];
    for (int k = 0; k < coordinates.length; k++) {
      for (int i = 0; i < width; i++) {
        double term = weights[k] * (coordinates[k][i] - mean[i]);
        for (int j = 0; j < width; j++) {
          sum[i * width + j] += term * (coordinates[k][j] - mean[j]);
        }
      }
    }
    return new SimpleMatrix(width, width, true, sum);
  }

  static SimpleMatrix indicatorCovariance(double[] p) {
    double[] covariance = new double[p.length * p.length];
    for (int i = 0; i < p.length; i++) {
      double others = 0; // 1 - p_i without cancellation
      for (int j = 0; j < p.length; j++) {
        if (j != i) {
          others += p[j];
          covariance[i * p.length + j] = -p[i] * p[j];
        }
      }
      covariance[i * p.length + i] = p[i] * others;
    }
    return new SimpleMatrix(p.length, p.length, true, covariance);
  }

  @Override
  public double logEvidence() {
    return logEvidence;
  }

  /**
   * {@inheritDoc}
   *
   * @return log P(z | X), minus infinity for a latent that the tokens or the prior exclude
   * @throws IllegalArgumentException if {@code latent} is none of the model's
   */
  @Override
  public double logDensity(Z latent) {
    return logProbabilities()[frame.indexOf(latent)];
  }

  /** {@inheritDoc} It is that of the index of z, between 0 and log K. */
  @Override
  public double entropyNats() {
    double sum = 0;
    for (double log : logProbabilities()) {
      sum -= log == Double.NEGATIVE_INFINITY ? 0 : Math.exp(log) * log;
    }
    return Math.max(0, sum);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Infinite if {@code other} excludes a latent that this belief does not.
   */
  @Override
  public double klNats(Belief<Z> other) {
    if (!(other instanceof FiniteBelief<Z> belief) || !frame.hasLatentsOf(belief.frame)) {
      throw otherFamily(other);
    }
    double[] mine = logProbabilities();
    double[] theirs = belief.logProbabilities();
    double sum = 0;
    for (int k = 0; k < mine.length; k++) {
      sum += mine[k] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(mine[k]) * (mine[k] - theirs[k]);
    }
    return Math.max(0, sum);
  }

  @Override
  public Z sample(RandomGenerator rng) {
    int index = Categorical.of(probabilities().getDDRM().data).draw(rng);
    return frame.latents.get(index);
  }

  private IllegalArgumentException otherFamily(Belief<?> other) {
    return new IllegalArgumentException(
        "other: expected a belief of the same model as " + this + ", got " + other);
  }

  @Override
  public String toString() {
    return "belief of " + frame.model + " after " + count() + " tokens";
  }

  /** What all beliefs of one model share. */
  private static final class Frame<Z> {

    final FiniteLatentModel<Z> model;
    final List<Z> latents;
    final double[] logPrior; // (K), normalised
    final double @Nullable [][] coordinates; // (K, rows · columns); null for indicators
    final int rows;
    final int columns;
    private volatile @Nullable List<Predictive> laws; // of spaces without queries, once asked for

    Frame(FiniteLatentModel<Z> model) {
      this.model = model;
      this.latents = List.copyOf(model.latents());
      SimpleMatrix prior = Check.probabilities("priorProbabilities", model.priorProbabilities());
      Check.matrix("priorProbabilities", prior, 1, latents.size());
      double logTotal = Math.log(prior.elementSum()); // one up to rounding
      this.logPrior = new double[latents.size()];
      for (int k = 0; k < logPrior.length; k++) {
        logPrior[k] = Math.log(prior.get(0, k)) - logTotal;
      }
      this.coordinates = coordinates(latents);
      boolean matrices = latents.get(0) instanceof SimpleMatrix;
      this.rows = matrices ? ((SimpleMatrix) latents.get(0)).getNumRows() : 1;
      this.columns = coordinates == null ? latents.size() : coordinates[0].length / rows;
    }

    private static double @Nullable [][] coordinates(List<?> latents) {
      double[][] all = new double[latents.size()][];
      for (int k = 0; k < all.length; k++) {
        double @Nullable [] vector = vector(latents.get(k));
        if (vector == null) {
          return null;
        }
        all[k] = vector;
        Check.width("latents[" + k + "]", all[0].length, vector);
      }
      return all;
    }

    // Returns z as numbers, or null if it is only a name.
    private static double @Nullable [] vector(@Nullable Object latent) {
      if (latent instanceof SimpleMatrix matrix) {
        return matrix.getDDRM().data;
      }
      if (latent instanceof double[] array) {
        return array;
      }
      return latent instanceof Double number ? new double[] {number} : null;
    }

    int size() {
      return logPrior.length;
    }

    String name() {
      return model.description().name();
    }

    List<Predictive> valueLaws(SimpleMatrix query) {
      List<Predictive> known = laws;
      if (known != null) {
        return known;
      }
      List<Predictive> asked = latents.stream().map(z -> model.valueLaw(z, query)).toList();
      if (!model.tokenSpace().hasQueries()) {
        laws = asked; // every empty query is the same; a race computes the same list twice
      }
      return asked;
    }

    double[] checkedLikelihoods(SimpleMatrix logs, int length) {
      if (logs.getNumRows() != length || logs.getNumCols() != size()) {
        throw new ShapeMismatchException(
            name()
                + ", logLikelihoods: expected shape ("
                + length
                + ", "
                + size()
                + "), got ("
                + logs.getNumRows()
                + ", "
                + logs.getNumCols()
                + ")");
      }
      double[] rows = logs.getDDRM().data;
      for (int i = 0; i < length * size(); i++) {
        if (!(rows[i] < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              name()
                  + ", logLikelihoods: expected finite or minus infinity, got "
                  + rows[i]
                  + " for latent "
                  + i % size());
        }
      }
      return rows;
    }

    int indexOf(Z latent) {
      for (int k = 0; k < size(); k++) {
        if (same(latents.get(k), latent)) {
          return k;
        }
      }
      throw new IllegalArgumentException(
          "latent: expected one of the " + size() + " of " + name() + ", got " + latent);
    }

    boolean hasLatentsOf(Frame<?> other) {
      boolean same = size() == other.size();
      for (int k = 0; same && k < size(); k++) {
        same = same(latents.get(k), other.latents.get(k));
      }
      return same;
    }

    // A matrix has no equals of its own.
    private static boolean same(@Nullable Object a, @Nullable Object b) {
      double @Nullable [] left = vector(a);
      double @Nullable [] right = vector(b);
      return (left != null && right != null) ? Arrays.equals(left, right) : Objects.equals(a, b);
    }
  }
}
