package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.architecture.LocalNetwork;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.latent.Tokens;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * X7: messages between the neighbours of a chain, repeated, are a convolution of width 3 that is
 * exact given a window, and the window grows by one each iteration.
 *
 * <pre>{@code
 * t iterations:  out_l = P(s_l | x^{l-t}..x^{l+t});   t = L - 1:  P(s_l | x^1..x^L)
 * |out_l - P(s_l | x^1..x^L)| <= tanh(Δ τ^t / 2),   τ = tanh(Δ/4)
 * }</pre>
 *
 * <ul>
 *   <li>Where: Δ the largest {@code log A(i,j)A(k,m) / (A(i,m)A(k,j))}, the projective diameter of
 *       A; τ Birkhoff's contraction coefficient.
 *   <li>Network: {@link LocalNetwork}, depth t.
 *   <li>Controls: messages that start flat instead of at the prior laws; one iteration too few; a
 *       bound that falls with τ^{2t}.
 *   <li>Curves: the largest error of the truncated network over iterations, beside the bound.
 *   <li>Source: [derived], with the contraction of positive matrices [recalled: Birkhoff].
 * </ul>
 */
public final class ChainLocality implements Claim {

  private static final String ID = "X7";
  private static final String METRIC = "largest-error";
  private static final String MEASURED = "local-network";
  private static final String BOUND = "bound";
  private static final double IDENTITY = 1e-10;
  private static final double STAY = 0.9; // of the chain of the curves; Δ = 2 log 9

  /** How much work a budget does. */
  private record Size(int length, int seeds, int iterations) {}

  /** Returns the claim. */
  public ChainLocality() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "chain-locality";
  }

  @Override
  public String statement() {
    return "On a chain t iterations of a local network give the exact posterior given the tokens"
        + " within distance t, so that of all tokens after L - 1; what is left out falls at least as"
        + " fast as tau^t.";
  }

  @Override
  public Source source() {
    return Source.derived("sum-product messages; Birkhoff's contraction recalled");
  }

  @Override
  public String prediction() {
    return "identities to 1e-10; error / tanh(D tau^t / 2) <= 1";
  }

  @Override
  public List<String> tags() {
    return List.of("architecture", "locality");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> 10;
          case FULL -> 60;
        });
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(100, 2, 16);
      case STANDARD -> new Size(400, 8, 64);
      case FULL -> new Size(1000, 16, 128);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results = runner.execute(plan(size, seed), cell -> measure(size, seed, cell));
    return ClaimResult.of(
            window(size, seed.child("window")),
            complete(size, seed.child("complete")),
            forgetting(results))
        .withResults(List.of(results));
  }

  private static HiddenMarkov draw(int states, int categories, RandomGenerator rng) {
    return HiddenMarkov.of(
        Laws.draw(1, states, rng),
        Laws.draw(states, states, rng),
        Laws.draw(states, categories, rng));
  }

  // Symmetric, with weak evidence: a chain that forgets about as slowly as the bound allows.
  private static HiddenMarkov slow() {
    return HiddenMarkov.of(
        Laws.rows(new double[] {0.5, 0.5}),
        Laws.rows(new double[] {STAY, 1 - STAY}, new double[] {1 - STAY, STAY}),
        Laws.rows(new double[] {0.55, 0.45}, new double[] {0.45, 0.55}));
  }

  /** The posterior given a window, by the smoother of the model that begins where it begins. */
  private static double[] windowed(HiddenMarkov model, Tokens tokens, int place, int distance) {
    int from = Math.max(0, place - distance);
    int end = Math.min(tokens.length(), place + distance + 1);
    SimpleMatrix first = model.initial();
    for (int l = 0; l < from; l++) {
      first = first.mult(model.transition());
      first = first.divide(first.elementSum());
    }
    SimpleMatrix emission = model.emission(0).mean();
    for (int k = 1; k < model.states(); k++) {
      emission = emission.concatRows(model.emission(k).mean());
    }
    HiddenMarkov later = HiddenMarkov.of(first, model.transition(), emission);
    return Laws.row(later.smooth(tokens.slice(from, end)), place - from);
  }

  private static ClaimPart window(Size size, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    RandomGenerator rng = seed.generator();
    HiddenMarkov model = draw(4, 3, rng);
    Tokens tokens = model.sample(size.length, rng).tokens();
    LocalNetwork network = LocalNetwork.chain(model, 8);
    SimpleMatrix evidence = network.evidence(tokens);
    List<SimpleMatrix> outputs = network.iterates(evidence);
    List<SimpleMatrix> flat = network.withFlatStart().iterates(evidence);
    for (int t = 0; t < outputs.size(); t++) {
      for (int l = 0; l < size.length; l += l < 12 ? 1 : 7) {
        double[] exact = windowed(model, tokens, l, t);
        right.add(Laws.row(outputs.get(t), l), exact);
        wrong.add(Laws.row(flat.get(t), l), exact);
      }
    }
    return ClaimPart.of("window", right.atMost(IDENTITY))
        .withControl(
            Control.of(
                wrong.atMost(IDENTITY),
                String.format(
                    Locale.ROOT,
                    "messages that start flat, not at the prior laws: off by %.2g",
                    wrong.largest())));
  }

  private static ClaimPart complete(Size size, Seed seed) {
    Deviation right = new Deviation();
    RandomGenerator rng = seed.generator();
    for (HiddenMarkov model : List.of(slow(), draw(3, 3, rng))) {
      Tokens tokens = model.sample(size.length, rng).tokens();
      right.add(
          LocalNetwork.chain(model, size.length - 1).infer(tokens).getDDRM().data,
          model.smooth(tokens).getDDRM().data);
    }
    int few = 12;
    Deviation wrong = new Deviation();
    Tokens tokens = slow().sample(few, rng).tokens();
    wrong.add(
        LocalNetwork.chain(slow(), few - 2).infer(tokens).getDDRM().data,
        slow().smooth(tokens).getDDRM().data);
    return ClaimPart.of("complete", right.atMost(IDENTITY))
        .withControl(
            Control.of(
                wrong.atMost(IDENTITY),
                String.format(
                    Locale.ROOT, "L - 2 iterations at L = %d: off by %.2g", few, wrong.largest())));
  }

  private static double bound(double diameter, double power) {
    double contraction = Math.tanh(diameter / 4);
    return Math.tanh(diameter * Math.pow(contraction, power) / 2);
  }

  private static double diameter() {
    return 2 * Math.log(STAY / (1 - STAY));
  }

  private static ClaimPart forgetting(Results results) {
    Curve curve =
        results.curves().stream()
            .filter(one -> one.key().axis("attention").equals(MEASURED))
            .findFirst()
            .orElseThrow();
    double largest = 0;
    double doubled = 0;
    for (int j = 0; j < curve.values().size(); j++) {
      double t = curve.values().get(j);
      for (int s = 0; s < curve.seeds().size(); s++) {
        double error = curve.mean(s, j);
        if (error > IDENTITY) { // below, rounding is compared with the bound
          largest = Math.max(largest, error / bound(diameter(), t));
          doubled = Math.max(doubled, error / bound(diameter(), 2 * t));
        }
      }
    }
    Prediction below = Prediction.atMost(1);
    return ClaimPart.of("forgetting", Verdict.exact(largest, below))
        .withControl(
            Control.of(
                Verdict.exact(doubled, below),
                String.format(
                    Locale.ROOT,
                    "a bound that falls twice as fast: exceeded %.2g times",
                    doubled)));
  }

  private static Plan plan(Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (int s = 0; s < size.seeds; s++) {
      for (String attention : List.of(MEASURED, BOUND)) {
        cells.add(
            Cell.of("model", "hidden-markov")
                .with("claim", ID)
                .with("attention", attention)
                .with("origin", "derived")
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("length", String.valueOf(size.length));
    configuration.put("iterations", String.valueOf(size.iterations));
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, "iterations", cells);
  }

  private static CellResult measure(Size size, Seed seed, Cell cell) {
    boolean bound = cell.axis("attention").equals(BOUND);
    RandomGenerator rng = seed.child("curves").child(cell.axis(Cell.SEED)).generator();
    Tokens tokens = slow().sample(10 * size.length, rng).tokens();
    double[] exact = slow().smooth(tokens).getDDRM().data;
    LocalNetwork network = LocalNetwork.chain(slow(), bound ? 0 : size.iterations);
    List<SimpleMatrix> iterates = network.iterates(network.evidence(tokens));
    List<CellPoint> points = new ArrayList<>();
    for (int t = 1; t <= size.iterations; t *= 2) {
      double error =
          bound ? bound(diameter(), t) : Laws.distance(iterates.get(t).getDDRM().data, exact);
      points.add(new CellPoint(t, Map.of(METRIC, Estimate.exact(error))));
    }
    return new CellResult(points);
  }
}
