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
import org.definetti.architecture.LineRecurrence;
import org.definetti.architecture.LocalNetwork;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.oracle.Configurations;
import org.definetti.lab.run.Build;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * X8: messages between the sites of a grid are exact for another model, and a recurrence over its
 * lines is exact for the grid.
 *
 * <pre>{@code
 * local, t iterations    out_v = posterior at the root of the tree of walks of t steps from v
 * lines, S steps         P(z_v | X), a line of R sites being one node of K^R states
 * }</pre>
 *
 * <ul>
 *   <li>Networks: {@link LocalNetwork}, depth t; {@link LineRecurrence}, depth the longer side.
 *   <li>Parts: lines against the sum over all configurations and against the belief; local
 *       iteration against the posterior of the tree of walks, a latent tree; local iteration
 *       against the grid's own posterior, which is expected REFUTED: the same evidence comes back
 *       on cycles.
 *   <li>Controls: the best predictor of a site that does not know which value is where, by
 *       enumeration; local iteration in place of lines; the grid in place of its tree of walks; a
 *       grid of one line, which has no cycles.
 *   <li>Curves: the largest error of local iteration over iterations at three couplings: it stays.
 *   <li>Source: [derived] from sum-product messages [recalled: Pearl] and the transfer matrix
 *       [recalled: Onsager].
 * </ul>
 */
public final class GridLocality implements Claim {

  private static final String ID = "X8";
  private static final String METRIC = "largest-error";
  private static final String SETTING = "coupling";
  private static final double IDENTITY = 1e-10;
  private static final int SIDE = 6; // of the grids of the curves
  private static final List<Double> COUPLINGS = List.of(0.2, 0.6, 1.0);
  private static final SimpleMatrix NOISE =
      Laws.rows(new double[] {0.7, 0.3}, new double[] {0.3, 0.7});

  /** How much work a budget does. */
  private record Size(int rows, int columns, int seeds, int iterations) {}

  /** Returns the claim. */
  public GridLocality() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "grid-locality";
  }

  @Override
  public String statement() {
    return "On a grid t iterations of a local network give the exact posterior of the tree of walks,"
        + " which is not the grid's, however many iterations; a recurrence over lines, S steps of"
        + " width K^R, is exact.";
  }

  @Override
  public Source source() {
    return Source.derived("sum-product messages and transfer matrix read as networks");
  }

  @Override
  public String prediction() {
    return "lines and walks to 1e-10; local iteration on the grid not (REFUTED)";
  }

  @Override
  public List<String> tags() {
    return List.of("architecture", "locality");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 5;
          case FULL -> 60;
        });
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(3, 12, 2, 16);
      case STANDARD -> new Size(8, 40, 8, 64);
      case FULL -> new Size(12, 341, 16, 128);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results = runner.execute(plan(size, seed), cell -> measure(size, seed, cell));
    return ClaimResult.of(
            configurations(seed.child("small")),
            lines(size, seed.child("lines")),
            treeOfWalks(seed.child("walks")),
            local(size, seed.child("local")))
        .withResults(List.of(results));
  }

  // P(z, x) of a Potts grid up to a factor.
  private static double joint(LatentGrid model, int[] z, int[] sites, int[] seen) {
    double weight = 1;
    for (int i = 0; i < z.length; i++) {
      weight *= (i + 1) % model.columns() == 0 ? 1 : model.potential().get(z[i], z[i + 1]);
      int below = i + model.columns();
      weight *= below >= z.length ? 1 : model.potential().get(z[i], z[below]);
    }
    for (int l = 0; l < sites.length; l++) {
      weight *= model.emission().get(z[sites[l]], seen[l]);
    }
    return weight;
  }

  private static Tokens tokens(LatentGrid model, int[] sites, int[] seen) {
    return Tokens.of(
        model.tokenSpace(),
        IntStream.range(0, sites.length).mapToObj(l -> model.token(sites[l], seen[l])).toList());
  }

  private static ClaimPart configurations(Seed seed) {
    Deviation right = new Deviation();
    RandomGenerator rng = seed.generator();
    for (int[] shape : new int[][] {{3, 4}, {4, 3}, {2, 6}, {1, 7}}) {
      LatentGrid model =
          LatentGrid.potts(shape[0], shape[1], rng.nextDouble(-1, 1), Laws.draw(2, 3, rng));
      int places = shape[0] * shape[1];
      int[] sites = IntStream.range(0, places).map(l -> rng.nextInt(places)).toArray();
      int[] seen = IntStream.range(0, places).map(l -> rng.nextInt(3)).toArray();
      SimpleMatrix exact = Configurations.marginals(places, 2, z -> joint(model, z, sites, seen));
      SimpleMatrix out = LineRecurrence.of(model).infer(tokens(model, sites, seen));
      right.add(out.getDDRM().data, exact.getDDRM().data);
    }
    return ClaimPart.of("configurations", right.atMost(IDENTITY)).withControl(blind());
  }

  // Site 0 of a 2 x 3 grid from one look at each other site.
  private static Control blind() {
    LatentGrid model = LatentGrid.potts(2, 3, 0.8, NOISE);
    int[] sites = {1, 2, 3, 4, 5};
    BlindPredictor blind = new BlindPredictor(2);
    Deviation blindly = new Deviation();
    List<int[]> inputs = new ArrayList<>();
    List<double[]> laws = new ArrayList<>();
    Configurations.forEach(
        sites.length,
        2,
        x -> {
          int[] seen = x.clone();
          double mass = Configurations.total(6, 2, z -> joint(model, z, sites, seen));
          double[] law =
              Laws.row(Configurations.marginals(6, 2, z -> joint(model, z, sites, seen)), 0);
          blind.add(seen, mass, law);
          inputs.add(seen);
          laws.add(law);
        });
    for (int i = 0; i < laws.size(); i++) {
      blindly.add(blind.predict(inputs.get(i)), laws.get(i));
    }
    return Control.of(
        blindly.atMost(IDENTITY),
        String.format(
            Locale.ROOT,
            "best predictor of a site that knows the other values, not their sites: off by up to"
                + " %.2g, excess risk %.2g",
            blindly.largest(),
            blind.excessRisk()));
  }

  private static ClaimPart lines(Size size, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    RandomGenerator rng = seed.generator();
    for (double coupling : COUPLINGS) {
      LatentGrid model = LatentGrid.potts(size.rows, size.columns, coupling, NOISE);
      Tokens tokens = model.sample(2 * size.rows * size.columns, rng).tokens();
      double[] exact = model.prior().observe(tokens).mean().getDDRM().data;
      right.add(LineRecurrence.of(model).infer(tokens).getDDRM().data, exact);
      wrong.add(LocalNetwork.grid(model, 200).infer(tokens).getDDRM().data, exact);
    }
    return ClaimPart.of("lines", right.atMost(IDENTITY))
        .withControl(
            Control.of(
                wrong.atMost(IDENTITY),
                String.format(
                    Locale.ROOT,
                    "local iteration between sites, 200 times: off by %.2g",
                    wrong.largest())));
  }

  // Potts potentials over their row sums are a transition matrix with a uniform stationary law, so
  // the tree of walks is a latent tree, whose posterior the model knows.
  private static ClaimPart treeOfWalks(Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    RandomGenerator rng = seed.generator();
    LatentGrid model = LatentGrid.potts(3, 3, 0.9, NOISE);
    double[] looks = new double[9];
    Tokens tokens = model.sample(12, rng).tokens();
    double[] exact = model.prior().observe(tokens).mean().getDDRM().data;
    for (int l = 0; l < tokens.length(); l++) {
      looks[hot(tokens.get(l), 0, 9)]++;
    }
    for (int t = 0; t <= 4; t++) {
      double[] out = LocalNetwork.grid(model, t).infer(tokens).getDDRM().data;
      for (int site = 0; site < 9; site++) {
        double[] walks = walks(model, tokens, site, t);
        right.add(Arrays.copyOfRange(out, 2 * site, 2 * site + 2), walks);
      }
      if (t == 4) {
        wrong.add(out, exact);
      }
    }
    return ClaimPart.of("walks", right.atMost(IDENTITY))
        .withControl(
            Control.of(
                wrong.atMost(IDENTITY),
                String.format(
                    Locale.ROOT,
                    "the grid's own posterior instead: off by %.2g",
                    wrong.largest())));
  }

  private static int hot(Token token, int from, int width) {
    return IntStream.range(0, width).filter(j -> token.at(from + j) == 1).findFirst().orElseThrow();
  }

  private static double[] walks(LatentGrid model, Tokens tokens, int site, int steps) {
    List<Integer> sites = new ArrayList<>(List.of(site));
    List<Integer> parents = new ArrayList<>(List.of(-1));
    int level = 0;
    for (int t = 0; t < steps; t++) {
      int end = sites.size();
      for (int node = level; node < end; node++) {
        int parent = parents.get(node);
        for (int next : neighbours(model, sites.get(node))) {
          if (parent < 0 || next != sites.get(parent)) {
            sites.add(next);
            parents.add(node);
          }
        }
      }
      level = end;
    }
    SimpleMatrix potential = model.potential();
    SimpleMatrix transition = potential.divide(potential.extractVector(true, 0).elementSum());
    LatentTree tree =
        LatentTree.of(
            Laws.rows(new double[] {0.5, 0.5}),
            transition,
            model.emission(),
            parents.stream().mapToInt(Integer::intValue).toArray());
    List<Token> copies = new ArrayList<>();
    for (int l = 0; l < tokens.length(); l++) {
      int seenAt = hot(tokens.get(l), 0, model.tokenSpace().keyWidth());
      int category = hot(tokens.get(l), model.tokenSpace().keyWidth(), 2);
      for (int node = 0; node < sites.size(); node++) {
        if (sites.get(node) == seenAt) {
          copies.add(tree.token(node, category));
        }
      }
    }
    return Laws.row(tree.prior().observe(Tokens.of(tree.tokenSpace(), copies)).mean(), 0);
  }

  private static List<Integer> neighbours(LatentGrid model, int site) {
    int columns = model.columns();
    List<Integer> neighbours = new ArrayList<>();
    for (int other = 0; other < model.rows() * columns; other++) {
      int apart =
          Math.abs(other / columns - site / columns) + Math.abs(other % columns - site % columns);
      if (apart == 1) {
        neighbours.add(other);
      }
    }
    return neighbours;
  }

  private static ClaimPart local(Size size, Seed seed) {
    RandomGenerator rng = seed.generator();
    LatentGrid square = LatentGrid.potts(SIDE, SIDE, 0.6, NOISE);
    LatentGrid line = LatentGrid.potts(1, size.iterations, 0.6, NOISE);
    Prediction same = Prediction.atMost(IDENTITY);
    Verdict onSquare = Verdict.exact(last(errors(square, 4 * size.iterations, rng)), same);
    Verdict onLine = Verdict.exact(last(errors(line, size.iterations, rng)), same);
    return ClaimPart.of("local", onSquare)
        .withExpected(
            ExpectedOutcome.refuted(
                "on a cycle a message meets its own evidence and counts it again"))
        .withControl(
            Control.of(
                onLine.outcome() == Outcome.CONFIRMED,
                String.format(
                    Locale.ROOT,
                    "a grid of one line, where the check must pass: off by %.2g",
                    onLine.measured())));
  }

  private static double last(double[] errors) {
    return errors[errors.length - 1];
  }

  // The largest error after 0, 1, …, t iterations, for as many tokens as sites.
  private static double[] errors(LatentGrid model, int iterations, RandomGenerator rng) {
    Tokens tokens = model.sample(model.rows() * model.columns(), rng).tokens();
    double[] exact = model.prior().observe(tokens).mean().getDDRM().data;
    LocalNetwork network = LocalNetwork.grid(model, iterations);
    return network.iterates(network.evidence(tokens)).stream()
        .mapToDouble(out -> Laws.distance(out.getDDRM().data, exact))
        .toArray();
  }

  private static Plan plan(Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (double coupling : COUPLINGS) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", "latent-grid")
                .with("claim", ID)
                .with("attention", "local-network")
                .with("origin", "derived")
                .with(SETTING, String.valueOf(coupling))
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("iterations", String.valueOf(size.iterations));
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, "iterations", cells);
  }

  private static CellResult measure(Size size, Seed seed, Cell cell) {
    double coupling = Double.parseDouble(cell.axis(SETTING));
    LatentGrid model = LatentGrid.potts(SIDE, SIDE, coupling, NOISE);
    Seed own = seed.child("curves").child(cell.axis(SETTING)).child(cell.axis(Cell.SEED));
    double[] errors = errors(model, size.iterations, own.generator());
    List<CellPoint> points = new ArrayList<>();
    for (int t = 1; t <= size.iterations; t *= 2) {
      points.add(new CellPoint(t, Map.of(METRIC, Estimate.exact(errors[t]))));
    }
    return new CellResult(points);
  }
}
