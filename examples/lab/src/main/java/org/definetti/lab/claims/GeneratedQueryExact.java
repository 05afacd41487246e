package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.derivation.GeneratedQuery;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;

/**
 * B4: softmax attention is the posterior mean over which token made the query.
 *
 * <pre>{@code
 * P(i) ∝ exp(b_i),   q = k_i + N(0, γ I):   E[v_i | q] = Σ_i softmax_i(b_i + q·k_i / γ) v_i
 * }</pre>
 *
 * <ul>
 *   <li>Exact side: Bayes' rule by enumeration of the token, with the Gaussian density of q - k_i.
 *   <li>Priors over tokens: uniform, and geometric (a recency window).
 *   <li>Controls: the temperature twice as high; for keys of unequal norms, where Nadaraya-Watson
 *       is exact, softmax.
 *   <li>Source: [derived; cf. source: Singh-2023, abstract] (check B4).
 * </ul>
 */
public final class GeneratedQueryExact implements Claim {

  private static final double BOUND = 1e-12;
  private static final int WIDTH = 3;
  private static final double[] VARIANCES = {0.05, 0.3, 2};
  private static final double RECENCY = 0.9;

  /** Returns the claim. */
  public GeneratedQueryExact() {}

  @Override
  public String id() {
    return "B4";
  }

  @Override
  public String slug() {
    return "generated-query-exact";
  }

  @Override
  public String statement() {
    return "If a token of the context made the query, its key plus Gaussian noise of variance gamma,"
        + " softmax attention at temperature gamma is the exact posterior mean of that token's"
        + " value for keys of one norm, with the log prior over tokens as biases.";
  }

  @Override
  public Source source() {
    return Source.derived("check B4; cf. Singh-2023, abstract");
  }

  @Override
  public String prediction() {
    return "largest deviation <= 1e-12";
  }

  @Override
  public List<String> tags() {
    return List.of("exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.FULL ? 5 : 1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int trials = budget == Budget.SMOKE ? 20 : budget == Budget.STANDARD ? 200 : 1000;
    return ClaimResult.of(
        List.of(
            part("uniform", trials, true, 1, seed.child("uniform")),
            part("recency", trials, true, RECENCY, seed.child("recency")),
            part("unequal-norms", trials, false, RECENCY, seed.child("unequal-norms"))));
  }

  private static ClaimPart part(
      String name, int trials, boolean sphere, double recency, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (double gamma : VARIANCES) {
      GeneratedQuery assumption = new GeneratedQuery(gamma);
      Attention exact = (sphere ? assumption.equalNorms() : assumption.anyNorms()).attention();
      Attention control = SoftmaxAttention.of(sphere ? 2 * gamma : gamma);
      for (int t = 0; t < trials; t++) {
        RandomGenerator rng = seed.child((long) (gamma * 100)).child(t).generator();
        Context context = context(2 + rng.nextInt(40), sphere, recency, rng);
        SimpleMatrix query = query(context, gamma, rng);
        double bayes = bayes(context, query, gamma);
        right.add(exact.attend(query, context).get(0), bayes);
        wrong.add(control.attend(query, context).get(0), bayes);
      }
    }
    return part(name, right, wrong, sphere ? "temperature times 2" : "softmax");
  }

  private static Context context(int n, boolean sphere, double recency, RandomGenerator rng) {
    double[] keys = new double[n * WIDTH];
    double[] values = new double[n];
    double[] biases = new double[n];
    Normal.fill(values, 0, n, rng);
    for (int i = 0; i < n; i++) {
      if (sphere) {
        Sphere.fill(keys, i * WIDTH, WIDTH, rng);
      } else {
        Normal.fill(keys, i * WIDTH, (i + 1) * WIDTH, rng);
      }
      biases[i] = (n - 1 - i) * Math.log(recency);
    }
    return new Context(
        new SimpleMatrix(n, WIDTH, true, keys),
        new SimpleMatrix(n, 1, true, values),
        new SimpleMatrix(n, 1, true, biases));
  }

  private static SimpleMatrix query(Context context, double gamma, RandomGenerator rng) {
    int i = rng.nextInt(context.length());
    double[] query = new double[WIDTH];
    Normal.fill(query, 0, WIDTH, rng);
    for (int j = 0; j < WIDTH; j++) {
      query[j] = context.keys().get(i, j) + Math.sqrt(gamma) * query[j];
    }
    return new SimpleMatrix(1, WIDTH, true, query);
  }

  private static double bayes(Context context, SimpleMatrix query, double gamma) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < context.length(); i++) {
      nearest = Math.min(nearest, distance(context, query, i));
    }
    double mass = 0;
    double moment = 0;
    for (int i = 0; i < context.length(); i++) {
      double prior = Math.exp(context.logBiases().get(i));
      double density = Math.exp((nearest - distance(context, query, i)) / (2 * gamma));
      mass += prior * density;
      moment += prior * density * context.values().get(i);
    }
    return moment / mass;
  }

  private static double distance(Context context, SimpleMatrix query, int i) {
    double sum = 0;
    for (int j = 0; j < WIDTH; j++) {
      sum += Math.pow(query.get(j) - context.keys().get(i, j), 2);
    }
    return sum;
  }

  private static ClaimPart part(String name, Deviation right, Deviation wrong, String control) {
    String text =
        String.format(Locale.ROOT, "%s: largest deviation %.3g", control, wrong.largest());
    return ClaimPart.of(name, right.atMost(BOUND))
        .withControl(Control.of(wrong.atMost(BOUND), text));
  }
}
