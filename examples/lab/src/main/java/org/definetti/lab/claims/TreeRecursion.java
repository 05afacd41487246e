package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.definetti.architecture.LocalNetwork;
import org.definetti.architecture.RecursiveNetwork;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.ControlOutcome;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.oracle.Configurations;
import org.definetti.latent.Tokens;
import org.definetti.latent.graph.LatentTree;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * X6: the posterior of a latent tree is computed by a recursive network, one pass up and one down.
 *
 * <pre>{@code  up_i = b_i ⊙ Π_children c (A up_c),   P(z_0 | X) ∝ π ⊙ up_0  }</pre>
 *
 * <ul>
 *   <li>Network: {@link RecursiveNetwork}; depth the height for the root, twice that for all nodes.
 *   <li>Parts: all nodes of small trees (complete, star, path, random) against the sum over all
 *       configurations; large trees against the belief; the least number of local iterations that
 *       reaches the same posterior, which is the diameter.
 *   <li>Controls: the best predictor of a leaf that knows the values at the other leaves but not
 *       which is where, by enumeration; the same network on a tree with one leaf moved.
 *   <li>Source: [derived] from upward-downward messages [recalled: Pearl].
 * </ul>
 */
public final class TreeRecursion implements Claim {

  private static final double IDENTITY = 1e-10;
  private static final int STATES = 3;
  private static final int CATEGORIES = 2;

  /** Returns the claim. */
  public TreeRecursion() {}

  @Override
  public String id() {
    return "X6";
  }

  @Override
  public String slug() {
    return "tree-recursion";
  }

  @Override
  public String statement() {
    return "The exact posterior of every node of a latent tree is a recursive network with the"
        + " model's own weights, of depth the height for the root and twice the height for all"
        + " nodes; local iteration needs the diameter.";
  }

  @Override
  public Source source() {
    return Source.derived("upward-downward messages read as a network");
  }

  @Override
  public String prediction() {
    return "largest deviation <= 1e-10; blind excess risk > 0";
  }

  @Override
  public List<String> tags() {
    return List.of("architecture");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 2;
          case FULL -> 10;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int levels =
        switch (budget) {
          case SMOKE -> 5;
          case STANDARD -> 7;
          case FULL -> 9;
        };
    int models = budget == Budget.SMOKE ? 1 : budget == Budget.STANDARD ? 4 : 20;
    return ClaimResult.of(
        small(models, seed.child("small")),
        large(levels, seed.child("large")),
        diameter(levels, seed.child("diameter")));
  }

  private static LatentTree draw(int states, int categories, RandomGenerator rng, int... parents) {
    return LatentTree.of(
        Laws.draw(1, states, rng),
        Laws.draw(states, states, rng),
        Laws.draw(states, categories, rng),
        parents);
  }

  // Children resemble their parents, so what is far away can still be seen.
  private static LatentTree slow(int... parents) {
    return LatentTree.of(
        Laws.rows(new double[] {0.5, 0.5}),
        Laws.rows(new double[] {0.95, 0.05}, new double[] {0.1, 0.9}),
        Laws.rows(new double[] {0.7, 0.3}, new double[] {0.3, 0.7}),
        parents);
  }

  private static int[] path(int nodes) {
    return IntStream.range(-1, nodes - 1).toArray();
  }

  private static int[] star(int nodes) {
    return IntStream.range(0, nodes).map(i -> i == 0 ? -1 : 0).toArray();
  }

  private static int[] random(int nodes, RandomGenerator rng) {
    return IntStream.range(0, nodes).map(i -> i == 0 ? -1 : rng.nextInt(i)).toArray();
  }

  // P(z, categories seen at nodes).
  private static double joint(LatentTree model, int[] parents, int[] z, int[] nodes, int[] seen) {
    double weight = model.initial().get(0, z[0]);
    for (int i = 1; i < z.length; i++) {
      weight *= model.transition().get(z[parents[i]], z[i]);
    }
    for (int l = 0; l < nodes.length; l++) {
      weight *= model.emission().get(z[nodes[l]], seen[l]);
    }
    return weight;
  }

  private static Tokens tokens(LatentTree model, int[] nodes, int[] seen) {
    return Tokens.of(
        model.tokenSpace(),
        IntStream.range(0, nodes.length).mapToObj(l -> model.token(nodes[l], seen[l])).toList());
  }

  private static ClaimPart small(int models, Seed seed) {
    Deviation right = new Deviation();
    for (int m = 0; m < models; m++) {
      RandomGenerator rng = seed.child(m).generator();
      for (int[] parents :
          List.of(LatentTree.binary(2), star(6), path(6), random(7, rng), random(7, rng))) {
        LatentTree model = draw(STATES, CATEGORIES, rng, parents);
        int[] nodes = IntStream.range(0, 8).map(l -> rng.nextInt(parents.length)).toArray();
        int[] seen = IntStream.range(0, 8).map(l -> rng.nextInt(CATEGORIES)).toArray();
        SimpleMatrix exact =
            Configurations.marginals(
                parents.length, STATES, z -> joint(model, parents, z, nodes, seen));
        RecursiveNetwork network = RecursiveNetwork.of(model);
        SimpleMatrix evidence = network.evidence(tokens(model, nodes, seen));
        right.add(network.propagate(evidence).getDDRM().data, exact.getDDRM().data);
        right.add(network.root(evidence).getDDRM().data, Laws.row(exact, 0));
      }
    }
    return ClaimPart.of("all-configurations", right.atMost(IDENTITY)).withControl(blind());
  }

  // The last leaf of a complete tree of four, from the values at the other three.
  private static Control blind() {
    int[] parents = LatentTree.binary(2);
    LatentTree model = slow(parents);
    int[] others = {3, 4, 5};
    RecursiveNetwork network = RecursiveNetwork.of(model);
    BlindPredictor blind = new BlindPredictor(CATEGORIES);
    Deviation exactly = new Deviation();
    Deviation blindly = new Deviation();
    List<int[]> inputs = new ArrayList<>();
    List<double[]> laws = new ArrayList<>();
    Configurations.forEach(
        others.length,
        CATEGORIES,
        x -> {
          int[] seen = x.clone();
          double mass =
              Configurations.total(parents.length, 2, z -> joint(model, parents, z, others, seen));
          double[] law = leafLaw(model, parents, seen, mass);
          SimpleMatrix out = network.infer(tokens(model, others, seen)).mult(model.emission());
          exactly.add(Laws.row(out, 6), law);
          blind.add(seen, mass, law);
          inputs.add(seen);
          laws.add(law);
        });
    for (int i = 0; i < laws.size(); i++) {
      blindly.add(blind.predict(inputs.get(i)), laws.get(i));
    }
    boolean caught =
        exactly.largest() <= IDENTITY
            && Control.of(blindly.atMost(IDENTITY), "").outcome() == ControlOutcome.CAUGHT;
    return Control.of(
        caught,
        String.format(
            Locale.ROOT,
            "best predictor of a leaf that knows the other values, not their leaves: off by up to"
                + " %.2g, excess risk %.2g",
            blindly.largest(),
            blind.excessRisk()));
  }

  private static double[] leafLaw(LatentTree model, int[] parents, int[] seen, double mass) {
    double[] law = new double[CATEGORIES];
    int[] nodes = {3, 4, 5, 6};
    int[] more = Arrays.copyOf(seen, nodes.length);
    for (int w = 0; w < CATEGORIES; w++) {
      more[3] = w;
      law[w] =
          Configurations.total(parents.length, 2, z -> joint(model, parents, z, nodes, more))
              / mass;
    }
    return law;
  }

  private static ClaimPart large(int levels, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    RandomGenerator rng = seed.generator();
    int nodes = 1 << levels;
    for (int[] parents : List.of(LatentTree.binary(levels), random(nodes, rng), path(nodes))) {
      LatentTree model = draw(4, 5, rng, parents);
      Tokens tokens = model.sample(10 * nodes, rng).tokens();
      SimpleMatrix exact = model.prior().observe(tokens).mean();
      RecursiveNetwork network = RecursiveNetwork.of(model);
      right.add(network.infer(tokens).getDDRM().data, exact.getDDRM().data);
      right.add(Laws.row(network.root(network.evidence(tokens)), 0), Laws.row(exact, 0));
      int[] moved = parents.clone();
      moved[moved.length - 1] = moved[moved.length - 1] == 0 ? 1 : 0;
      LatentTree other =
          LatentTree.of(model.initial(), model.transition(), model.emission(), moved);
      wrong.add(RecursiveNetwork.of(other).infer(tokens).getDDRM().data, exact.getDDRM().data);
    }
    return ClaimPart.of("large-trees", right.atMost(IDENTITY))
        .withControl(
            Control.of(
                wrong.atMost(IDENTITY),
                String.format(
                    Locale.ROOT, "one leaf hung elsewhere: off by %.2g", wrong.largest())));
  }

  // The least number of local iterations that is exact, held against the diameter.
  private static ClaimPart diameter(int levels, Seed seed) {
    Deviation least = new Deviation();
    Deviation height = new Deviation();
    RandomGenerator rng = seed.generator();
    for (int[] parents : List.of(LatentTree.binary(levels), star(12), path(12), random(40, rng))) {
      LatentTree model = slow(parents);
      RecursiveNetwork network = RecursiveNetwork.of(model);
      Tokens tokens = model.sample(parents.length, rng).tokens();
      double[] exact = network.infer(tokens).getDDRM().data;
      List<SimpleMatrix> iterates =
          LocalNetwork.tree(model, network.diameter() + 2).iterates(network.evidence(tokens));
      int t = 0;
      while (t + 1 < iterates.size()
          && Laws.distance(iterates.get(t).getDDRM().data, exact) > IDENTITY) {
        t++;
      }
      least.add(t, network.diameter());
      height.add(t, network.height());
    }
    Verdict verdict = Verdict.exact(least.largest(), Prediction.atMost(0));
    return ClaimPart.of("diameter", verdict)
        .withControl(
            Control.of(
                Verdict.exact(height.largest(), Prediction.atMost(0)),
                "the height instead of the diameter as the number of iterations"));
  }
}
