package org.definetti.latent.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.kernel.ConstantKernel;
import org.definetti.kernel.Kernel;
import org.definetti.kernel.LinearKernel;
import org.definetti.kernel.MaternKernel;
import org.definetti.kernel.PeriodicKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.kernel.ScaledKernel;
import org.definetti.kernel.SumKernel;
import org.definetti.latent.Belief;
import org.definetti.latent.JointGaussian;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.NotPositiveDefiniteException;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@link GaussianProcess} against conditioning of the joint covariance of values by a general
 * solver, against regression with the same finite features, and its drawn functions against the
 * covariance they must have.
 */
class GaussianProcessOracleTest {

  private static final double IDENTITY = 1e-10;
  private static final double T2 = 1.5;
  private static final double S2 = 0.25;

  private static SimpleMatrix normals(int rows, int columns, long seed) {
    SimpleMatrix matrix = new SimpleMatrix(rows, columns);
    Normal.fill(matrix.getDDRM().data, 0, matrix.getNumElements(), Seed.of(seed).generator());
    return matrix;
  }

  private static final List<Kernel> KERNELS =
      List.of(
          new RbfKernel(0.5),
          new MaternKernel(MaternKernel.Smoothness.HALF, 0.7),
          new SumKernel(new ConstantKernel(), new PeriodicKernel(2, 1)));

  // κ by its formula, written out once more
  private static double kernel(int which, SimpleMatrix a, int i, SimpleMatrix b, int j) {
    double square = 0;
    double sines = 0;
    for (int m = 0; m < a.getNumCols(); m++) {
      double gap = a.get(i, m) - b.get(j, m);
      square += gap * gap;
      sines += Math.pow(Math.sin(Math.PI * gap / 2), 2);
    }
    if (which == 0) {
      return Math.exp(-square);
    }
    return which == 1 ? Math.exp(-Math.sqrt(square) / 0.7) : 1 + Math.exp(-2 * sines);
  }

  // (function at the queries, values at the keys) of one output
  private static JointGaussian joint(int which, SimpleMatrix queries, SimpleMatrix keys) {
    SimpleMatrix all = queries.concatRows(keys);
    int n = all.getNumRows();
    SimpleMatrix covariance = new SimpleMatrix(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double noise = i == j && i >= queries.getNumRows() ? S2 : 0;
        covariance.set(i, j, T2 * kernel(which, all, i, all, j) + noise);
      }
    }
    return new JointGaussian(new SimpleMatrix(n, 1), covariance);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9, 70, 150})
  void posteriorPredictiveAndEvidence(int length) {
    for (int which = 0; which < KERNELS.size(); which++) {
      GaussianProcess model =
          GaussianProcess.of(KERNELS.get(which), 2, T2, S2)
              .withValueWidth(2)
              .withKeys(KeyLaw.GAUSSIAN);
      Tokens tokens = model.sample(length, Seed.of(1).child(length).generator()).tokens();
      GaussianProcessBelief belief = model.prior().observe(tokens);
      SimpleMatrix queries = normals(3, 2, 51);
      JointGaussian joint = joint(which, queries, tokens.keys());
      double evidence = 0;
      for (int output = 0; output < 2; output++) {
        double[] observed = tokens.values().extractVector(false, output).getDDRM().data;
        JointGaussian posterior = joint.first(3, observed);
        for (int i = 0; i < 3; i++) {
          Predictive predictive = belief.predictive(queries.extractVector(true, i));
          assertEquals(posterior.mean().get(i), predictive.mean().get(output), IDENTITY);
          double variance = posterior.covariance().get(i, i) + S2;
          assertEquals(variance, predictive.covariance().get(output, output), IDENTITY);
          assertEquals(posterior.mean().get(i), belief.meanAt(queries).get(i, output), IDENTITY);
        }
        SimpleMatrix gap = posterior.covariance().minus(belief.covarianceAt(queries));
        assertTrue(gap.elementMaxAbs() <= IDENTITY);
        evidence += joint.last(3).logDensity(observed);
      }
      if (length < 150) { // beyond, the oracle's determinant underflows
        assertEquals(evidence, belief.logEvidence(), IDENTITY * Math.max(1, Math.abs(evidence)));
      }
    }
  }

  /** With the linear kernel it is linear regression: other code, the same answers. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 40})
  void theLinearKernelIsLinearRegression(int length) {
    LinearRegression primal = LinearRegression.of(3, 2, T2, S2);
    GaussianProcess dual = GaussianProcess.of(new LinearKernel(), 3, T2, S2).withValueWidth(2);
    Tokens tokens = primal.sample(length, Seed.of(2).child(length).generator()).tokens();
    Belief<SimpleMatrix> expected = primal.prior().observe(tokens);
    GaussianProcessBelief actual = dual.prior().observe(tokens);
    SimpleMatrix query = primal.drawQuery(Seed.of(3).generator());
    Predictive one = expected.predictive(query);
    Predictive two = actual.predictive(query);
    assertTrue(one.mean().isIdentical(two.mean(), IDENTITY));
    assertEquals(one.covariance().get(0, 0), two.covariance().get(0, 0), IDENTITY);
    double evidence = expected.logEvidence();
    assertEquals(evidence, actual.logEvidence(), IDENTITY * Math.max(1, Math.abs(evidence)));
    // Divergences agree too: over functions or over their weights is the same.
    Tokens fewer = tokens.prefix(length / 2);
    double kl = expected.klNats(primal.prior().observe(fewer));
    assertEquals(kl, actual.klNats(dual.prior().observe(fewer)), IDENTITY * Math.max(1, kl));
    Tokens others = primal.sample(4, Seed.of(4).generator()).tokens();
    double across = expected.klNats(primal.prior().observe(others));
    double acrossDual = actual.klNats(dual.prior().observe(others));
    assertEquals(across, acrossDual, IDENTITY * Math.max(1, across));
  }

  /** The control: a ridge off by two is far outside the tolerance. */
  @Test
  void aRidgeOffByTwoIsSeen() {
    GaussianProcess right = GaussianProcess.of(new RbfKernel(0.5), 2, T2, S2);
    GaussianProcess wrong = GaussianProcess.of(new RbfKernel(0.5), 2, T2, 2 * S2);
    Tokens tokens = right.sample(9, Seed.of(5).generator()).tokens();
    SimpleMatrix query = right.drawQuery(Seed.of(6).generator());
    double gap =
        right.prior().observe(tokens).predictive(query).mean().get(0)
            - wrong.prior().observe(tokens).predictive(query).mean().get(0);
    assertTrue(Math.abs(gap) > 1e-4);
  }

  /** Values of drawn functions have the prior's covariance, however ill-conditioned it is. */
  @Test
  void drawnFunctionsHaveThePriorsCovariance() {
    GaussianProcess model = GaussianProcess.of(new RbfKernel(1), 1, T2, S2);
    SimpleMatrix far = new SimpleMatrix(6, 1, true, 0.0, 0.01, 0.02, 0.5, 3.0, -2.0);
    int draws = 40_000;
    double[][] products = new double[6][6];
    for (int n = 0; n < draws; n++) {
      double[] f = model.drawLatent(Seed.of(7).child(n).generator()).at(far).getDDRM().data;
      for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 6; j++) {
          products[i][j] += f[i] * f[j] / draws;
        }
      }
      // A smooth function hardly moves over a hundredth.
      assertEquals(f[0], f[1], 0.01 * 8 * Math.sqrt(T2));
      assertEquals(f[2] - f[1], f[1] - f[0], 1e-4 * 16 * Math.sqrt(T2));
    }
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        double gap = far.get(i) - far.get(j);
        double expected = T2 * Math.exp(-0.5 * gap * gap);
        // Var of a product of two normals is at most 2 T2²
        assertEquals(expected, products[i][j], 5 * Math.sqrt(2.0 / draws) * T2);
      }
    }
  }

  /** The factor behind 1,200 values of an analytic function meets its covariance to 1e-11. */
  @Test
  void theFactorOfAFunctionIsThatOfItsKernel() {
    RbfKernel kernel = new RbfKernel(1);
    SimpleMatrix keys = normals(1200, 1, 52);
    GrowingCholesky factor = GrowingCholesky.empty(kernel, LatentFunction.NUGGET, 0).extend(keys);
    SimpleMatrix gram = kernel.gram(keys, keys);
    double worst = 0;
    for (int i = 0; i < 1200; i++) {
      for (int j = 0; j <= i; j++) {
        double product = GrowingCholesky.dot(factor.row(i), factor.row(j), j + 1);
        worst = Math.max(worst, Math.abs(product - gram.get(i, j)));
      }
    }
    assertTrue(worst < 2 * LatentFunction.NUGGET, "off by " + worst);
  }

  /** One by one or in bulk, in one call or many: the same bits. */
  @Test
  void functionsAreFunctions() {
    GaussianProcess model = GaussianProcess.of(new RbfKernel(0.3), 2, T2, S2).withValueWidth(2);
    SimpleMatrix keys = normals(150, 2, 53);
    LatentFunction bulk = model.drawLatent(Seed.of(8).generator());
    LatentFunction single = model.drawLatent(Seed.of(8).generator());
    SimpleMatrix values = bulk.at(keys);
    for (int i = 0; i < 150; i++) {
      double[] key = keys.extractVector(true, i).getDDRM().data;
      assertArrayEquals(values.extractVector(true, i).getDDRM().data, single.at(key));
    }
    assertTrue(values.isIdentical(bulk.at(keys), 0)); // asked again
    assertNotEquals(values.get(0), model.drawLatent(Seed.of(9).generator()).at(keys).get(0), 1e-6);
    SimpleMatrix doubled = keys.concatRows(keys); // repeated within one call
    SimpleMatrix twice = model.drawLatent(Seed.of(8).generator()).at(doubled);
    assertTrue(twice.extractMatrix(150, 300, 0, 2).isIdentical(values, 0));
  }

  /** A posterior draw has the posterior's mean and covariance at keys new and seen. */
  @Test
  void posteriorDrawsHaveThePosteriorsMoments() {
    GaussianProcess model = GaussianProcess.of(new RbfKernel(0.5), 1, T2, S2);
    Tokens tokens = model.withKeys(KeyLaw.GAUSSIAN).sample(5, Seed.of(10).generator()).tokens();
    GaussianProcessBelief belief = model.prior().observe(tokens);
    SimpleMatrix at = new SimpleMatrix(2, 1, true, 0.1, -1.2).concatRows(tokens.keys());
    SimpleMatrix mean = belief.meanAt(at);
    SimpleMatrix covariance = belief.covarianceAt(at);
    int draws = 20_000;
    double[] sums = new double[7];
    double[][] products = new double[7][7];
    for (int n = 0; n < draws; n++) {
      double[] f = belief.sample(Seed.of(11).child(n).generator()).at(at).getDDRM().data;
      for (int i = 0; i < 7; i++) {
        sums[i] += (f[i] - mean.get(i)) / draws;
        for (int j = 0; j < 7; j++) {
          products[i][j] += (f[i] - mean.get(i)) * (f[j] - mean.get(j)) / draws;
        }
      }
    }
    for (int i = 0; i < 7; i++) {
      double variance = covariance.get(i, i);
      assertEquals(0, sums[i], 5 * Math.sqrt(variance / draws));
      for (int j = 0; j < 7; j++) {
        double scale = Math.sqrt(2 * variance * covariance.get(j, j) / draws);
        assertEquals(covariance.get(i, j), products[i][j], 5 * scale);
      }
    }
  }

  @Test
  void thePosteriorCollapsesOnNearlyNoiseFreeData() {
    GaussianProcess model = GaussianProcess.of(new RbfKernel(0.05), 3, 1, 1e-10);
    Tokens tokens = model.sample(20, Seed.of(12).generator()).tokens();
    GaussianProcessBelief belief = model.prior().observe(tokens);
    SimpleMatrix gap = belief.meanAt(tokens.keys()).minus(tokens.values());
    assertTrue(gap.elementMaxAbs() < 1e-4);
    assertTrue(belief.predictive(tokens.keys().extractVector(true, 3)).covariance().get(0) < 3e-10);
  }

  @Test
  void extremeVariancesAreRightOrRefused() {
    double[] scales = {1e-12, 1e12};
    for (double prior : scales) {
      for (double noise : scales) {
        GaussianProcess model = GaussianProcess.of(new ConstantKernel(), 1, prior, noise);
        Token token = Token.pair(new double[] {0}, new double[] {2});
        Tokens twice = Tokens.of(model.tokenSpace(), token, token);
        double ridge = noise / prior;
        if (ridge < 1e-20) { // two equal keys cannot be told from one
          assertThrows(NotPositiveDefiniteException.class, () -> model.prior().observe(twice));
          continue;
        }
        double expected = 4 / (2 + ridge);
        Predictive predictive =
            model.prior().observe(twice).predictive(model.tokenSpace().emptyQuery());
        assertEquals(expected, predictive.mean().get(0), 1e-12 * expected);
        double variance = noise + noise / (2 + ridge);
        assertEquals(variance, predictive.covariance().get(0), 1e-12 * variance);
      }
    }
    GaussianProcess quiet = GaussianProcess.of(new RbfKernel(1), 1, 1, 1e-14);
    Exception drowned =
        assertThrows(
            IllegalArgumentException.class, () -> quiet.sample(3, Seed.of(13).generator()));
    assertTrue(drowned.getMessage().startsWith("noise variance: expected at least"));
  }

  /** 4,000 tokens and no more; prefixes of one pass are the beliefs of prefixes. */
  @Test
  void theLimitIsKeptAndRefusedByName() {
    GaussianProcess model =
        GaussianProcess.of(new MaternKernel(MaternKernel.Smoothness.HALF, 1), 1, 1, 0.25);
    int length = GaussianProcess.MOST_TOKENS;
    double[] rows = new double[2 * (length + 1)];
    // exp(-|k - k'|) on a line is a Markov process: a filter in O(L) is the oracle.
    double mean = 0;
    double variance = 1;
    double evidence = 0;
    for (int l = 0; l <= length; l++) {
      rows[2 * l] = 0.01 * l;
      rows[2 * l + 1] = Math.sin(0.05 * l);
      if (l < length) {
        double decay = l == 0 ? 1 : Math.exp(-0.01);
        mean *= decay;
        variance = l == 0 ? 1 : decay * decay * variance + 1 - decay * decay;
        double total = variance + 0.25;
        double gap = rows[2 * l + 1] - mean;
        evidence -= 0.5 * (Math.log(2 * Math.PI * total) + gap * gap / total);
        mean += variance / total * gap;
        variance *= 0.25 / total;
      }
    }
    Tokens tokens = Tokens.ofRows(model.tokenSpace(), rows);
    List<Belief<LatentFunction>> beliefs = model.prior().prefixes(tokens, 1000, length);
    Belief<LatentFunction> longest = beliefs.get(1);
    assertEquals(evidence, longest.logEvidence(), IDENTITY * Math.abs(evidence));
    SimpleMatrix last = new SimpleMatrix(1, 1, true, 0.01 * (length - 1));
    assertEquals(mean, longest.predictive(last).mean().get(0), IDENTITY);
    assertEquals(variance + 0.25, longest.predictive(last).covariance().get(0), IDENTITY);
    Belief<LatentFunction> shorter = model.prior().observe(tokens.prefix(1000));
    assertEquals(shorter.logEvidence(), beliefs.get(0).logEvidence());
    Exception error =
        assertThrows(
            IllegalArgumentException.class,
            () -> longest.observe(tokens.slice(length, length + 1)));
    assertEquals("tokens: expected at most 4000 in all, got 4001", error.getMessage());
  }

  @Test
  void whatAFunctionHasNotSaysWhy() {
    GaussianProcess model = GaussianProcess.of(new RbfKernel(1), 1, 1, 1);
    Belief<LatentFunction> prior = model.prior();
    assertThrows(UnsupportedOperationException.class, prior::mean);
    assertThrows(UnsupportedOperationException.class, prior::covariance);
    assertThrows(UnsupportedOperationException.class, prior::entropyNats);
    LatentFunction draw = model.drawLatent(Seed.of(14).generator());
    assertThrows(UnsupportedOperationException.class, () -> prior.logDensity(draw));
    SimpleMatrix one = SimpleMatrix.identity(1);
    assertThrows(UnsupportedOperationException.class, () -> model.posterior(1, one, one));
  }

  @Test
  void isBuiltAgainFromItsDescription() {
    Kernel sum =
        new SumKernel(
            new ScaledKernel(0.3, new MaternKernel(MaternKernel.Smoothness.FIVE_HALVES, 2)),
            new SumKernel(new LinearKernel(), new PeriodicKernel(7, 0.4)));
    for (Kernel kernel : List.of(new RbfKernel(0.5), new ConstantKernel(), sum)) {
      GaussianProcess model =
          GaussianProcess.of(kernel, 2, 1.5, 0.1).withValueWidth(3).withLabelVariance(2);
      assertEquals(model, GaussianProcess.from(model.description()));
    }
    GaussianProcess model = GaussianProcess.of(new RbfKernel(0.5), 2, 1, 1);
    assertThrows(
        IllegalArgumentException.class,
        () -> GaussianProcess.from(model.description().with("kernel", "own")));
    assertThrows(
        IllegalArgumentException.class,
        () -> GaussianProcess.from(model.description().with("colour", 1)));
    assertThrows(
        IllegalArgumentException.class, () -> GaussianProcess.of(new RbfKernel(1), 1, -1, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> model.prior().merge(GaussianProcess.of(new RbfKernel(1), 2, 1, 1).prior()));
  }
}
