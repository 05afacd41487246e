package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.attention.WeightedAttention;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.sparse.LearningCurve;
import org.definetti.lab.sparse.StringLearner;
import org.definetti.lab.sparse.StringTask;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Sample;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;

/**
 * V19: where trained heads attend: on the relevant positions of a sparse function, evenly on the
 * tokens of a conjugate model.
 *
 * <pre>
 * {@code  evenness = -Σ_l a_l ln a_l / ln L,   a the weights of the L tokens, without the null token  }
 * </pre>
 *
 * <ul>
 *   <li>Reported, not gated: the mean over networks of the best head's mass on the relevant
 *       positions, at one m of each T, where networks succeed and where they fail.
 *   <li>Gated: trained null heads of the Gaussian mean and of the Dirichlet-categorical model are
 *       even, as the derived heads are exactly (check B2). Control: softmax on sphere keys at
 *       temperature 0.05, which is peaked: a part of its own, with temperature 20 as its control.
 *   <li>Source: mass [derived] (check V19); that trained heads are shown [recalled: Edelman-2022].
 * </ul>
 */
public final class AttentionPatterns implements Claim {

  private static final String ID = "V19";

  private static final int SPARSITY = 3;
  private static final int TOKENS = 64;
  private static final double EVEN = 0.99;
  private static final double PEAKED = 0.6;
  private static final double COLD = 0.05; // a temperature

  /** Returns the claim. */
  public AttentionPatterns() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "attention-patterns";
  }

  @Override
  public String statement() {
    return "Networks that found a sparse conjunction attend to its positions, heads trained on"
        + " conjugate models attend to all tokens alike, and a head at low temperature to a few.";
  }

  @Override
  public Source source() {
    return Source.derived("checks V19 and B2, pre-registered");
  }

  @Override
  public String prediction() {
    return "trained null heads of the Gaussian mean and the Dirichlet-categorical model: entropy of"
        + " the weights at least 0.99 ln L; the head of regression on a sphere at"
        + " temperature 0.05: at most 0.6 ln L; masses on relevant positions are reported"
        + " beside 3/(T + 1)";
  }

  @Override
  public List<String> tags() {
    return List.of("strings", "trained");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 4 : budget == Budget.STANDARD ? 30 : 180);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Map<Integer, Integer> sizes = new LinkedHashMap<>(); // of each T, near the critical m
    sizes.put(25, 30);
    if (budget != Budget.SMOKE) {
      sizes.put(100, 45);
    }
    if (budget == Budget.FULL) {
      sizes.put(400, 70);
    }
    int trials = budget == Budget.FULL ? 20 : budget == Budget.STANDARD ? 8 : 3;
    LearningCurve curve =
        new LearningCurve(
            ID,
            StringLearner.transformer(64, 16, 256, 3e-3, 500),
            StringTask.CONJUNCTION,
            SPARSITY,
            trials,
            500);
    List<ClaimPart> parts = new ArrayList<>();
    List<Results> results = new ArrayList<>();
    sizes.forEach(
        (length, size) -> {
          LearningCurve.Outcome outcome = curve.at(length, List.of(size), seed.child("A"), runner);
          results.addAll(outcome.results());
          parts.add(reported(length, size, outcome));
        });
    int steps = budget == Budget.SMOKE ? 300 : 2000;
    parts.add(even("gaussian-mean", NullHeads.GAUSSIAN, steps, seed));
    parts.add(even("dirichlet-categorical", NullHeads.DIRICHLET, steps, seed));
    parts.add(peaked(seed));
    return ClaimResult.of(parts).withResults(results);
  }

  private static ClaimPart reported(int length, int size, LearningCurve.Outcome outcome) {
    List<Double> found = outcome.metric(LearningCurve.MASS, true);
    List<Double> failed = outcome.metric(LearningCurve.MASS, false);
    double uniform = SPARSITY / (length + 1.0);
    String reason =
        String.format(
            Locale.ROOT,
            "%s: m = %d; mass of %d successes %.3f, of %d failures %.3f, uniform %.3f; entropy of"
                + " all heads %.2f and %.2f nats, uniform %.2f; top 3 of all heads %.2f and %.2f",
            Judging.REPORTED,
            size,
            found.size(),
            mean(found),
            failed.size(),
            mean(failed),
            uniform,
            mean(outcome.metric(LearningCurve.ENTROPY, true)),
            mean(outcome.metric(LearningCurve.ENTROPY, false)),
            Math.log(length + 1),
            mean(outcome.metric(LearningCurve.TOP, true)),
            mean(outcome.metric(LearningCurve.TOP, false)));
    return ClaimPart.of(
            "mass-T-" + length,
            Verdict.exact(mean(found), Prediction.atLeast(uniform)).inconclusiveBecause(reason))
        .withExpected(new ExpectedOutcome(Outcome.INCONCLUSIVE, Judging.REPORTED));
  }

  private static double mean(List<Double> numbers) {
    return CellNumbers.mean(numbers.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static <Z> ClaimPart even(String name, LatentModel<Z> model, int steps, Seed seed) {
    Seed own = seed.child(name);
    Attention head =
        NullHeads.identityValues(steps, 64)
            .trainer(model, Objective.MASKED, TOKENS, own)
            .fit(own)
            .attention();
    if (!(head instanceof WeightedAttention weighted)) {
      throw new IllegalStateException("expected a head with weights, got " + head);
    }
    RandomGenerator rng = own.child("test").generator();
    double evenness = 1;
    double top = 0;
    for (int n = 0; n < 20; n++) {
      Sample<Z> sample = model.sample(TOKENS, rng);
      Context context = Context.of(model, sample.tokens());
      SimpleMatrix query = Objective.MASKED.ask(model, sample.latent(), rng).query();
      SimpleMatrix weights = weighted.weights(query, context);
      evenness = Math.min(evenness, evenness(weights));
      top = Math.max(top, top(weights));
    }
    double cold = 1;
    for (int n = 0; n < 20; n++) {
      cold = Math.min(cold, evenness(onSphere(COLD, rng)));
    }
    Prediction even = Prediction.atLeast(EVEN);
    return ClaimPart.of(
            "even-" + name,
            Verdict.exact(evenness, even)
                .withReason(
                    String.format(
                        Locale.ROOT,
                        "the %d largest weights of %d tokens carry at most %.3f, even ones %.3f",
                        SPARSITY,
                        TOKENS,
                        top,
                        (double) SPARSITY / TOKENS)))
        .withControl(
            Control.of(
                Verdict.exact(cold, even),
                String.format(Locale.ROOT, "sphere keys at temperature %.2f: %.2f", COLD, cold)));
  }

  /**
   * What the derived head of regression on a sphere does at a low temperature, and at a high one.
   */
  private static ClaimPart peaked(Seed seed) {
    RandomGenerator rng = seed.child("peaked").generator();
    double cold = 0;
    double warm = 0;
    double top = 0;
    for (int n = 0; n < 20; n++) {
      SimpleMatrix weights = onSphere(COLD, rng);
      cold += evenness(weights) / 20;
      top += top(weights) / 20;
      warm += evenness(onSphere(1 / COLD, rng)) / 20;
    }
    Prediction peaked = Prediction.atMost(PEAKED);
    return ClaimPart.of(
            "peaked-cold-sphere",
            Verdict.exact(cold, peaked)
                .withReason(
                    String.format(
                        Locale.ROOT,
                        "temperature %.2f; the %d largest weights of %d tokens carry %.2f",
                        COLD,
                        SPARSITY,
                        TOKENS,
                        top)))
        .withControl(
            Control.of(
                Verdict.exact(warm, peaked),
                String.format(Locale.ROOT, "temperature %.0f: %.3f", 1 / COLD, warm)));
  }

  /** Weights of 64 keys on the sphere for a query there. */
  private static SimpleMatrix onSphere(double temperature, RandomGenerator rng) {
    SimpleMatrix keys = onSphere(TOKENS, rng);
    return SoftmaxAttention.of(temperature).weights(onSphere(1, rng), Context.of(keys, keys));
  }

  private static SimpleMatrix onSphere(int count, RandomGenerator rng) {
    double[] points = new double[3 * count];
    for (int i = 0; i < count; i++) {
      Sphere.fill(points, 3 * i, 3, rng);
    }
    return new SimpleMatrix(count, 3, true, points);
  }

  /** The largest of the first L weights, renormalised and added: as many as a conjunction has. */
  private static double top(SimpleMatrix weights) {
    double[] tokens = Arrays.copyOf(weights.getDDRM().data, TOKENS);
    Arrays.sort(tokens);
    double sum = 0;
    for (int i = 1; i <= SPARSITY; i++) {
      sum += tokens[TOKENS - i];
    }
    return sum / Arrays.stream(tokens).sum();
  }

  /** Of the first L weights, renormalised: what follows is the null token's. */
  private static double evenness(SimpleMatrix weights) {
    double[] tokens = Arrays.copyOf(weights.getDDRM().data, TOKENS);
    double total = Arrays.stream(tokens).sum();
    double entropy = 0;
    for (double weight : tokens) {
      double share = weight / total;
      entropy -= share > 0 ? share * Math.log(share) : 0;
    }
    return entropy / Math.log(TOKENS);
  }
}
