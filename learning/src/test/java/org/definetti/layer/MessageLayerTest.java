package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.definetti.architecture.GatedRecurrence;
import org.definetti.architecture.LocalNetwork;
import org.definetti.architecture.RecursiveNetwork;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Dirichlet;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Messages against the contract of layers, their reference form and the networks derived. */
class MessageLayerTest implements LayerContract {

  private static final double TOLERANCE = 2e-6; // float32 outputs of order one
  private static final int[] PARENTS = {-1, 0, 0, 1, 1, 2, 4};
  private static final int[] OBSERVED = {6, 3, 5, 1, 0, 2};
  private static final int[] TREE = LatentTree.binary(4);
  private static final int[] LEAVES = IntStream.range(15, 31).toArray();

  @Override
  public List<Layer> layers() {
    return List.of(
        MessageLayer.of(new Widths(2, 3, 3), MessagePlan.chain(), 2),
        MessageLayer.of(new Widths(1, 2, 2), MessagePlan.chain(), 4),
        MessageLayer.of(new Widths(1, 3, 3), MessagePlan.tree(TREE, LEAVES), 3),
        MessageLayer.of(new Widths(1, 2, 2), MessagePlan.grid(4, 5, 7, 3), 2),
        MessageLayer.of(new Widths(1, 2, 2), MessagePlan.grid(4, 5, 7, 4), 2));
  }

  @Override
  public boolean orderMatters(Layer layer) {
    return true;
  }

  @Property(tries = 60, seed = "20261127")
  void gradientsAreThoseOfTheReferenceForm(
      @ForAll @IntRange(min = 0, max = 2) int form,
      @ForAll @IntRange(min = 1, max = 4) int states,
      @ForAll @IntRange(min = 2, max = 4) int categories,
      @ForAll @IntRange(min = 1, max = 5) int length,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    MessagePlan plan =
        switch (form) {
          case 0 -> MessagePlan.chain();
          case 1 -> MessagePlan.tree(PARENTS, OBSERVED);
          default -> MessagePlan.grid(2, 4, seed % 8, 1 + seed % 3);
        };
    MessageLayer layer =
        MessageLayer.of(new Widths(1 + seed % 2, categories, categories), plan, states);
    GradientCheck.check(layer, 0, length, 1, layer::reference, Seed.of(seed).generator());
  }

  private static SimpleMatrix laws(int rows, int width, RandomGenerator rng) {
    double[] alpha = IntStream.range(0, width).mapToDouble(j -> 1).toArray();
    SimpleMatrix laws = new SimpleMatrix(1, width, true, Dirichlet.draw(alpha, rng));
    for (int i = 1; i < rows; i++) {
      laws = laws.concatRows(new SimpleMatrix(1, width, true, Dirichlet.draw(alpha, rng)));
    }
    return laws;
  }

  private static double[] output(
      MessageLayer layer, SimpleMatrix edge, SimpleMatrix emission, SimpleMatrix prior, int[] x) {
    Map<String, SimpleMatrix> matrices = new LinkedHashMap<>();
    matrices.put("edge.logit", edge.elementLog());
    matrices.put("emission.logit", emission.elementLog());
    if (layer.plan().isRooted()) {
      matrices.put("prior.logit", prior.elementLog());
    }
    Parameters parameters = Parameters.of(layer.shapes(), matrices);
    Batch batch = Batch.zeros(layer.widths(), 1, x.length);
    for (int l = 0; l < x.length; l++) {
      batch.values(x[l])[l] = 1;
    }
    Workspace workspace = layer.workspace(1, x.length);
    layer.forward(parameters, batch, 0, 1, workspace);
    return IntStream.range(0, layer.widths().target())
        .mapToDouble(w -> Math.exp(workspace.output()[w]))
        .toArray();
  }

  private static void assertLaw(SimpleMatrix expected, double[] actual) {
    assertEquals(expected.getNumElements(), actual.length);
    for (int w = 0; w < actual.length; w++) {
      assertEquals(expected.getDDRM().data[w], actual[w], TOLERANCE);
    }
  }

  private static int[] draw(int count, int categories, RandomGenerator rng) {
    return IntStream.range(0, count).map(l -> rng.nextInt(categories)).toArray();
  }

  @Test
  void aChainIsTheDerivedFilter() {
    RandomGenerator rng = Seed.of(11).generator();
    for (int n = 0; n < 9; n++) {
      SimpleMatrix prior = laws(1, 3, rng);
      SimpleMatrix edge = laws(3, 3, rng);
      SimpleMatrix emission = laws(3, 4, rng);
      HiddenMarkov model = HiddenMarkov.of(prior, edge, emission);
      int[] x = draw(n, 4, rng);
      double[] rows = IntStream.of(x).mapToDouble(category -> category).toArray();
      Tokens tokens = Tokens.ofRows(model.tokenSpace(), rows);
      SimpleMatrix law = GatedRecurrence.of(model).nextTokens(tokens).extractVector(true, n);
      MessageLayer layer = MessageLayer.of(new Widths(1, 4, 4), MessagePlan.chain(), 3);
      assertLaw(law, output(layer, edge, emission, prior, x));
    }
  }

  @Test
  void aTreeIsTheDerivedRecursion() {
    RandomGenerator rng = Seed.of(12).generator();
    for (int n : new int[] {1, 7, 16}) {
      SimpleMatrix prior = laws(1, 3, rng);
      SimpleMatrix edge = laws(3, 3, rng);
      SimpleMatrix emission = laws(3, 2, rng);
      LatentTree model = LatentTree.of(prior, edge, emission, TREE);
      int[] x = draw(n, 2, rng);
      List<Token> tokens =
          IntStream.range(0, n).mapToObj(l -> model.token(LEAVES[l], x[l])).toList();
      RecursiveNetwork network = RecursiveNetwork.of(model);
      SimpleMatrix law =
          network.root(network.evidence(Tokens.of(model.tokenSpace(), tokens))).mult(emission);
      MessageLayer layer = MessageLayer.of(new Widths(1, 2, 2), MessagePlan.tree(TREE, LEAVES), 3);
      assertLaw(law, output(layer, edge, emission, prior, x));
    }
  }

  @Test
  void aGridIsTheDerivedLocalNetwork() {
    RandomGenerator rng = Seed.of(13).generator();
    for (int t : new int[] {1, 2, 5}) {
      SimpleMatrix emission = laws(2, 3, rng);
      LatentGrid model = LatentGrid.potts(3, 4, rng.nextDouble(-1, 1), emission);
      int asked = rng.nextInt(12);
      int[] x = draw(11, 3, rng);
      List<Token> tokens =
          IntStream.range(0, 11).mapToObj(l -> model.token(l < asked ? l : l + 1, x[l])).toList();
      SimpleMatrix law =
          LocalNetwork.grid(model, t)
              .infer(Tokens.of(model.tokenSpace(), tokens))
              .extractVector(true, asked)
              .mult(emission);
      MessageLayer layer =
          MessageLayer.of(new Widths(1, 3, 3), MessagePlan.grid(3, 4, asked, t), 2);
      assertLaw(law, output(layer, model.potential(), emission, emission, x));
    }
  }

  @Test
  void costsCountMessagesThatAreSentAndThoseThatWait() {
    Layer chain = layers().get(0);
    assertEquals(LENGTH, chain.cost(LENGTH).sequentialSteps());
    assertEquals(4 + 6 + 2, chain.cost(LENGTH).parameters());
    assertEquals(4, layers().get(2).cost(LENGTH).sequentialSteps());
    assertEquals(3, layers().get(3).cost(LENGTH).sequentialSteps());
    assertTrue(layers().get(3).cost(19).multiplyAdds() < layers().get(4).cost(19).multiplyAdds());
    assertTrue(chain.workspaceBytes(3, LENGTH) > 3 * LENGTH * 2 * Double.BYTES);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> MessageLayer.of(new Widths(1, 2, 3), MessagePlan.chain(), 2));
    assertThrows(IllegalArgumentException.class, () -> layers().get(3).workspace(1, 20));
    assertThrows(
        IllegalArgumentException.class,
        () -> MessagePlan.tree(new int[] {-1, 2, 0}, new int[] {1}));
    assertThrows(
        IllegalArgumentException.class,
        () -> MessagePlan.tree(new int[] {-1, 0}, new int[] {1, 1}));
    assertThrows(IllegalArgumentException.class, () -> MessagePlan.grid(2, 2, 4, 1));
    assertThrows(IllegalArgumentException.class, () -> MessagePlan.grid(2, 2, 0, 0));
  }

  @Test
  void theReferenceRefusesWhatItsPlanHasNoPlaceFor() {
    MessageLayer layer = MessageLayer.of(new Widths(1, 3, 3), MessagePlan.grid(2, 2, 0, 1), 2);
    Attention reference = layer.toAttention(layer.initial(Seed.of(14).generator()));
    SimpleMatrix query = new SimpleMatrix(1, 1);
    Context longer = Context.of(new SimpleMatrix(4, 1), new SimpleMatrix(4, 3));
    Context narrow = Context.of(new SimpleMatrix(3, 1), new SimpleMatrix(3, 2));
    assertThrows(IllegalArgumentException.class, () -> reference.attend(query, longer));
    assertThrows(ShapeMismatchException.class, () -> reference.attend(query, narrow));
  }
}
