package org.definetti.latent.sequence;

import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Predictive;
import org.definetti.latent.Sample;
import org.definetti.latent.Token;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/**
 * A hidden state that moves from token to token and emits each (MS9, {@code hidden-markov}): the
 * control whose tokens are not exchangeable.
 *
 * <pre>{@code
 * s_1 ~ π,   s_{l+1} ~ A(s_l, ·),   x^l ~ emission of s_l
 * a_1 = π,   a_{l+1}(j) = Σ_i a_l(i) P(x^l | i) A(i, j)
 * z = s_{L+1},   P(z | X) ∝ a_{L+1},   P(X) = Σ_j a_{L+1}(j)
 * }</pre>
 *
 * <ul>
 *   <li>Where: K states; π initial, A transition; emissions are categories from a table or vectors
 *       N(mean of the state, variance · I).
 *   <li>Shapes: π (1, K); A (K, K), rows sum to one; table (K, W) or means (K, d). The latent is a
 *       state 0..K-1; the mean of a belief is the (1, K) row of its probabilities.
 *   <li>Convention: the belief is about the state that emits the <em>next</em> token, and the latent
 *       of {@link #sample} is that state. {@link #filter} and {@link #smooth} answer for the states
 *       of the tokens seen.
 *   <li>Merging appends: the statistic is the K × K matrix of weights from the first state to the
 *       next one, and such matrices multiply in order.
 *   <li>Edge cases: probabilities may be zero. A sequence that no path emits has log evidence minus
 *       infinity; questions about z are then refused with {@link IllegalStateException}.
 *   <li>Cost: O(K³) a token for a belief (one recursion per first state, so that beliefs merge),
 *       O(K²) a token for {@link #filter} and {@link #smooth}. Any length: weights are kept as logs
 *       with their scale taken out and summed with compensation.
 *   <li>Source: forward-backward recursion [recalled: Baum, Rabiner].
 * </ul>
 *
 * <p>Immutable; equal when the descriptions are equal.
 */
public final class HiddenMarkov implements LatentModel<Integer> {

  private enum Kind {
    CATEGORICAL,
    GAUSSIAN
  }

  private final Kind kind;
  private final SimpleMatrix initial;
  private final SimpleMatrix transition;
  private final Emission emission;
  private final Recursion recursion;
  private final Categorical first;
  private final List<Categorical> next;

  private HiddenMarkov(
      Kind kind, SimpleMatrix initial, SimpleMatrix transition, Emission emission) {
    this.kind = kind;
    this.initial = initial.copy();
    this.transition = transition.copy();
    this.emission = emission;
    this.recursion = new Recursion(transition);
    this.first = Categorical.of(initial.getDDRM().data);
    this.next = Draws.rows(transition);
  }

  private static int states(SimpleMatrix initial, SimpleMatrix transition) {
    Check.probabilities("initial", initial);
    int states = initial.getNumCols();
    Check.stochastic("transition", transition, states, states);
    return states;
  }

  /**
   * Returns the model of K states that emit one of W categories.
   *
   * @param initial shape (1, K), probabilities
   * @param transition shape (K, K), row i the law of the state after state i
   * @param emission shape (K, W), row i the law of a token from state i; W at least 2
   */
  public static HiddenMarkov of(
      SimpleMatrix initial, SimpleMatrix transition, SimpleMatrix emission) {
    int states = states(initial, transition);
    Emission table = new CategoricalEmission(emission, states);
    return new HiddenMarkov(Kind.CATEGORICAL, initial, transition, table);
  }

  /**
   * Returns the model of K states that emit vectors, N(mean of the state, variance · I).
   *
   * @param initial shape (1, K), probabilities
   * @param transition shape (K, K), row i the law of the state after state i
   * @param means shape (K, d)
   * @param variance finite and above zero
   */
  public static HiddenMarkov gaussian(
      SimpleMatrix initial, SimpleMatrix transition, SimpleMatrix means, double variance) {
    int states = states(initial, transition);
    Emission around = new GaussianEmission(means, variance, states);
    return new HiddenMarkov(Kind.GAUSSIAN, initial, transition, around);
  }

  /** Returns the number K of states. */
  public int states() {
    return initial.getNumCols();
  }

  /** Returns the law π of the first state, shape (1, K). */
  public SimpleMatrix initial() {
    return initial.copy();
  }

  /** Returns the laws A of the next state, shape (K, K). */
  public SimpleMatrix transition() {
    return transition.copy();
  }

  /** Returns the law of the value of a token from a state, 0..K-1. */
  public Predictive emission(int state) {
    return emission.law(Objects.checkIndex(state, states()));
  }

  /** Returns {@code log P(x^l | s)} of every token and state, shape (L, K). */
  public SimpleMatrix logLikelihoods(Tokens tokens) {
    Check.space(tokenSpace(), tokens);
    int states = states();
    double[] all = new double[tokens.length() * states];
    double[] one = new double[states];
    for (int l = 0; l < tokens.length(); l++) {
      emission.logLikelihoods(tokens, l, one);
      System.arraycopy(one, 0, all, l * states, states);
    }
    return new SimpleMatrix(tokens.length(), states, true, all);
  }

  Emission emissions() {
    return emission;
  }

  Recursion recursion() {
    return recursion;
  }

  @Override
  public TokenSpace tokenSpace() {
    return emission.space();
  }

  @Override
  public Belief<Integer> prior() {
    return new HiddenMarkovBelief(this, Transfer.none(states()));
  }

  /** {@inheritDoc} It is the state that emits the first token. */
  @Override
  public Integer drawLatent(RandomGenerator rng) {
    return first.draw(rng);
  }

  /** {@inheritDoc} The latent is the state that emits it. */
  @Override
  public Token drawToken(Integer latent, RandomGenerator rng) {
    return emission.draw(checked(latent), rng);
  }

  /** {@inheritDoc} They follow one another: the latent emits the first, then the state moves. */
  @Override
  public Tokens drawTokens(Integer latent, int length, RandomGenerator rng) {
    return walk(checked(latent), length, rng).tokens();
  }

  /** {@inheritDoc} The latent is the state that emits the token after the last. */
  @Override
  public Sample<Integer> sample(int length, RandomGenerator rng) {
    return walk(first.draw(rng), length, rng);
  }

  private Sample<Integer> walk(int start, int length, RandomGenerator rng) {
    int width = tokenSpace().width();
    double[] rows = new double[Check.atLeast("length", 0, length) * width];
    int state = start;
    for (int l = 0; l < length; l++) {
      Token token = emission.draw(state, rng);
      for (int j = 0; j < width; j++) {
        rows[l * width + j] = token.at(j);
      }
      state = next.get(state).draw(rng);
    }
    return new Sample<>(state, Tokens.owning(tokenSpace(), rows));
  }

  int checked(int state) {
    if (state < 0 || state >= states()) {
      throw new IllegalArgumentException(
          "latent: expected a state in 0.." + (states() - 1) + ", got " + state);
    }
    return state;
  }

  /**
   * Returns {@code P(s_l | x^1..x^l)} of every token, shape (L, K); O(L K²).
   *
   * @throws IllegalStateException if no path of states emits the tokens
   */
  public SimpleMatrix filter(Tokens tokens) {
    return normalised(forward(tokens), tokens.length());
  }

  /**
   * Returns {@code P(s_l | x^1..x^L)} of every token, shape (L, K), by the forward-backward
   * recursion; O(L K²) time, O(L K) memory.
   *
   * @throws IllegalStateException if no path of states emits the tokens
   */
  public SimpleMatrix smooth(Tokens tokens) {
    double[] weights = forward(tokens);
    double[] later = backward(tokens);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += later[i];
    }
    return normalised(weights, tokens.length());
  }

  /**
   * Returns {@code P(s_l, s_{l+1} | x^1..x^L)} of every two neighbours, shape (max(L - 1, 0), K²):
   * entry (l, i·K + j) is the probability of state i at token l and j at the next; O(L K²).
   *
   * @throws IllegalStateException if no path of states emits the tokens
   */
  public SimpleMatrix smoothPairs(Tokens tokens) {
    int states = states();
    double[] now = forward(tokens);
    double[] later = backward(tokens);
    int pairs = Math.max(tokens.length() - 1, 0);
    double[] joint = new double[pairs * states * states];
    double[] logs = new double[states];
    double[] row = new double[states * states];
    for (int l = 0; l < pairs; l++) {
      emission.logLikelihoods(tokens, l + 1, logs);
      for (int i = 0; i < states; i++) {
        for (int j = 0; j < states; j++) {
          row[i * states + j] =
              now[l * states + i]
                  + recursion.logTransition(i, j)
                  + logs[j]
                  + later[(l + 1) * states + j];
        }
      }
      System.arraycopy(probabilities(row), 0, joint, l * row.length, row.length);
    }
    return new SimpleMatrix(pairs, states * states, true, joint);
  }

  // Log weights of the state of each token given the tokens up to it, up to a constant a row.
  private double[] forward(Tokens tokens) {
    Check.space(tokenSpace(), tokens);
    int states = states();
    double[] all = new double[tokens.length() * states];
    double[] weights = logInitial();
    double[] logs = new double[states];
    double[] scratch = new double[2 * states];
    for (int l = 0; l < tokens.length(); l++) {
      emission.logLikelihoods(tokens, l, logs);
      for (int k = 0; k < states; k++) {
        all[l * states + k] = weights[k] + logs[k];
      }
      recursion.forward(weights, 0, logs, scratch);
    }
    return all;
  }

  // Log likelihoods of the tokens after each given its state, up to a constant a row.
  private double[] backward(Tokens tokens) {
    int states = states();
    double[] all = new double[tokens.length() * states];
    double[] weights = new double[states];
    double[] logs = new double[states];
    double[] scratch = new double[2 * states];
    for (int l = tokens.length() - 1; l > 0; l--) {
      emission.logLikelihoods(tokens, l, logs);
      recursion.backward(weights, logs, scratch);
      System.arraycopy(weights, 0, all, (l - 1) * states, states);
    }
    return all;
  }

  double[] logInitial() {
    double[] logs = initial.getDDRM().data.clone();
    for (int k = 0; k < logs.length; k++) {
      logs[k] = Math.log(logs[k]);
    }
    return logs;
  }

  private SimpleMatrix normalised(double[] weights, int length) {
    int states = states();
    double[] row = new double[states];
    for (int l = 0; l < length; l++) {
      System.arraycopy(weights, l * states, row, 0, states);
      System.arraycopy(probabilities(row), 0, weights, l * states, states);
    }
    return new SimpleMatrix(length, states, true, weights);
  }

  static double[] probabilities(double[] logWeights) {
    if (LogSumExp.of(logWeights) == Double.NEGATIVE_INFINITY) {
      throw new IllegalStateException(
          "tokens: expected a sequence that some path of states emits, got one of probability 0");
    }
    return LogSumExp.softmax(logWeights);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static HiddenMarkov from(ModelDescription description) {
    DescriptionReader fields = description.read("hidden-markov", 1);
    Kind kind = fields.choice("tokens", Kind.class);
    SimpleMatrix initial = fields.matrix("initial", 1, -1);
    int states = initial.getNumCols();
    SimpleMatrix transition = fields.matrix("transition", states, states);
    HiddenMarkov model =
        kind == Kind.CATEGORICAL
            ? of(initial, transition, fields.matrix("emission", states, -1))
            : gaussian(
                initial,
                transition,
                fields.matrix("means", states, -1),
                fields.number("variance"));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return emission.describe(
        ModelDescription.of("hidden-markov")
            .with("tokens", DescriptionReader.word(kind))
            .with("initial", initial())
            .with("transition", transition()));
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || (other instanceof HiddenMarkov model
            && description().text().equals(model.description().text()));
  }

  @Override
  public int hashCode() {
    return description().text().hashCode();
  }

  @Override
  public String toString() {
    return "HiddenMarkov[" + states() + " states, " + tokenSpace() + "]";
  }
}
