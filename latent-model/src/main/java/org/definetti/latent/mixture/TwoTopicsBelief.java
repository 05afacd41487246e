package org.definetti.latent.mixture;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.latent.special.SpecialFunctions;
import org.definetti.random.Beta;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/** A mixture of L + 1 Beta laws of z; see {@link TwoTopics} for the formulas. */
final class TwoTopicsBelief implements Belief<SimpleMatrix> {

  private final TwoTopics model;
  private final int[] counts; // how often each word was seen
  private final int length;
  private final TopicPolynomial polynomial;
  private volatile @Nullable Weights weights; // from the polynomial, when first asked for

  private TwoTopicsBelief(TwoTopics model, int[] counts, int length, TopicPolynomial polynomial) {
    this.model = model;
    this.counts = counts;
    this.length = length;
    this.polynomial = polynomial;
  }

  static TwoTopicsBelief prior(TwoTopics model) {
    int words = model.tokenSpace().count();
    return new TwoTopicsBelief(model, new int[words], 0, TopicPolynomial.one());
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    int[] words = new int[tokens.length()];
    for (int l = 0; l < words.length; l++) {
      words[l] = (int) tokens.at(l, 0);
    }
    return plus(words);
  }

  private TwoTopicsBelief plus(int[] words) {
    int sum = Math.addExact(length, words.length);
    if (sum > TwoTopics.LONGEST) {
      throw new IllegalArgumentException(
          "tokens: expected at most "
              + TwoTopics.LONGEST
              + " in all, because two-topics costs O(L²), got "
              + sum);
    }
    int[] more = counts.clone();
    double[] first = new double[words.length];
    double[] second = new double[words.length];
    for (int l = 0; l < words.length; l++) {
      first[l] = model.topics().get(0, words[l]);
      second[l] = model.topics().get(1, words[l]);
      if (first[l] == 0 && second[l] == 0) {
        throw new IllegalArgumentException(
            "tokens: expected words that a topic has, got word " + words[l] + ", which none has");
      }
      more[words[l]]++;
    }
    return new TwoTopicsBelief(model, more, sum, polynomial.times(first, second));
  }

  /** {@inheritDoc} The shorter polynomial's factors are multiplied to the longer one. */
  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (!(other instanceof TwoTopicsBelief belief) || !model.equals(belief.model)) {
      throw otherFamily(other);
    }
    return length >= belief.length ? plus(belief.words()) : belief.plus(words());
  }

  private int[] words() {
    int[] words = new int[length];
    int from = 0;
    for (int w = 0; w < counts.length; w++) {
      Arrays.fill(words, from, from + counts[w], w);
      from += counts[w];
    }
    return words;
  }

  @Override
  public double count() {
    return length;
  }

  /** The weights of the components m = lowest.., and the log evidence that normalises them. */
  private record Weights(int lowest, SimpleMatrix row, double logEvidence) {}

  private Weights weights() {
    Weights known = weights;
    if (known == null) {
      known = computeWeights();
      weights = known;
    }
    return known;
  }

  // log w_m - log w_{m-1} = log ρ_m + log (a + m - 1) / (b + L - m), with no Beta function but one.
  private Weights computeWeights() {
    double a = model.a();
    double b = model.b();
    int lowest = polynomial.lowest();
    double[] logs = new double[polynomial.highest() - lowest + 1];
    logs[0] =
        polynomial.logLowestCoefficient()
            + SpecialFunctions.logRising(a, lowest)
            + SpecialFunctions.logRising(b, length - lowest)
            - SpecialFunctions.logRising(a + b, length);
    double lost = 0;
    int largest = 0;
    for (int j = 1; j < logs.length; j++) {
      int m = lowest + j;
      double odds = Math.log(a + m - 1) - Math.log(b + (length - m));
      double step = Math.log(polynomial.ratio(m)) + odds - lost;
      logs[j] = logs[j - 1] + step;
      lost = (logs[j] - logs[j - 1]) - step;
      largest = logs[j] > logs[largest] ? j : largest;
    }
    double peak = logs[largest];
    double sum = 0;
    for (int j = 0; j < logs.length; j++) {
      logs[j] = Math.exp(logs[j] - peak);
      sum += logs[j];
    }
    double[] normalised = new double[logs.length];
    for (int j = 0; j < logs.length; j++) {
      normalised[j] = logs[j] / sum;
    }
    SimpleMatrix row = new SimpleMatrix(1, normalised.length, true, normalised);
    return new Weights(lowest, row, peak + Math.log(sum));
  }

  /** Returns E[m | X], the expected number of words from topic 1. */
  private double meanFromFirst() {
    Weights known = weights();
    double sum = 0;
    for (int j = 0; j < known.row().getNumCols(); j++) {
      sum += known.row().get(0, j) * (known.lowest() + j);
    }
    return sum;
  }

  // E[z | X] and 1 - E[z | X], each to full precision, times a + b + L
  private double firstMass() {
    return model.a() + meanFromFirst();
  }

  private double secondMass() {
    return model.b() + Math.max(0, length - meanFromFirst());
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    int words = Check.matrix("query", query, 1, counts.length).getNumCols();
    double total = firstMass() + secondMass();
    double[] mixed = model.mixed(firstMass() / total, secondMass() / total);
    return new CategoricalPredictive(new SimpleMatrix(1, words, true, mixed));
  }

  @Override
  public SimpleMatrix mean() {
    return new SimpleMatrix(1, 1, true, firstMass() / (firstMass() + secondMass()));
  }

  /** {@inheritDoc} Mean variance within the components plus the variance of their means. */
  @Override
  public SimpleMatrix covariance() {
    Weights known = weights();
    double total = model.a() + model.b() + length;
    double centre = meanFromFirst();
    double within = 0;
    double between = 0;
    for (int j = 0; j < known.row().getNumCols(); j++) {
      double weight = known.row().get(0, j);
      double m = known.lowest() + j;
      within += weight * ((model.a() + m) / total) * ((model.b() + (length - m)) / total);
      between += weight * ((m - centre) / total) * ((m - centre) / total);
    }
    return new SimpleMatrix(1, 1, true, within / (total + 1) + between);
  }

  @Override
  public double logEvidence() {
    return weights().logEvidence();
  }

  /** {@inheritDoc} It is prior times likelihood over evidence: O(W), no sum over components. */
  @Override
  public double logDensity(SimpleMatrix latent) {
    double z = TwoTopics.share(latent);
    return logDensity(Math.log(z), Math.log1p(-z));
  }

  /** The log density at z by log z and log(1 - z): z itself may round to 0 or 1. */
  private double logDensity(double logZ, double logRest) {
    double log = -SpecialFunctions.logBeta(model.a(), model.b()) - weights().logEvidence();
    log += power(model.a() - 1, logZ) + power(model.b() - 1, logRest);
    for (int w = 0; w < counts.length; w++) {
      if (counts[w] > 0) {
        log += counts[w] * logProbability(w, logZ, logRest);
      }
    }
    return log;
  }

  // A word of one topic keeps its precision where the other topic's share rounds to one.
  private double logProbability(int word, double logZ, double logRest) {
    double first = model.topics().get(0, word);
    double second = model.topics().get(1, word);
    if (second == 0) {
      return Math.log(first) + logZ;
    }
    return first == 0
        ? Math.log(second) + logRest
        : Math.log(first * Math.exp(logZ) + second * Math.exp(logRest));
  }

  // 0 · log 0 is 0: the factor is not there.
  private static double power(double exponent, double log) {
    return exponent == 0 ? 0 : exponent * log;
  }

  private double logDensityAt(double logit) {
    return logDensity(-softplus(-logit), -softplus(logit));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** {@inheritDoc} By quadrature: a mixture's has no closed form. Error about 1e-12. */
  @Override
  public double entropyNats() {
    return expectation(s -> -logDensityAt(s));
  }

  /** {@inheritDoc} By quadrature, error about 1e-12 relative to max(1, |KL|). */
  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (other instanceof TwoTopicsBelief belief) {
      return Math.max(0, expectation(s -> logDensityAt(s) - belief.logDensityAt(s)));
    }
    throw otherFamily(other);
  }

  private double expectation(DoubleUnaryOperator ofLogit) {
    double total = firstMass() + secondMass();
    double centre = Math.log(firstMass() / secondMass());
    double spread =
        Math.sqrt(covariance().get(0, 0)) * (total / firstMass()) * (total / secondMass());
    // The likelihood of a word turns from one topic to the other where their terms are equal.
    double reach = 0;
    for (int w = 0; w < counts.length; w++) {
      double odds = model.topics().get(1, w) / model.topics().get(0, w);
      if (counts[w] > 0 && odds > 0 && odds < Double.POSITIVE_INFINITY) {
        reach = Math.max(reach, Math.abs(Math.log(odds) - centre));
      }
    }
    return LogitQuadrature.expectation(
        centre,
        spread,
        reach,
        s -> logDensityAt(s) - softplus(s) - softplus(-s), // per unit of s: times z (1 - z)
        ofLogit);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    Weights known = weights();
    int m = known.lowest() + Categorical.of(known.row().getDDRM().data).draw(rng);
    return new SimpleMatrix(
        1, 1, true, Beta.draw(model.a() + m, model.b() + (length - m), rng));
  }

  private IllegalArgumentException otherFamily(Belief<?> other) {
    return new IllegalArgumentException(
        "other: expected a belief of the same model as " + this + ", got " + other);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + length + " tokens";
  }
}
