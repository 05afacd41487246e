package org.definetti.latent.conjugate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.JointGaussian;
import org.definetti.latent.NotPositiveDefiniteException;
import org.definetti.latent.Predictive;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@link MultivariateGaussianMean} against conditioning of the joint covariance of latent, new
 * token and all tokens by a general solver, against the closed form of MS7, and at its extremes.
 */
class MultivariateGaussianOracleTest {

  private static final double IDENTITY = 1e-10;
  private static final int D = 3;

  private static SimpleMatrix normals(int rows, int columns, long seed) {
    SimpleMatrix matrix = new SimpleMatrix(rows, columns);
    Normal.fill(matrix.getDDRM().data, 0, matrix.getNumElements(), Seed.of(seed).generator());
    return matrix;
  }

  private static MultivariateGaussianMean model(int rank) {
    SimpleMatrix knowledge = normals(rank, D, 31);
    SimpleMatrix root = normals(D, D, 32);
    SimpleMatrix noise = root.mult(root.transpose()).plus(SimpleMatrix.identity(D).scale(0.3));
    return MultivariateGaussianMean.of(knowledge.transpose().mult(knowledge), noise)
        .withPriorMean(normals(1, D, 33));
  }

  // (z, new token, tokens), each of D coordinates
  private static JointGaussian joint(MultivariateGaussianMean model, int length) {
    int n = D * (length + 2);
    SimpleMatrix mean = new SimpleMatrix(n, 1);
    SimpleMatrix covariance = new SimpleMatrix(n, n);
    for (int i = 0; i < n; i++) {
      mean.set(i, 0, model.priorMean().get(0, i % D));
      for (int j = 0; j < n; j++) {
        boolean sameToken = i / D == j / D && i >= D;
        double noise = sameToken ? model.noiseCovariance().get(i % D, j % D) : 0;
        covariance.set(i, j, model.priorCovariance().get(i % D, j % D) + noise);
      }
    }
    return new JointGaussian(mean, covariance);
  }

  private static void assertMatrix(SimpleMatrix expected, SimpleMatrix actual, double tolerance) {
    double gap = expected.minus(actual).elementMaxAbs();
    assertTrue(gap <= tolerance * Math.max(1, expected.elementMaxAbs()), "off by " + gap);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void posteriorPredictiveAndEvidence(int rank) {
    MultivariateGaussianMean model = model(rank); // rank 5 is a full one of five rows
    for (int length : new int[] {1, 2, 7, 20}) {
      Tokens tokens = model.sample(length, Seed.of(1).child(length).generator()).tokens();
      double[] observed = tokens.values().getDDRM().data;
      JointGaussian joint = joint(model, length);
      JointGaussian posterior = joint.first(2 * D, observed);
      Belief<SimpleMatrix> belief = model.prior().observe(tokens);
      Predictive predictive = belief.predictive(model.tokenSpace().emptyQuery());
      SimpleMatrix mean = posterior.mean().transpose();
      SimpleMatrix covariance = posterior.covariance();
      assertMatrix(mean.extractMatrix(0, 1, 0, D), belief.mean(), IDENTITY);
      assertMatrix(covariance.extractMatrix(0, D, 0, D), belief.covariance(), IDENTITY);
      assertMatrix(mean.extractMatrix(0, 1, D, 2 * D), predictive.mean(), IDENTITY);
      SimpleMatrix ofToken = covariance.extractMatrix(D, 2 * D, D, 2 * D);
      assertMatrix(ofToken, predictive.covariance(), IDENTITY);
      double evidence = joint.last(2 * D).logDensity(observed);
      assertEquals(evidence, belief.logEvidence(), IDENTITY * Math.abs(evidence));
      double[] value = normals(1, D, length).getDDRM().data;
      JointGaussian token =
          new JointGaussian(posterior.mean().extractMatrix(D, 2 * D, 0, 1), ofToken);
      double expected = token.logDensity(value);
      assertEquals(expected, predictive.logProbability(value), IDENTITY * Math.abs(expected));
    }
  }

  /** MS7: x̄ Zᵀ (Z Zᵀ + s2/n I)⁻¹ Z for S0 = Zᵀ Z and isotropic noise, fewer rows than columns. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void knowledgeRowsAsPriorCovariance(int rows) {
    double s2 = 0.7;
    SimpleMatrix z = normals(rows, 4, 34);
    MultivariateGaussianMean model =
        MultivariateGaussianMean.of(z.transpose().mult(z), SimpleMatrix.identity(4).scale(s2));
    for (int n : new int[] {1, 6, 50}) {
      Tokens tokens = model.sample(n, Seed.of(2).child(n).generator()).tokens();
      SimpleMatrix average = new SimpleMatrix(1, 4);
      for (int l = 0; l < n; l++) {
        average = average.plus(tokens.values().extractVector(true, l).divide(n));
      }
      SimpleMatrix gram = z.mult(z.transpose()).plus(SimpleMatrix.identity(rows).scale(s2 / n));
      SimpleMatrix expected = average.mult(z.transpose()).mult(gram.invert()).mult(z);
      assertMatrix(expected, model.prior().observe(tokens).mean(), IDENTITY);
      // the control: knowledge off by a tenth is far outside the tolerance
      SimpleMatrix other = z.scale(1.1);
      MultivariateGaussianMean wrong =
          MultivariateGaussianMean.of(
              other.transpose().mult(other), SimpleMatrix.identity(4).scale(s2));
      SimpleMatrix off = wrong.prior().observe(tokens).mean();
      assertThrows(AssertionError.class, () -> assertMatrix(expected, off, 1e-5));
    }
  }

  /** With isotropic covariances it is the {@link GaussianMean}, in every answer. */
  @Test
  void isotropicCovariancesAreTheGaussianMean() {
    GaussianMean plain = GaussianMean.of(2, 0.7, 1.9);
    MultivariateGaussianMean full =
        MultivariateGaussianMean.of(
            SimpleMatrix.identity(2).scale(0.7), SimpleMatrix.identity(2).scale(1.9));
    Tokens tokens = plain.sample(9, Seed.of(3).generator()).tokens();
    Belief<SimpleMatrix> expected = plain.prior().observe(tokens);
    Belief<SimpleMatrix> actual = full.prior().observe(tokens);
    SimpleMatrix z = normals(1, 2, 35);
    assertMatrix(expected.mean(), actual.mean(), 1e-14);
    assertMatrix(expected.covariance(), actual.covariance(), 1e-14);
    assertEquals(expected.logEvidence(), actual.logEvidence(), 1e-12);
    assertEquals(expected.logDensity(z), actual.logDensity(z), 1e-12);
    assertEquals(expected.entropyNats(), actual.entropyNats(), 1e-13);
    assertEquals(expected.klNats(plain.prior()), actual.klNats(full.prior()), 1e-12);
  }

  /** The divergence between beliefs of two models, by the textbook formula with plain inverses. */
  @Test
  void divergenceBetweenModels() {
    MultivariateGaussianMean one = model(3);
    MultivariateGaussianMean two = model(5).withPriorMean(normals(1, D, 36));
    Belief<SimpleMatrix> p = one.prior().observe(one.sample(4, Seed.of(4).generator()).tokens());
    Belief<SimpleMatrix> q = two.prior().observe(two.sample(2, Seed.of(5).generator()).tokens());
    SimpleMatrix inverse = q.covariance().invert();
    SimpleMatrix gap = p.mean().minus(q.mean());
    double expected =
        0.5
            * (inverse.mult(p.covariance()).trace()
                - D
                + gap.mult(inverse).mult(gap.transpose()).get(0)
                + Math.log(q.covariance().determinant() / p.covariance().determinant()));
    assertEquals(expected, p.klNats(q), IDENTITY * Math.max(1, expected));
  }

  @Test
  void aSingularPriorHasNoDensityButKeepsItsDivergence() {
    MultivariateGaussianMean model = model(1);
    Belief<SimpleMatrix> belief =
        model.prior().observe(model.sample(3, Seed.of(6).generator()).tokens());
    assertThrows(UnsupportedOperationException.class, () -> belief.logDensity(belief.mean()));
    assertThrows(UnsupportedOperationException.class, belief::entropyNats);
    assertThrows(UnsupportedOperationException.class, () -> belief.klNats(model(3).prior()));
    assertTrue(belief.klNats(model.prior()) > 0);
  }

  /** No knowledge at all: z is known, and tokens say nothing new. */
  @Test
  void aPriorOfNoVariance() {
    MultivariateGaussianMean model =
        MultivariateGaussianMean.of(new SimpleMatrix(2, 2), SimpleMatrix.identity(2));
    Tokens tokens = Tokens.of(model.tokenSpace(), Token.real(3, 4), Token.real(1, 1));
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    assertEquals(0, belief.mean().elementMaxAbs());
    assertEquals(-2 * Math.log(2 * Math.PI) - 0.5 * 27, belief.logEvidence(), 1e-13);
  }

  /** Independent directions of variances 1e-12 and 1e12, for prior and noise: each by hand. */
  @Test
  void extremeVariances() {
    double[] scales = {1e-12, 1, 1e12};
    for (double a : scales) {
      for (double b : scales) {
        for (double s : scales) {
          MultivariateGaussianMean model =
              MultivariateGaussianMean.of(SimpleMatrix.diag(a, b), SimpleMatrix.diag(s, 1.0));
          Tokens tokens = Tokens.of(model.tokenSpace(), Token.real(1, 2), Token.real(3, 2));
          Belief<SimpleMatrix> belief = model.prior().observe(tokens);
          double first = 4 / (2 + s / a);
          double second = 4 / (2 + 1 / b);
          assertEquals(first, belief.mean().get(0), 1e-14 * first);
          assertEquals(second, belief.mean().get(1), 1e-14 * second);
          double variance = s / (2 + s / a);
          assertEquals(variance, belief.covariance().get(0, 0), 1e-14 * variance);
          double one = GaussianMean.of(1, a, s).prior().observe(column(tokens, 0)).logEvidence();
          double two = GaussianMean.of(1, b, 1).prior().observe(column(tokens, 1)).logEvidence();
          assertEquals(one + two, belief.logEvidence(), 1e-12 * (Math.abs(one) + Math.abs(two)));
        }
      }
    }
  }

  private static Tokens column(Tokens tokens, int column) {
    double[] rows = tokens.values().extractVector(false, column).getDDRM().data;
    return Tokens.ofRows(new org.definetti.latent.RealTokens(1), rows);
  }

  /** A million tokens at 1e6 with variance 1: precise however they come. */
  @Test
  void aMillionTokensFarFromZero() {
    int length = 1_000_000;
    MultivariateGaussianMean model =
        MultivariateGaussianMean.of(
                SimpleMatrix.diag(2.0, 1.0), new SimpleMatrix(2, 2, true, 1.0, 0.5, 0.5, 1.0))
            .withPriorMean(new SimpleMatrix(1, 2, true, 1e6, 1e6));
    RandomGenerator rng = Seed.of(7).generator();
    double[] rows = new double[2 * length];
    for (int l = 0; l < length; l++) { // multiples of 2^-20: sums below are exact
      rows[2 * l] = 1e6 + Math.rint(Normal.draw(rng) * 0x1p20) * 0x1p-20;
      rows[2 * l + 1] = 1e6 + Math.rint(Normal.draw(rng) * 0x1p20) * 0x1p-20;
    }
    Belief<SimpleMatrix> whole = model.prior().observe(Tokens.ofRows(model.tokenSpace(), rows));
    // The same tokens and prior, moved to zero, where nothing is lost.
    double[] moved = rows.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] -= 1e6;
    }
    MultivariateGaussianMean atZero = model.withPriorMean(new SimpleMatrix(1, 2));
    Belief<SimpleMatrix> expected =
        atZero.prior().observe(Tokens.ofRows(model.tokenSpace(), moved));
    assertEquals(expected.logEvidence(), whole.logEvidence(), 1e-12 * -expected.logEvidence());
    assertEquals(expected.mean().get(0), whole.mean().get(0) - 1e6, 2e-10); // an ulp of 1e6
    Belief<SimpleMatrix> pieces = model.prior();
    for (int piece = 0; piece < 1000; piece++) {
      pieces =
          pieces.merge(
              model
                  .prior()
                  .observe(
                      Tokens.ofRows(
                          model.tokenSpace(),
                          java.util.Arrays.copyOfRange(rows, 2000 * piece, 2000 * (piece + 1)))));
    }
    assertEquals(length, pieces.count());
    assertEquals(expected.logEvidence(), pieces.logEvidence(), 1e-12 * -expected.logEvidence());
  }

  @Test
  void refusesWhatDoesNotFitByName() {
    SimpleMatrix two = SimpleMatrix.identity(2);
    SimpleMatrix indefinite = new SimpleMatrix(2, 2, true, 1.0, 2.0, 2.0, 1.0);
    assertThrows(
        NotPositiveDefiniteException.class, () -> MultivariateGaussianMean.of(two, indefinite));
    Exception prior =
        assertThrows(
            IllegalArgumentException.class, () -> MultivariateGaussianMean.of(indefinite, two));
    assertTrue(
        prior.getMessage().startsWith("priorCovariance: expected a positive semi-definite matrix"));
    SimpleMatrix skew = new SimpleMatrix(2, 2, true, 1.0, 0.2, 0.1, 1.0);
    Exception asymmetric =
        assertThrows(IllegalArgumentException.class, () -> MultivariateGaussianMean.of(skew, two));
    assertTrue(asymmetric.getMessage().startsWith("priorCovariance: expected a symmetric matrix"));
    assertThrows(
        ShapeMismatchException.class,
        () -> MultivariateGaussianMean.of(SimpleMatrix.identity(3), two));
    assertThrows(
        IllegalArgumentException.class,
        () -> MultivariateGaussianMean.of(two.scale(Double.NaN), two));
    assertThrows(
        NotPositiveDefiniteException.class,
        () ->
            MultivariateGaussianMean.of(
                two, new SimpleMatrix(2, 2, true, 1.0, 1.0, 1.0, 1.0))); // singular noise
  }

  @Test
  void isBuiltAgainFromItsDescription() {
    MultivariateGaussianMean model = model(2);
    assertEquals(model, MultivariateGaussianMean.from(model.description()));
    assertEquals(model.hashCode(), model(2).hashCode());
    Exception unknown =
        assertThrows(
            IllegalArgumentException.class,
            () -> MultivariateGaussianMean.from(model.description().with("colour", 1)));
    assertTrue(unknown.getMessage().contains("colour"));
  }
}
