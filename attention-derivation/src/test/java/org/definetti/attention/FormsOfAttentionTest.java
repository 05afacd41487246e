package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.kernel.LinearKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The contract for every form beyond softmax and kernel ridge, and what is particular to each. */
class FormsOfAttentionTest {

  private static final SimpleMatrix PRIORS = row(0.2, 0.5, 0.3);
  private static final SimpleMatrix CENTRES =
      new SimpleMatrix(3, 2, true, 1, 0, -0.5, 0.8, -0.5, -0.8);

  @Nested
  class NadarayaWatson implements AttentionContract {
    @Override
    public Attention attention() {
      return new NadarayaWatsonAttention(0.7);
    }
  }

  @Nested
  class Concepts implements AttentionContract {
    @Override
    public Attention attention() {
      return concepts();
    }
  }

  @Nested
  class Residuals implements AttentionContract {
    @Override
    public Attention attention() {
      SimpleMatrix map = new SimpleMatrix(3, 2, true, 1, 2, -1, 0.5, 0.3, 0);
      return new ResidualAttention(
          keys -> keys.mult(map), KernelRidgeAttention.of(new LinearKernel(), 0.5));
    }
  }

  @Nested
  class Sums implements AttentionContract {
    @Override
    public Attention attention() {
      return new SumAttention();
    }
  }

  @Nested
  class Directions implements AttentionContract {
    @Override
    public Attention attention() {
      return new DirectionAttention(new SumAttention(), row(0.5, -1), 1.5);
    }
  }

  @Nested
  class TwoLevels implements AttentionContract {
    @Override
    public Attention attention() {
      return new TwoLevelAttention(1.5, NullToken.ofCount(0.4, row(1, -2)));
    }
  }

  @Nested
  class EvidenceMixture implements AttentionContract {
    @Override
    public Attention attention() {
      return mixture();
    }

    @Override
    public boolean biasesAreCopies() {
      return false; // copies of a value have no evidence
    }

    @Override
    public Context context(String name, int length) {
      Context biased = AttentionContract.super.context(name, length);
      return Context.of(biased.keys(), biased.values());
    }
  }

  @Nested
  class Preconditioned implements AttentionContract {
    @Override
    public Attention attention() {
      return LinearAttention.preconditioned(
          new SimpleMatrix(3, 3, true, 2, 1, 0, 0, 1, 0.5, -1, 0, 3));
    }
  }

  @Nested
  class Opposite implements AttentionContract {
    @Override
    public Attention attention() {
      return MultiHeadAttention.opposite(SoftmaxAttention.of(0.5), 3, 2);
    }
  }

  private static ConceptAttention concepts() {
    // log density up to a constant of values around three centres
    return ConceptAttention.of(
        PRIORS,
        context -> {
          SimpleMatrix psi = new SimpleMatrix(context.length(), 3);
          for (int l = 0; l < context.length(); l++) {
            for (int k = 0; k < 3; k++) {
              double x = context.values().get(l, 0) - CENTRES.get(k, 0);
              double y = context.values().get(l, 1) - CENTRES.get(k, 1);
              psi.set(l, k, -(x * x + y * y) / 2);
            }
          }
          return psi;
        },
        query -> CENTRES);
  }

  private static EvidenceMixtureAttention mixture() {
    return new EvidenceMixtureAttention(
        List.of(
            KernelRidgeAttention.of(new LinearKernel(), 0.5),
            KernelRidgeAttention.of(new RbfKernel(0.5), 0.25)),
        row(0.4, 0.6),
        0.5);
  }

  /**
   * On keys of one norm the Nadaraya-Watson weights are those of softmax; on others they differ.
   */
  @Test
  void nadarayaWatsonIsSoftmaxOnTheSphere() {
    SimpleMatrix keys = normal("keys", 9, 3);
    for (int l = 0; l < 9; l++) {
      double norm = keys.extractVector(true, l).normF();
      for (int j = 0; j < 3; j++) {
        keys.set(l, j, 2 * keys.get(l, j) / norm);
      }
    }
    SimpleMatrix queries = normal("queries", 3, 3);
    SimpleMatrix values = normal("values", 9, 2);
    Context sphere = new Context(keys, values, normal("biases", 9, 1));
    WeightedAttention kernel = new NadarayaWatsonAttention(0.3);
    WeightedAttention softmax = SoftmaxAttention.of(0.3);
    assertTrue(softmax.attend(queries, sphere).isIdentical(kernel.attend(queries, sphere), 1e-13));
    assertTrue(
        softmax.weights(queries, sphere).isIdentical(kernel.weights(queries, sphere), 1e-13));
    keys.set(0, 0, keys.get(0, 0) * 2); // the control: one key of another norm
    Context off = Context.of(keys, values);
    assertTrue(
        softmax.attend(queries, off).minus(kernel.attend(queries, off)).elementMaxAbs() > 1e-3);
  }

  /** Far from zero nothing cancels: moving queries and keys together moves nothing. */
  @Test
  void nadarayaWatsonIsInvariantToTranslations() {
    Context context = Context.of(normal("keys", 7, 3), normal("values", 7, 2));
    SimpleMatrix queries = normal("queries", 2, 3);
    Attention kernel = new NadarayaWatsonAttention(0.5);
    SimpleMatrix far = kernel.attend(queries.plus(0x1p20), moved(context, 0x1p20));
    // Adding 2^20 rounds a key by 2^-33: that is all that changes.
    assertTrue(kernel.attend(queries, context).isIdentical(far, 1e-8));
  }

  private static Context moved(Context context, double step) {
    return Context.of(context.keys().plus(step), context.values());
  }

  @Test
  void theDictionaryIsSoftmaxOfPriorAndScore() {
    ConceptDictionary dictionary = new ConceptDictionary(PRIORS, CENTRES);
    double a = 0.2 * Math.exp(1);
    double b = 0.5 * Math.exp(-2);
    SimpleMatrix out = dictionary.attend(row(2, -4, Double.NEGATIVE_INFINITY), 2);
    assertEquals((a * 1 + b * -0.5) / (a + b), out.get(0, 0), 1e-15);
    assertEquals(b * 0.8 / (a + b), out.get(0, 1), 1e-15);
    // Scores of any size, and no prior at all for a concept.
    ConceptDictionary certain = new ConceptDictionary(row(0, 1, 0), CENTRES);
    assertEquals(-0.5, certain.attend(row(1e300, -1e300, 0), 1).get(0, 0));
    double none = Double.NEGATIVE_INFINITY;
    assertMessage(
        "scores: expected a concept that explains them, got none in row 0",
        () -> certain.attend(row(0, none, 0), 1));
    assertMessage(
        "scores: expected finite or -Infinity, got NaN",
        () -> dictionary.attend(row(0, Double.NaN, 0), 1));
    assertThrows(ShapeMismatchException.class, () -> dictionary.attend(row(0, 0), 1));
    assertThrows(ShapeMismatchException.class, () -> new ConceptDictionary(row(0.5, 0.5), CENTRES));
  }

  /** Evidence of a million equal tokens is a million times that of one: nothing drifts. */
  @Test
  void evidenceKeepsItsDigitsOverAMillionTokens() {
    int n = 1_000_000;
    double small = 1e-7;
    ConceptAttention attention =
        ConceptAttention.of(
            row(0.5, 0.5),
            context -> {
              SimpleMatrix psi = new SimpleMatrix(n, 2);
              for (int l = 0; l < n; l++) {
                psi.set(l, 0, -0.1 - small);
                psi.set(l, 1, -0.1);
              }
              return psi;
            },
            query -> SimpleMatrix.identity(2));
    SimpleMatrix posterior =
        attention.posterior(Context.of(new SimpleMatrix(n, 1), new SimpleMatrix(n, 1)));
    double odds = Math.exp(-n * ((0.1 + small) - 0.1));
    assertEquals(odds / (1 + odds), posterior.get(0, 0), 1e-12);
  }

  /** The empty context gives the prior, whatever the form. */
  @Test
  void theEmptyContextGivesThePrior() {
    Context empty = Context.of(new SimpleMatrix(0, 3), new SimpleMatrix(0, 2));
    SimpleMatrix query = normal("query", 1, 3);
    assertTrue(PRIORS.mult(CENTRES).isIdentical(concepts().attend(query, empty), 1e-15));
    assertTrue(new SimpleMatrix(1, 2).isIdentical(mixture().attend(query, empty), 0));
    assertTrue(PRIORS.isIdentical(concepts().posterior(empty), 1e-15));
    assertTrue(
        row(1, -2)
            .isIdentical(
                new TwoLevelAttention(1.5, NullToken.ofCount(0.4, row(1, -2))).attend(query, empty),
                1e-15));
    Attention directions = new DirectionAttention(new SumAttention(), row(0, 0), 2);
    assertTrue(row(0, 0).isIdentical(directions.attend(query, empty), 0));
    assertMessage(
        "context: expected at least 1 token because Nadaraya-Watson attention has no null token,"
            + " got 0",
        () -> new NadarayaWatsonAttention(1).attend(query, empty));
  }

  /** Two groups written out: kernel ridge with covariance t2 + b2 [same key] around m0. */
  @Test
  void twoLevelsConditionTheJointGaussian() {
    double t2 = 0.7;
    double b2 = 0.4;
    double s2 = 1.3;
    double m0 = -2;
    double[] groups = {0, 1, 0, 0, 2, 1};
    SimpleMatrix keys = new SimpleMatrix(6, 1, true, groups);
    SimpleMatrix values = normal("values", 6, 1);
    SimpleMatrix covariance = new SimpleMatrix(6, 6);
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        double same = groups[i] == groups[j] ? b2 : 0;
        covariance.set(i, j, t2 + same + (i == j ? s2 : 0));
      }
    }
    Attention heads = new TwoLevelAttention(s2 / b2, NullToken.ofCount(b2 / t2, row(m0)));
    for (double asked : new double[] {0, 1, 2, 3}) { // group 3 has no token
      SimpleMatrix cross = new SimpleMatrix(1, 6);
      for (int j = 0; j < 6; j++) {
        cross.set(0, j, t2 + (groups[j] == asked ? b2 : 0));
      }
      double exact = m0 + cross.mult(covariance.invert()).mult(values.minus(m0)).get(0);
      double out = heads.attend(row(asked), Context.of(keys, values)).get(0);
      assertEquals(exact, out, 1e-12);
    }
  }

  /** With P = (KᵀK + λ I)⁻¹ one preconditioned step is kernel ridge; without it it is not. */
  @Test
  void preconditioningMakesLinearAttentionExact() {
    Context context = Context.of(normal("keys", 8, 3), normal("values", 8, 2));
    SimpleMatrix gram = context.keys().transpose().mult(context.keys());
    SimpleMatrix ridge = SimpleMatrix.identity(3).scale(0.4);
    SimpleMatrix queries = normal("queries", 3, 3);
    SimpleMatrix exact = KernelRidgeAttention.of(new LinearKernel(), 0.4).attend(queries, context);
    Attention step = LinearAttention.preconditioned(gram.plus(ridge).invert());
    assertTrue(exact.isIdentical(step.attend(queries, context), 1e-12));
    SimpleMatrix plain = new LinearAttention(1.0 / 8).attend(queries, context);
    assertTrue(exact.minus(plain).elementMaxAbs() > 1e-2);
    assertThrows(
        ShapeMismatchException.class, () -> LinearAttention.preconditioned(new SimpleMatrix(2, 3)));
  }

  /** Orthonormal designs, KᵀK = c I: linear attention with η = 1 / (c + λ) is exact (M5). */
  @Test
  void linearAttentionIsExactOnOrthonormalDesigns() {
    SimpleMatrix keys = new SimpleMatrix(4, 2, true, 1.0, 0, 0, 1.0, -1.0, 0, 0, -1.0);
    Context context = Context.of(keys, normal("values", 4, 2));
    SimpleMatrix queries = normal("queries", 3, 2);
    SimpleMatrix exact = KernelRidgeAttention.of(new LinearKernel(), 0.7).attend(queries, context);
    Attention step = new LinearAttention(1 / (2 + 0.7));
    assertTrue(exact.isIdentical(step.attend(queries, context), 1e-10));
  }

  /** Both forms of the evidence against the density of the joint Gaussian written out. */
  @Test
  void evidenceIsTheJointDensity() {
    double ridge = 0.3;
    double s2 = 0.8;
    for (int n : new int[] {2, 7}) { // dual, then primal
      Context context = Context.of(normal("keys", n, 3), normal("values", n, 2));
      SimpleMatrix gram = context.keys().mult(context.keys().transpose());
      SimpleMatrix covariance = gram.divide(ridge).plus(SimpleMatrix.identity(n)).scale(s2);
      SimpleMatrix solved = covariance.invert().mult(context.values());
      double quadratic = context.values().elementMult(solved).elementSum();
      double expected =
          -0.5
              * (quadratic
                  + 2 * Math.log(covariance.determinant())
                  + 2 * n * Math.log(2 * Math.PI));
      assertEquals(
          expected,
          KernelRidgeAttention.of(new LinearKernel(), ridge).logEvidence(context, s2),
          1e-10);
    }
    Context biased = new Context(normal("k", 2, 3), normal("v", 2, 2), normal("b", 2, 1));
    assertThrows(IllegalArgumentException.class, () -> mixture().attend(row(0, 0, 0), biased));
  }

  /** A million tokens, one query, O(L) memory: every form that is linear in L answers. */
  @Test
  void aMillionTokens() {
    int n = 1_000_000;
    double[] ramp = new double[n];
    for (int l = 0; l < n; l++) {
      ramp[l] = (l % 1000) / 1000.0;
    }
    SimpleMatrix column = new SimpleMatrix(n, 1, true, ramp);
    Context context = Context.of(column, column);
    SimpleMatrix query = row(1);
    double mass = 0;
    double moment = 0;
    double kernelMass = 0;
    double kernelMoment = 0;
    for (int l = 0; l < 1000; l++) { // a thousand distinct tokens, a thousand times each
      double x = l / 1000.0;
      mass += Math.exp(x / 0.1);
      moment += x * Math.exp(x / 0.1);
      kernelMass += Math.exp(-(1 - x) * (1 - x) / 0.2);
      kernelMoment += x * Math.exp(-(1 - x) * (1 - x) / 0.2);
    }
    assertEquals(moment / mass, SoftmaxAttention.of(0.1).attend(query, context).get(0), 1e-12);
    assertEquals(
        kernelMoment / kernelMass,
        new NadarayaWatsonAttention(0.1).attend(query, context).get(0),
        1e-12);
    double sum = 499_500;
    double squares = 0;
    for (int l = 0; l < 1000; l++) {
      squares += l * l / 1000.0;
    }
    assertEquals(sum, new SumAttention().attend(query, context).get(0), 1e-4);
    assertEquals(
        squares / (squares + 2),
        KernelRidgeAttention.of(new LinearKernel(), 2).attend(query, context).get(0),
        1e-9);
  }

  /** Logits of 1e300 at a temperature of 1e-6: the largest wins, nothing overflows. */
  @Test
  void hugeLogitsAtATinyTemperature() {
    SimpleMatrix keys = new SimpleMatrix(3, 1, true, 1e150, 0.5e150, -1e150);
    SimpleMatrix values = new SimpleMatrix(3, 1, true, 3.0, 5.0, 7.0);
    assertEquals(
        3, SoftmaxAttention.of(1e-6).attend(row(1e150), Context.of(keys, values)).get(0), 0);
    assertEquals(
        5, new NadarayaWatsonAttention(1e-6).attend(row(0.6e150), Context.of(keys, values)).get(0));
  }

  @Test
  void refusesBadParametersByName() {
    assertMessage(
        "bandwidth: expected finite and > 0, got 0.0", () -> new NadarayaWatsonAttention(0));
    assertMessage(
        "within: expected finite and > 0, got -1.0",
        () -> new TwoLevelAttention(-1, new NullToken(0, row(0))));
    assertMessage(
        "concentration: expected finite and >= 0, got NaN",
        () -> new DirectionAttention(new SumAttention(), row(0, 0), Double.NaN));
    assertMessage(
        "noiseVariance: expected finite and > 0, got 0.0",
        () ->
            new EvidenceMixtureAttention(
                List.of(KernelRidgeAttention.of(new LinearKernel(), 1)), row(1), 0));
    assertMessage(
        "evidence: expected shape (2, 3), got (1, 3)",
        () ->
            ConceptAttention.of(PRIORS, context -> new SimpleMatrix(1, 3), query -> CENTRES)
                .attend(row(0), Context.of(new SimpleMatrix(2, 1), new SimpleMatrix(2, 1))));
  }

  private static void assertMessage(String expected, Executable call) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static SimpleMatrix row(double... numbers) {
    return new SimpleMatrix(1, numbers.length, true, numbers);
  }

  private static SimpleMatrix normal(String name, int rows, int columns) {
    RandomGenerator rng = Seed.of(41).child(name).generator();
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }
}
