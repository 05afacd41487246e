package org.definetti.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.audit.Drift.Average;
import org.definetti.latent.Check;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;

/**
 * Is a predictor that can only be sampled a martingale? (A2)
 *
 * <p>It continues the tokens seen, each draw fed back to it, many times over. For an exchangeable
 * law
 *
 * <pre>{@code
 * E[f(x^{n+k+1}) - f(x^{n+1}) | x^1..x^n] = 0                       drift
 * E[(f(x^{m+k+1}) - f(x^{m+1})) f(x^m)ᵀ | x^1..x^n] = 0,  m > n     lagged drift
 * }</pre>
 *
 * <ul>
 *   <li>Where: n tokens were seen, f is any feature of one token, k = 1, 2, … is the lag.
 *   <li>The second needs no reference value and looks for tokens that depend on their distance: in
 *       a chain that is stationary the first sees nothing.
 *   <li>Each comes as one {@link Drift} per lag and coordinate, a mean over continuations with its
 *       standard error. A correct predictor exceeds 5 standard errors about once in two million
 *       numbers, if the feature has light tails.
 *   <li>Cost: steps · continuations draws of the predictor, each from a sequence of up to n + steps
 *       tokens.
 *   <li>Source: [source: Falck-2024, Cor 1]. Averaging the second over m is [derived].
 * </ul>
 *
 * <p>Immutable; safe to share between threads if the predictor is.
 */
public final class SampledMartingale {

  private static final int STEPS = 5;
  private static final int CONTINUATIONS = 2000;

  private final NextToken predictor;
  private final int steps;
  private final int continuations;

  private SampledMartingale(NextToken predictor, int steps, int continuations) {
    this.predictor = predictor;
    this.steps = steps;
    this.continuations = continuations;
  }

  /** Returns the audit of this predictor with 5 steps and 2000 continuations. */
  public static SampledMartingale of(NextToken predictor) {
    return new SampledMartingale(predictor, STEPS, CONTINUATIONS);
  }

  /** Returns this audit with continuations of another number of tokens, at least 3. */
  public SampledMartingale withSteps(int newSteps) {
    return new SampledMartingale(predictor, Check.atLeast("steps", 3, newSteps), continuations);
  }

  /** Returns this audit with another number of continuations, at least 2. */
  public SampledMartingale withContinuations(int newContinuations) {
    Check.atLeast("continuations", 2, newContinuations);
    return new SampledMartingale(predictor, steps, newContinuations);
  }

  /**
   * Returns the means of {@code f(x^{n+k+1}) - f(x^{n+1})}, lag k = 1..steps - 1, coordinate by
   * coordinate.
   *
   * @param seen x^1..x^n; may be empty
   * @param feature f, a row of the same length for every token
   */
  public List<Drift> drift(Tokens seen, RandomGenerator rng, Function<Token, double[]> feature) {
    return average(seen, rng, feature, 1, SampledMartingale::changes);
  }

  /**
   * Returns the means of {@code (f(x^{m+k+1}) - f(x^{m+1})) f(x^m)ᵀ}, averaged over the m whose
   * tokens were drawn, lag k = 1..steps - 2, entry by entry of the (f, f) table.
   *
   * @param seen x^1..x^n; may be empty
   * @param feature f, a row of the same length for every token
   */
  public List<Drift> laggedDrift(
      Tokens seen, RandomGenerator rng, Function<Token, double[]> feature) {
    return average(seen, rng, feature, 2, SampledMartingale::laggedChanges);
  }

  /** What is averaged: numbers of one continuation at one lag. */
  private interface Contrast {
    double[] of(double[][] features, int lag);
  }

  private List<Drift> average(
      Tokens seen,
      RandomGenerator rng,
      Function<Token, double[]> feature,
      int shortBy,
      Contrast contrast) {
    List<List<Average>> averages = new ArrayList<>(); // by lag, then coordinate
    for (int lag = 1; lag <= steps - shortBy; lag++) {
      averages.add(new ArrayList<>());
    }
    for (int n = 0; n < continuations; n++) {
      double[][] features = continuation(seen, rng, feature);
      for (int lag = 1; lag <= averages.size(); lag++) {
        add(contrast.of(features, lag), averages.get(lag - 1));
      }
    }
    List<Drift> drifts = new ArrayList<>();
    for (int lag = 1; lag <= averages.size(); lag++) {
      for (Average average : averages.get(lag - 1)) {
        drifts.add(average.drift(lag));
      }
    }
    return drifts;
  }

  private static void add(double[] numbers, List<Average> averages) {
    for (int i = 0; i < numbers.length; i++) {
      if (averages.size() == i) {
        averages.add(new Average());
      }
      averages.get(i).add(numbers[i]);
    }
  }

  // (steps, f)
  private double[][] continuation(
      Tokens seen, RandomGenerator rng, Function<Token, double[]> feature) {
    double[][] features = new double[steps][];
    Tokens longer = seen;
    for (int k = 0; k < steps; k++) {
      Token next = predictor.draw(longer, rng);
      features[k] = feature.apply(next);
      Check.width("feature", features[0].length, features[k]);
      longer = longer.plus(Tokens.of(seen.space(), next));
    }
    return features;
  }

  private static double[] changes(double[][] features, int lag) {
    double[] changes = new double[features[0].length];
    for (int i = 0; i < changes.length; i++) {
      changes[i] = features[lag][i] - features[0][i];
    }
    return changes;
  }

  private static double[] laggedChanges(double[][] features, int lag) {
    int width = features[0].length;
    int last = features.length - 1 - lag; // m + 1 + lag is still there
    double[] products = new double[width * width];
    for (int m = 0; m < last; m++) {
      for (int i = 0; i < products.length; i++) {
        double change = features[m + 1 + lag][i / width] - features[m + 1][i / width];
        products[i] += change * features[m][i % width] / last;
      }
    }
    return products;
  }
}
