package org.definetti.latent.directional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models of directions against quadrature over the circle and the sphere.
 *
 * <p>The oracle multiplies token likelihoods {@code exp(κ z·x) / ∫ exp(κ z·y) dy} at the nodes of a
 * product rule, equal angles times Gauss-Legendre (Commons Math), both integrals by that rule. It
 * uses no Bessel function, no ratio, and no sum of tokens.
 */
class DirectionalOracleTest {

  private static final double IDENTITY = 1e-10;
  private static final int ANGLES = 256;
  private static final int HEIGHTS = 96;

  /** Nodes of the unit circle or sphere with weights that add to its area. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Nodes(double[][] points, double[] weights) {

    static Nodes of(int d) {
      int heights = d == 2 ? 1 : HEIGHTS;
      double[][] points = new double[ANGLES * heights][];
      double[] weights = new double[points.length];
      GaussIntegrator rule = new GaussIntegratorFactory().legendre(HEIGHTS);
      for (int i = 0; i < points.length; i++) {
        double angle = 2 * Math.PI * (i % ANGLES) / ANGLES;
        double height = d == 2 ? 0 : rule.getPoint(i / ANGLES);
        double radius = Math.sqrt(1 - height * height);
        weights[i] = 2 * Math.PI / ANGLES * (d == 2 ? 1 : rule.getWeight(i / ANGLES));
        points[i] =
            d == 2
                ? new double[] {Math.cos(angle), Math.sin(angle)}
                : new double[] {radius * Math.cos(angle), radius * Math.sin(angle), height};
      }
      return new Nodes(points, weights);
    }

    double integral(ToDoubleFunction<double[]> f) {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * f.applyAsDouble(points[i]);
      }
      return sum;
    }
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"2, 0.4, 0", "2, 3, 1", "2, 6, 5", "3, 0.7, 0", "3, 2, 4", "3, 5, 7"})
  void meansByQuadrature(int d, double kappa, int length) {
    SimpleMatrix parameter = new SimpleMatrix(1, d).plus(length % 2 == 0 ? 0 : 0.6);
    double[] prior = parameter.getDDRM().data;
    VonMisesFisherMean model = VonMisesFisherMean.of(d, kappa).withPrior(parameter);
    RandomGenerator rng = Seed.of(51).child(length).generator();
    Tokens tokens = model.sample(length, rng).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    Nodes nodes = Nodes.of(d);
    double[] pole = nodes.points()[0];
    double each = nodes.integral(y -> Math.exp(kappa * dot(pole, y)));
    double priorMass = nodes.integral(z -> Math.exp(dot(prior, z)));
    ToDoubleFunction<double[]> joint =
        z -> {
          double product = Math.exp(dot(prior, z)) / priorMass;
          for (int l = 0; l < length; l++) {
            product *= Math.exp(kappa * dot(z, tokens.get(l).coordinates())) / each;
          }
          return product;
        };
    double evidence = nodes.integral(joint);
    assertEquals(Math.log(evidence), belief.logEvidence(), IDENTITY);
    double[] mean = new double[d];
    double[][] second = new double[d][d];
    for (int i = 0; i < d; i++) {
      int row = i;
      mean[i] = nodes.integral(z -> z[row] * joint.applyAsDouble(z)) / evidence;
      assertEquals(mean[i], belief.mean().get(0, i), IDENTITY);
      for (int j = 0; j < d; j++) {
        int column = j;
        second[i][j] = nodes.integral(z -> z[row] * z[column] * joint.applyAsDouble(z)) / evidence;
      }
    }
    double[] other = nodes.points()[7];
    double density = Math.log(joint.applyAsDouble(other) / evidence);
    assertEquals(density, belief.logDensity(new SimpleMatrix(1, d, true, other)), IDENTITY);
    double entropy =
        nodes.integral(
            z -> {
              double p = joint.applyAsDouble(z) / evidence;
              return -p * Math.log(p);
            });
    assertEquals(entropy, belief.entropyNats(), IDENTITY);
    double kl =
        nodes.integral(
            z -> {
              double p = joint.applyAsDouble(z) / evidence;
              return p * (Math.log(p) - dot(prior, z) + Math.log(priorMass));
            });
    assertEquals(kl, belief.klNats(model.prior()), IDENTITY);

    // The predictive by a second integral over x.
    Predictive predictive = belief.predictive(model.tokenSpace().emptyQuery());
    ToDoubleFunction<double[]> next =
        x -> nodes.integral(z -> joint.applyAsDouble(z) * Math.exp(kappa * dot(z, x))) / each;
    assertEquals(
        Math.log(next.applyAsDouble(other) / evidence), predictive.logProbability(other), IDENTITY);
    double along = nodes.integral(y -> Math.exp(kappa * dot(pole, y)) * dot(pole, y)) / each;
    double alongTwice =
        nodes.integral(y -> Math.exp(kappa * dot(pole, y)) * dot(pole, y) * dot(pole, y)) / each;
    for (int i = 0; i < d; i++) {
      assertEquals(along * mean[i], predictive.mean().get(0, i), IDENTITY);
      for (int j = 0; j < d; j++) {
        assertEquals(second[i][j] - mean[i] * mean[j], belief.covariance().get(i, j), IDENTITY);
        // E[xxᵀ | z] = a zzᵀ + b (I - zzᵀ), a = E[(z·x)²], b = (1 - a) / (d - 1)
        double across = (1 - alongTwice) / (d - 1);
        double product = (alongTwice - across) * second[i][j] + (i == j ? across : 0);
        double expected = product - along * along * mean[i] * mean[j];
        assertEquals(expected, predictive.covariance().get(i, j), IDENTITY);
      }
    }
  }

  /** In more dimensions: integrals over the height w = z·μ, of weight (1 - w²)^((d-3)/2). */
  @ParameterizedTest
  @ValueSource(ints = {5, 7, 11})
  void meansInManyDimensions(int d) {
    double kappa = 2.5;
    VonMisesFisherMean model = VonMisesFisherMean.of(d, kappa);
    Tokens tokens = model.sample(6, Seed.of(52).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    double[] sum = new double[d];
    for (int l = 0; l < tokens.length(); l++) {
      for (int i = 0; i < d; i++) {
        sum[i] += kappa * tokens.at(l, i);
      }
    }
    double r = Math.sqrt(dot(sum, sum));
    double uniform = heights(d, 0, 0);
    double mass = heights(d, r, 0);
    double each = heights(d, kappa, 0);
    double area = 4 * Math.PI; // of d = 3, then ω_{d+2} = 2π/d · ω_d
    for (int e = 3; e < d; e += 2) {
      area *= 2 * Math.PI / e;
    }
    double expected = Math.log(mass / uniform) - 6 * Math.log(each / uniform * area);
    assertEquals(expected, belief.logEvidence(), IDENTITY);
    double length = heights(d, r, 1) / mass;
    double square = heights(d, r, 2) / mass;
    for (int i = 0; i < d; i++) {
      double unit = sum[i] / r;
      assertEquals(length * unit, belief.mean().get(0, i), IDENTITY);
      double across = (1 - square) / (d - 1);
      double variance = (square - length * length) * unit * unit + across * (1 - unit * unit);
      assertEquals(variance, belief.covariance().get(i, i), IDENTITY);
    }
    double entropy = Math.log(mass / uniform) + Math.log(area) - r * length;
    assertEquals(entropy, belief.entropyNats(), IDENTITY);
  }

  private static double heights(int d, double r, int power) {
    GaussIntegrator rule = new GaussIntegratorFactory().legendre(80, -1, 1);
    // The weight is a polynomial for odd d: the rule is exact but for the exponential.
    return rule.integrate(
        w -> Math.pow(w, power) * Math.exp(r * w) * Math.pow(1 - w * w, (d - 3) / 2.0));
  }

  @ParameterizedTest
  @CsvSource({"0.8, 0", "2, 1", "4, 6"})
  void rotationsOfThePlaneByQuadrature(double kappa, int length) {
    RotationRegression model = RotationRegression.of(2, kappa);
    Tokens tokens = model.sample(length, Seed.of(53).child(length).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    Nodes circle = Nodes.of(2);
    double each = circle.integral(y -> Math.exp(kappa * y[0]));
    ToDoubleFunction<double[]> joint =
        z -> {
          double product = 1 / (2 * Math.PI);
          for (int l = 0; l < length; l++) {
            product *= Math.exp(kappa * turned(z, tokens, l)) / each;
          }
          return product;
        };
    double evidence = circle.integral(joint);
    assertEquals(Math.log(evidence), belief.logEvidence(), IDENTITY);
    double c = circle.integral(z -> z[0] * joint.applyAsDouble(z)) / evidence;
    double s = circle.integral(z -> z[1] * joint.applyAsDouble(z)) / evidence;
    SimpleMatrix expected = new SimpleMatrix(2, 2, true, c, -s, s, c);
    assertTrue(expected.isIdentical(belief.mean(), IDENTITY));
    double cc = circle.integral(z -> z[0] * z[0] * joint.applyAsDouble(z)) / evidence - c * c;
    double cs = circle.integral(z -> z[0] * z[1] * joint.applyAsDouble(z)) / evidence - c * s;
    assertEquals(cc, belief.covariance().get(0, 0), IDENTITY);
    assertEquals(-cs, belief.covariance().get(0, 1), IDENTITY);
    assertEquals(cs, belief.covariance().get(2, 3), IDENTITY);
    SimpleMatrix query = new SimpleMatrix(1, 2, true, 0.6, -0.8);
    Predictive predictive = belief.predictive(query);
    double[] value = {-0.28, 0.96};
    double next =
        circle.integral(
            z -> {
              double zk0 = z[0] * 0.6 + z[1] * 0.8;
              double zk1 = z[1] * 0.6 - z[0] * 0.8;
              double dot = zk0 * value[0] + zk1 * value[1];
              return joint.applyAsDouble(z) * Math.exp(kappa * dot) / each;
            });
    assertEquals(Math.log(next / evidence), predictive.logProbability(value), IDENTITY);
    double shrink = circle.integral(y -> y[0] * Math.exp(kappa * y[0])) / each;
    assertEquals(shrink * (c * 0.6 + s * 0.8), predictive.mean().get(0, 0), IDENTITY);
    assertEquals(shrink * (s * 0.6 - c * 0.8), predictive.mean().get(0, 1), IDENTITY);
  }

  /** v · Rot(θ) k with (cos θ, sin θ) = z. */
  private static double turned(double[] z, Tokens tokens, int l) {
    double k0 = tokens.at(l, 0);
    double k1 = tokens.at(l, 1);
    return tokens.at(l, 2) * (z[0] * k0 - z[1] * k1) + tokens.at(l, 3) * (z[1] * k0 + z[0] * k1);
  }

  /** All maps one by one, with the closed normaliser of three dimensions. */
  @Test
  void rotationsOfAFiniteSetByEnumeration() {
    double kappa = 1.6;
    FiniteRotationRegression model = FiniteRotationRegression.ofSignedPermutations(3, kappa);
    assertEquals(48, model.latents().size());
    Tokens tokens = model.sample(5, Seed.of(54).generator()).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    double each = 4 * Math.PI * Math.sinh(kappa) / kappa;
    double evidence = 0;
    SimpleMatrix sum = new SimpleMatrix(3, 3);
    for (SimpleMatrix z : model.latents()) {
      double product = 1.0 / 48;
      for (int l = 0; l < tokens.length(); l++) {
        double dot = 0;
        for (int i = 0; i < 3; i++) {
          for (int j = 0; j < 3; j++) {
            dot += tokens.at(l, 3 + i) * z.get(i, j) * tokens.at(l, j);
          }
        }
        product *= Math.exp(kappa * dot) / each;
      }
      evidence += product;
      sum = sum.plus(z.scale(product));
    }
    SimpleMatrix mean = sum.divide(evidence);
    assertEquals(Math.log(evidence), belief.logEvidence(), IDENTITY);
    assertTrue(mean.isIdentical(belief.mean(), IDENTITY));
    SimpleMatrix query = new SimpleMatrix(1, 3, true, 2.0 / 3, -1.0 / 3, 2.0 / 3);
    double shrink = 1 / Math.tanh(kappa) - 1 / kappa;
    SimpleMatrix expected = query.mult(mean.transpose()).scale(shrink);
    assertTrue(expected.isIdentical(belief.predictive(query).mean(), IDENTITY));
  }

  /**
   * Rotations of the plane with the Haar prior are the limit of K equal angles: equal for K = 90.
   */
  @Test
  void manyAnglesAreTheHaarPrior() {
    double kappa = 1.2;
    List<SimpleMatrix> maps =
        IntStream.range(0, 90)
            .mapToDouble(i -> 2 * Math.PI * i / 90)
            .mapToObj(t -> Turn.matrix(Math.cos(t), Math.sin(t)))
            .toList();
    FiniteRotationRegression finite = FiniteRotationRegression.of(maps, kappa);
    RotationRegression haar = RotationRegression.of(2, kappa);
    Tokens tokens = haar.sample(8, Seed.of(55).generator()).tokens();
    Belief<SimpleMatrix> ofFinite = finite.prior().observe(tokens);
    Belief<SimpleMatrix> ofHaar = haar.prior().observe(tokens);
    assertTrue(ofFinite.mean().isIdentical(ofHaar.mean(), IDENTITY));
    assertTrue(ofFinite.covariance().isIdentical(ofHaar.covariance(), IDENTITY));
    assertEquals(ofHaar.logEvidence(), ofFinite.logEvidence(), IDENTITY);
  }

  /** The posterior turns with the tokens, for turns and reflections (BS1). */
  @Test
  void theBeliefIsEquivariant() {
    VonMisesFisherMean model = VonMisesFisherMean.of(3, 2);
    Tokens tokens = model.sample(5, Seed.of(56).generator()).tokens();
    SimpleMatrix q = FiniteRotationRegression.ofSignedPermutations(3, 1).latents().get(19);
    double[] turned = tokens.values().mult(q).getDDRM().data;
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    Belief<SimpleMatrix> moved = model.prior().observe(Tokens.ofRows(model.tokenSpace(), turned));
    assertTrue(belief.mean().mult(q).isIdentical(moved.mean(), 1e-15));
    assertTrue(
        q.transpose().mult(belief.covariance()).mult(q).isIdentical(moved.covariance(), 1e-15));
    assertEquals(belief.logEvidence(), moved.logEvidence(), 1e-13);
  }

  /**
   * A million tokens: nothing overflows, the belief is that of merged halves, and it agrees with
   * Laplace's series of the narrow posterior to third order in 1/r.
   */
  @ParameterizedTest
  @CsvSource({"2, 0.5", "3, 40", "6, 1000"})
  void aMillionTokens(int d, double kappa) {
    int length = 1_000_000;
    VonMisesFisherMean model = VonMisesFisherMean.of(d, kappa);
    RandomGenerator rng = Seed.of(57).child(d).generator();
    Tokens tokens = model.sample(length, rng).tokens();
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    Belief<SimpleMatrix> halves =
        model
            .prior()
            .observe(tokens.prefix(length / 3))
            .merge(model.prior().observe(tokens.slice(length / 3, length)));
    assertTrue(belief.mean().isIdentical(halves.mean(), 1e-15));
    assertEquals(belief.logEvidence(), halves.logEvidence(), 1e-9 * kappa);
    double r = kappa * tokens.values().transpose().mult(ones(length)).normF();
    double p = (d - 1) / 2.0;
    double shortfall = p / r - p * (p - 1) / (2 * r * r);
    assertEquals(1 - shortfall, belief.mean().normF(), 1e-15 + Math.pow(d / r, 3));
    double variance = (1 - shortfall) / r * (d - 1) + p / (r * r);
    assertEquals(1, belief.covariance().trace() / variance, 1e-9);
    double entropy = p * (1 + Math.log(2 * Math.PI / r)); // a normal of d - 1 dimensions
    assertEquals(entropy, belief.entropyNats(), d * d / r);
    assertTrue(Double.isFinite(belief.logEvidence()));
    double[] token = tokens.get(0).coordinates();
    double before = model.prior().observe(tokens.slice(1, length)).logEvidence();
    double next =
        model
            .prior()
            .observe(tokens.slice(1, length))
            .predictive(model.tokenSpace().emptyQuery())
            .logProbability(token);
    assertEquals(belief.logEvidence() - before, next, 1e-9 * kappa);
  }

  private static SimpleMatrix ones(int length) {
    return new SimpleMatrix(length, 1).plus(1);
  }

  @Test
  void extremesAreRightOrRefusedByName() {
    VonMisesFisherMean sharp = VonMisesFisherMean.of(3, 1e12);
    Token north = Token.real(0, 0, 1);
    Belief<SimpleMatrix> belief = sharp.prior().observe(Tokens.of(sharp.tokenSpace(), north));
    assertEquals(1, belief.mean().get(0, 2), 1e-11);
    assertEquals(1e-12, belief.covariance().get(0, 0), 1e-22);
    assertEquals(Math.log(2 * Math.PI) + 1 + Math.log(1e-12), belief.entropyNats(), 1e-9);
    VonMisesFisherMean flat = VonMisesFisherMean.of(3, 1e-12);
    belief = flat.prior().observe(Tokens.of(flat.tokenSpace(), north));
    assertEquals(1e-12 / 3, belief.mean().get(0, 2), 1e-26);
    assertEquals(-Math.log(4 * Math.PI), belief.logEvidence(), 1e-14);
    // Opposite tokens cancel: the belief is uniform again.
    Tokens both = Tokens.of(sharp.tokenSpace(), north, Token.real(0, 0, -1));
    belief = sharp.prior().observe(both);
    assertEquals(0, belief.mean().normF());
    assertEquals(1.0 / 3, belief.covariance().get(1, 1), 1e-15);
    assertEquals(Math.log(4 * Math.PI), belief.entropyNats(), 1e-14);

    assertRefused(
        "concentration: expected > 0 and <= 1.0E12, got 1.0E13",
        () -> VonMisesFisherMean.of(3, 1e13));
    assertRefused(
        "concentration: expected > 0 and <= 1.0E12, got NaN",
        () -> VonMisesFisherMean.of(3, Double.NaN));
    assertRefused("dimension: expected >= 2, got 1", () -> VonMisesFisherMean.of(1, 1));
    Tokens off = Tokens.of(sharp.tokenSpace(), north, Token.real(0, 3, 4));
    assertRefused(
        "tokens[1]: expected a unit vector, got one of norm 5.0", () -> sharp.prior().observe(off));
    assertRefused(
        "dimension: expected 2, got 3: beyond the plane the posterior under the Haar prior is a"
            + " matrix-Fisher law, whose normaliser has no closed form; FiniteRotationRegression"
            + " takes finitely many rotations of any dimension",
        () -> RotationRegression.of(3, 1));
    SimpleMatrix shear = new SimpleMatrix(2, 2, true, 1.0, 1.0, 0.0, 1.0);
    assertRefused(
        "maps[0]: expected an orthogonal matrix, got one with |z zᵀ - I| = 1.0",
        () -> FiniteRotationRegression.of(List.of(shear), 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> RotationRegression.of(2, 1).prior().logDensity(shear));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  /** The control: quadrature notices a concentration that is one percent off. */
  @Test
  void aWrongConcentrationIsSeen() {
    LatentModel<SimpleMatrix> wrong = VonMisesFisherMean.of(2, 2.02);
    double[] x = new double[2];
    Sphere.fill(x, 0, 2, Seed.of(58).generator());
    Nodes circle = Nodes.of(2);
    double each = circle.integral(y -> Math.exp(2 * y[0]));
    double mean = circle.integral(y -> y[0] * Math.exp(2 * y[0])) / each;
    Tokens token = Tokens.of(wrong.tokenSpace(), Token.real(x));
    double answer = wrong.prior().observe(token).mean().normF();
    assertTrue(Math.abs(answer - mean) > 1e-3);
  }
}
