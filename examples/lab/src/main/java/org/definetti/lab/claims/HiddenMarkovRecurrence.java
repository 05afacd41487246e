package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.definetti.architecture.BidirectionalRecurrence;
import org.definetti.architecture.GatedRecurrence;
import org.definetti.architecture.ParallelScan;
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
import org.definetti.lab.oracle.Configurations;
import org.definetti.lab.run.Build;
import org.definetti.latent.Tokens;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * X5: the posterior of a hidden Markov model is computed by a gated recurrence, of depth L or log2
 * L, and by nothing that does not see the order.
 *
 * <pre>{@code  h_l ∝ (h_{l-1} A) ⊙ b(x^l) = P(s_l | x^1..x^l)  }</pre>
 *
 * <ul>
 *   <li>Networks: {@link GatedRecurrence} (filter, next token), {@link BidirectionalRecurrence}
 *       (smoothing), {@link ParallelScan} (filter in log2 L steps).
 *   <li>Parts: next token and smoothing of every sequence of a small model against the sum over all
 *       paths; long sequences against the belief; joint rotation of Gaussian tokens and means
 *       (MS9), which must change nothing; reversal of the tokens, which must.
 *   <li>Controls: the best predictor of the next token from the counts alone, exact, its excess
 *       risk over the length being the curve; the filter taken for the smoother; rotated tokens
 *       with unrotated means; reversal where states do not depend on one another.
 *   <li>Source: [derived] from the forward-backward recursion [recalled: Baum, Rabiner].
 * </ul>
 */
public final class HiddenMarkovRecurrence implements Claim {

  private static final String ID = "X5";
  private static final String BLIND = "counts-only";
  private static final String METRIC = "excess-risk";
  private static final double IDENTITY = 1e-10;
  private static final int SMALL = 5;
  private static final int STATES = 3;
  private static final int CATEGORIES = 3;

  private static final HiddenMarkov SLOW =
      HiddenMarkov.of(
          Laws.rows(new double[] {2 / 3.0, 1 / 3.0}),
          Laws.rows(new double[] {0.95, 0.05}, new double[] {0.1, 0.9}),
          Laws.rows(new double[] {0.8, 0.2}, new double[] {0.3, 0.7}));

  /** How much work a budget does. */
  private record Size(int models, int length, int blindLength, int seeds) {}

  /** Returns the claim. */
  public HiddenMarkovRecurrence() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "hidden-markov-recurrence";
  }

  @Override
  public String statement() {
    return "The exact filter, smoother and next-token law of a hidden Markov model are a gated"
        + " recurrence with the model's own weights, of depth L, or log2 L by a parallel scan; the"
        + " best predictor that ignores the order has a risk strictly larger.";
  }

  @Override
  public Source source() {
    return Source.derived("forward-backward recursion read as a network");
  }

  @Override
  public String prediction() {
    return "largest deviation <= 1e-10 at every length; blind excess risk > 0";
  }

  @Override
  public List<String> tags() {
    return List.of("architecture", "length");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 4;
          case FULL -> 30;
        });
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(1, 1000, 16, 4);
      case STANDARD -> new Size(4, 10_000, 128, 8);
      case FULL -> new Size(20, 100_000, 1024, 16);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results = runner.execute(plan(size, seed), cell -> blind(size, seed, cell));
    List<ClaimPart> parts = new ArrayList<>(small(size, seed.child("small")));
    parts.addAll(longSequences(size, seed.child("long"), results));
    parts.add(rotation(size, seed.child("rotation")));
    parts.add(order(seed.child("order")));
    return ClaimResult.of(parts).withResults(List.of(results));
  }

  /** The tables of a small model, and the probability of a path of states with its tokens. */
  private record Tables(SimpleMatrix initial, SimpleMatrix transition, SimpleMatrix emission) {

    static Tables draw(RandomGenerator rng) {
      return new Tables(
          Laws.draw(1, STATES, rng),
          Laws.draw(STATES, STATES, rng),
          Laws.draw(STATES, CATEGORIES, rng));
    }

    HiddenMarkov model() {
      return HiddenMarkov.of(initial, transition, emission);
    }

    double joint(int[] z, int[] x) {
      double weight = initial.get(0, z[0]);
      for (int l = 0; l < x.length; l++) {
        weight *= l == 0 ? 1 : transition.get(z[l - 1], z[l]);
        weight *= emission.get(z[l], x[l]);
      }
      return weight;
    }

    double evidence(int... x) {
      return Configurations.total(x.length, STATES, z -> joint(z, x));
    }
  }

  private static Tokens tokens(HiddenMarkov model, int... x) {
    return Tokens.ofRows(
        model.tokenSpace(), IntStream.of(x).mapToDouble(category -> category).toArray());
  }

  private static List<ClaimPart> small(Size size, Seed seed) {
    Deviation next = new Deviation();
    Deviation smooth = new Deviation();
    Deviation blindly = new Deviation();
    Deviation filtered = new Deviation();
    double excess = 0;
    for (int m = 0; m < size.models; m++) {
      RandomGenerator rng = seed.child(m).generator();
      Tables tables = Tables.draw(rng);
      HiddenMarkov model = tables.model();
      GatedRecurrence recurrence = GatedRecurrence.of(model);
      BidirectionalRecurrence both = BidirectionalRecurrence.of(model);
      BlindPredictor blind = new BlindPredictor(CATEGORIES);
      List<int[]> sequences = new ArrayList<>();
      Configurations.forEach(SMALL, CATEGORIES, x -> sequences.add(x.clone()));
      List<double[]> laws = new ArrayList<>();
      for (int[] x : sequences) {
        double mass = tables.evidence(x);
        double[] law = nextLaw(tables, x, mass);
        laws.add(law);
        blind.add(x, mass, law);
        Tokens tokens = tokens(model, x);
        next.add(Laws.row(recurrence.nextTokens(tokens), SMALL), law);
        SimpleMatrix exact = Configurations.marginals(SMALL, STATES, z -> tables.joint(z, x));
        smooth.add(both.infer(tokens).getDDRM().data, exact.getDDRM().data);
        filtered.add(recurrence.infer(tokens).getDDRM().data, exact.getDDRM().data);
      }
      for (int i = 0; i < laws.size(); i++) {
        blindly.add(blind.predict(sequences.get(i)), laws.get(i));
      }
      excess += blind.excessRisk() / size.models;
    }
    return List.of(
        ClaimPart.of("next-token", next.atMost(IDENTITY))
            .withControl(
                Control.of(
                    blindly.atMost(IDENTITY),
                    String.format(
                        Locale.ROOT,
                        "best predictor from the counts alone: off by up to %.2g, excess risk %.2g",
                        blindly.largest(),
                        excess))),
        ClaimPart.of("smoothing", smooth.atMost(IDENTITY))
            .withControl(
                Control.of(
                    filtered.atMost(IDENTITY),
                    String.format(
                        Locale.ROOT,
                        "the forward half alone: off by up to %.2g",
                        filtered.largest()))));
  }

  private static double[] nextLaw(Tables tables, int[] x, double mass) {
    double[] law = new double[CATEGORIES];
    int[] longer = Arrays.copyOf(x, SMALL + 1);
    for (int w = 0; w < CATEGORIES; w++) {
      longer[SMALL] = w;
      law[w] = tables.evidence(longer) / mass;
    }
    return law;
  }

  private static HiddenMarkov gaussian(int states, SimpleMatrix means, RandomGenerator rng) {
    return HiddenMarkov.gaussian(
        Laws.draw(1, states, rng), Laws.draw(states, states, rng), means, 0.5);
  }

  private static SimpleMatrix normal(int rows, int width, RandomGenerator rng) {
    double[] numbers = new double[rows * width];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, width, true, numbers);
  }

  private static List<ClaimPart> longSequences(Size size, Seed seed, Results results) {
    RandomGenerator rng = seed.generator();
    HiddenMarkov categorical =
        HiddenMarkov.of(Laws.draw(1, 4, rng), Laws.draw(4, 4, rng), Laws.draw(4, 5, rng));
    Deviation next = new Deviation();
    Deviation smooth = new Deviation();
    Deviation scan = new Deviation();
    for (HiddenMarkov model : List.of(SLOW, categorical, gaussian(3, normal(3, 2, rng), rng))) {
      Tokens tokens = model.sample(size.length, rng).tokens();
      SimpleMatrix laws = GatedRecurrence.of(model).nextTokens(tokens);
      int[] prefixes = {0, 1, size.length / 10, size.length / 2, size.length};
      var beliefs = model.prior().prefixes(tokens, prefixes);
      for (int i = 0; i < prefixes.length; i++) {
        SimpleMatrix exact = beliefs.get(i).predictive(model.tokenSpace().emptyQuery()).mean();
        next.add(Laws.row(laws, prefixes[i]), exact.getDDRM().data);
      }
      smooth.add(
          BidirectionalRecurrence.of(model).infer(tokens).getDDRM().data,
          model.smooth(tokens).getDDRM().data);
      scan.add(
          ParallelScan.of(model).infer(tokens).getDDRM().data, model.filter(tokens).getDDRM().data);
    }
    Curve curve = results.curves().get(0);
    Verdict excess = Judging.share(curve, size.blindLength, 1, Prediction.atMost(IDENTITY));
    return List.of(
        ClaimPart.of("long-next-token", next.atMost(IDENTITY))
            .withControl(
                Control.of(
                    excess,
                    String.format(
                        Locale.ROOT,
                        "best predictor from the counts alone at length %d: excess risk %.2g",
                        size.blindLength,
                        excess.measured()))),
        ClaimPart.of("long-smoothing", smooth.atMost(IDENTITY)),
        ClaimPart.of("parallel-scan", scan.atMost(IDENTITY)));
  }

  private static ClaimPart rotation(Size size, Seed seed) {
    Deviation together = new Deviation();
    Deviation apart = new Deviation();
    int dimension = 3;
    for (int reflections = 1; reflections <= 2; reflections++) {
      RandomGenerator rng = seed.child(reflections).generator();
      SimpleMatrix turn = SimpleMatrix.identity(dimension);
      for (int r = 0; r < reflections; r++) {
        turn = turn.mult(reflection(normal(dimension, 1, rng)));
      }
      SimpleMatrix means = normal(4, dimension, rng);
      SimpleMatrix initial = Laws.draw(1, 4, rng);
      SimpleMatrix transition = Laws.draw(4, 4, rng);
      HiddenMarkov model = HiddenMarkov.gaussian(initial, transition, means, 0.5);
      HiddenMarkov turned = HiddenMarkov.gaussian(initial, transition, means.mult(turn), 0.5);
      Tokens tokens = model.sample(size.length / 10, rng).tokens();
      Tokens turnedTokens =
          Tokens.ofRows(model.tokenSpace(), tokens.values().mult(turn).getDDRM().data);
      double[] expected = GatedRecurrence.of(model).nextTokens(tokens).mult(turn).getDDRM().data;
      together.add(GatedRecurrence.of(turned).nextTokens(turnedTokens).getDDRM().data, expected);
      apart.add(GatedRecurrence.of(model).nextTokens(turnedTokens).getDDRM().data, expected);
    }
    return ClaimPart.of("rotation", together.atMost(IDENTITY))
        .withControl(
            Control.of(
                apart.atMost(IDENTITY),
                String.format(
                    Locale.ROOT,
                    "means not rotated with the tokens: off by %.2g",
                    apart.largest())));
  }

  private static SimpleMatrix reflection(SimpleMatrix normal) {
    double square = normal.dot(normal);
    return SimpleMatrix.identity(normal.getNumRows())
        .minus(normal.mult(normal.transpose()).scale(2 / square));
  }

  private static ClaimPart order(Seed seed) {
    Prediction changes = Prediction.atLeast(0.01);
    HiddenMarkov memoryless =
        HiddenMarkov.of(
            SLOW.initial(),
            SLOW.initial().concatRows(SLOW.initial()),
            Laws.rows(new double[] {0.8, 0.2}, new double[] {0.3, 0.7}));
    Verdict without = Verdict.exact(reversal(memoryless, seed), changes);
    return ClaimPart.of("order", Verdict.exact(reversal(SLOW, seed), changes))
        .withControl(
            Judging.control(
                without, "states that do not depend on one another: reversal changes %.2g"));
  }

  // The largest change of the law of the next token when the tokens are reversed.
  private static double reversal(HiddenMarkov model, Seed seed) {
    Deviation change = new Deviation();
    int length = 12;
    int[] backwards = IntStream.range(0, length).map(l -> length - 1 - l).toArray();
    for (int trial = 0; trial < 20; trial++) {
      Tokens tokens = model.sample(length, seed.child(trial).generator()).tokens();
      GatedRecurrence recurrence = GatedRecurrence.of(model);
      change.add(
          Laws.row(recurrence.nextTokens(tokens.permute(backwards)), length),
          Laws.row(recurrence.nextTokens(tokens), length));
    }
    return change.largest();
  }

  private static Plan plan(Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (int s = 0; s < size.seeds; s++) {
      cells.add(
          Cell.of("model", "hidden-markov")
              .with("claim", ID)
              .with("attention", BLIND)
              .with("origin", "derived")
              .with(Cell.SEED, String.valueOf(s)));
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("blindLength", String.valueOf(size.blindLength));
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, "length", cells);
  }

  // Excess squared risk of the counts over the exact law of the next token, at lengths 2, 4, 8, …
  private static CellResult blind(Size size, Seed seed, Cell cell) {
    int sequences = 64;
    Seed own = seed.child(BLIND).child(cell.axis(Cell.SEED));
    List<Tokens> all =
        IntStream.range(0, sequences)
            .mapToObj(i -> SLOW.sample(size.blindLength, own.child(i).generator()).tokens())
            .toList();
    List<SimpleMatrix> exact = all.stream().map(GatedRecurrence.of(SLOW)::nextTokens).toList();
    CountFilter filter = new CountFilter(SLOW);
    int[] ones = new int[sequences];
    List<CellPoint> points = new ArrayList<>();
    for (int l = 1; l <= size.blindLength; l++) {
      filter.step();
      double[] excess = new double[sequences];
      for (int i = 0; i < sequences; i++) {
        ones[i] += (int) all.get(i).at(l - 1, 0);
        double gap = exact.get(i).get(l, 1) - filter.probability(ones[i]);
        excess[i] = 2 * gap * gap; // both categories are off by the same
      }
      if (l > 1 && Integer.bitCount(l) == 1) { // one token has no order
        points.add(new CellPoint(l, Map.of(METRIC, Estimate.of(excess))));
      }
    }
    return new CellResult(points);
  }
}
