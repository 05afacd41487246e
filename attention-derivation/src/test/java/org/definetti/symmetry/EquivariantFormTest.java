package org.definetti.symmetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.attention.NadarayaWatsonAttention;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class EquivariantFormTest {

  private static final double ROUNDING = 1e-13;

  private final RandomGenerator rng = Seed.of(101).generator();
  private final SimpleMatrix x = SampleFunctions.normal(5, 4, rng);
  private final SimpleMatrix z = SampleFunctions.normal(3, 4, rng);

  /** Softmax and Gaussian attention of the attention package, which know nothing of G. */
  @Test
  void attentionIsAnInstance() {
    assertClose(
        SoftmaxAttention.of(0.7).attend(x, Context.of(x, x)),
        GramAttention.softmax(0.7).transform(x, z));
    assertClose(
        new NadarayaWatsonAttention(0.7).attend(x, Context.of(x, x)),
        GramAttention.gaussian(0.7).transform(x, z));
    assertClose(
        SoftmaxAttention.of(0.7).attend(x, Context.of(z, z)),
        GramAttention.knowledge(0.7).transform(x, z));
  }

  /** ES7: any W_Q, W_K, W_V at a knowledge of full rank. */
  @Test
  void anySoftmaxLayerIsASectionAtFrozenKnowledge() {
    SimpleMatrix known = SampleFunctions.normal(6, 4, rng);
    SimpleMatrix queryMap = SampleFunctions.normal(4, 3, rng);
    SimpleMatrix keyMap = SampleFunctions.normal(4, 3, rng);
    SimpleMatrix valueMap = SampleFunctions.normal(4, 4, rng);
    SequenceFunction form =
        GramAttention.weighted(
            KnowledgeWeights.form(known, queryMap.mult(keyMap.transpose())),
            KnowledgeWeights.form(known, valueMap));
    assertClose(
        SoftmaxAttention.of(1)
            .attend(x.mult(queryMap), Context.of(x.mult(keyMap), x.mult(valueMap))),
        form.transform(x, known));
  }

  @Test
  void knowledgeOfLowRankCannotCarryWeights() {
    SimpleMatrix weight = SampleFunctions.normal(4, 4, rng);
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> KnowledgeWeights.form(z, weight));
    assertEquals("knowledge: expected rank 4 (its width), got 3", refused.getMessage());
  }

  @Test
  void formsAddAndSkip() {
    EquivariantForm sum = GramAttention.softmax(1).plus(GramAttention.knowledge(2)).withSkip();
    SimpleMatrix parts =
        GramAttention.softmax(1)
            .transform(x, z)
            .plus(GramAttention.knowledge(2).transform(x, z))
            .plus(x);
    assertClose(parts, sum.transform(x, z));
    assertEquals(8, sum.coefficients(Gram.of(x, z)).getNumCols());
  }

  @Test
  void blocksOfTheGramAreProducts() {
    Gram gram = Gram.of(x, z);
    assertClose(x.mult(x.transpose()), gram.tokenBlock());
    assertClose(x.mult(z.transpose()), gram.crossBlock());
    assertClose(z.mult(z.transpose()), gram.knowledgeBlock());
    assertEquals(3, gram.knowledge());
  }

  @Test
  void knowledgeMayBeEmpty() {
    SimpleMatrix none = new SimpleMatrix(0, 4);
    assertClose(
        GramAttention.softmax(1).transform(x, z), GramAttention.softmax(1).transform(x, none));
    assertThrows(
        IllegalArgumentException.class, () -> GramAttention.knowledge(1).transform(x, none));
  }

  @Test
  void badShapesAreRefused() {
    SimpleMatrix narrow = SampleFunctions.normal(3, 2, rng);
    SequenceFunction form = GramAttention.softmax(1);
    assertThrows(ShapeMismatchException.class, () -> form.transform(x, narrow));
    EquivariantForm wrong = EquivariantForm.of(gram -> SimpleMatrix.identity(gram.tokens()));
    assertThrows(ShapeMismatchException.class, () -> wrong.transform(x, z));
    assertThrows(IllegalArgumentException.class, () -> new Gram(SimpleMatrix.identity(2), 3));
  }

  private static void assertClose(SimpleMatrix expected, SimpleMatrix actual) {
    assertTrue(
        Distance.relative(expected, actual) < ROUNDING,
        () -> "relative distance " + Distance.relative(expected, actual));
  }
}
