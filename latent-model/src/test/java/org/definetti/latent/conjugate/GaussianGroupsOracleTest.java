package org.definetti.latent.conjugate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.JointGaussian;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hierarchy of Gaussian means against conditioning of the joint Gaussian of everything. */
class GaussianGroupsOracleTest {

  private static final double IDENTITY = 1e-10;
  private static final double PRIOR = 1.3;
  private static final double GROUP = 0.6;
  private static final double NOISE = 0.9;

  private static final GaussianGroups MODEL =
      GaussianGroups.of(3, PRIOR, GROUP, NOISE)
          .withPriorMean(new SimpleMatrix(1, 2, true, 2.0, -1.0));

  private static void close(double expected, double actual, String what) {
    assertEquals(expected, actual, IDENTITY * Math.max(1, Math.abs(expected)), what);
  }

  // (μ, z_0, z_1, z_2, tokens) of one coordinate: row r of the latent in every entry.
  private static JointGaussian joint(double priorMean, Tokens tokens) {
    int n = 4 + tokens.length();
    int[] rows = new int[n];
    for (int i = 0; i < n; i++) {
      rows[i] = i < 4 ? i : 1 + (int) tokens.at(i - 4, 0);
    }
    SimpleMatrix covariance = new SimpleMatrix(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double shared = rows[i] == rows[j] && rows[i] > 0 ? GROUP : 0;
        covariance.set(i, j, PRIOR + shared + (i == j && i >= 4 ? NOISE : 0));
      }
    }
    return new JointGaussian(SimpleMatrix.filled(n, 1, priorMean), covariance);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "9, 0", "40, 0", "7, 1"})
  void jointGaussianConditioningAgrees(int length, int onlyGroup) {
    Tokens drawn = MODEL.sample(length, Seed.of(1).child(length).generator()).tokens();
    Tokens tokens = onlyGroup == 0 ? drawn : inGroup(onlyGroup, drawn);
    Belief<SimpleMatrix> belief = MODEL.prior().observe(tokens);
    double evidence = 0;
    double density = 0;
    SimpleMatrix z = MODEL.drawLatent(Seed.of(2).generator());
    for (int i = 0; i < 2; i++) {
      JointGaussian joint = joint(i == 0 ? 2 : -1, tokens);
      double[] observed = tokens.values().extractVector(false, i).getDDRM().data;
      JointGaussian posterior = joint.first(4, observed);
      for (int row = 0; row < 4; row++) {
        close(posterior.mean().get(row), belief.mean().get(row, i), "mean of row " + row);
        for (int column = 0; column < 4; column++) {
          double actual = belief.covariance().get(row * 2 + i, column * 2 + i);
          close(posterior.covariance().get(row, column), actual, "covariance");
          assertEquals(0, belief.covariance().get(row * 2 + i, column * 2 + 1 - i));
        }
        if (row > 0) {
          Predictive predictive = belief.predictive(new SimpleMatrix(1, 1, true, row - 1.0));
          close(posterior.mean().get(row), predictive.mean().get(0, i), "predictive mean");
          double variance = posterior.covariance().get(row, row) + NOISE;
          close(variance, predictive.covariance().get(i, i), "predictive variance");
        }
      }
      evidence += joint.last(4).logDensity(observed);
      density += posterior.logDensity(z.extractVector(false, i).getDDRM().data);
    }
    close(evidence, belief.logEvidence(), "log evidence");
    close(density, belief.logDensity(z), "log density");
  }

  private static Tokens inGroup(int group, Tokens tokens) {
    Tokens moved = Tokens.none(tokens.space());
    for (int l = 0; l < tokens.length(); l++) {
      Token token =
          Token.pair(new double[] {group}, new double[] {tokens.at(l, 1), tokens.at(l, 2)});
      moved = moved.plus(Tokens.of(tokens.space(), token));
    }
    return moved;
  }

  /** KL and entropy of the whole latent as one Gaussian of the stated covariance. */
  @Test
  void divergenceAndEntropyAreThoseOfOneGaussian() {
    Belief<SimpleMatrix> mine =
        MODEL.prior().observe(MODEL.sample(8, Seed.of(3).generator()).tokens());
    Belief<SimpleMatrix> theirs =
        MODEL.prior().observe(MODEL.sample(5, Seed.of(4).generator()).tokens());
    SimpleMatrix a = mine.covariance();
    SimpleMatrix b = theirs.covariance();
    SimpleMatrix gap = mine.mean().minus(theirs.mean());
    SimpleMatrix column = new SimpleMatrix(8, 1, true, gap.getDDRM().data);
    double expected =
        0.5
            * (b.solve(a).trace()
                - 8
                + column.transpose().mult(b.solve(column)).get(0, 0)
                + Math.log(b.determinant() / a.determinant()));
    close(expected, mine.klNats(theirs), "divergence");
    assertEquals(0, mine.klNats(mine));
    double entropy = 0.5 * (8 * Math.log(2 * Math.PI * Math.E) + Math.log(a.determinant()));
    close(entropy, mine.entropyNats(), "entropy");
  }

  /** Values of 1e8 with a spread of 1, a million of them: the scatter is summed about the mean. */
  @Test
  void aMillionTokensFarFromZeroLoseNothing() {
    GaussianGroups model = GaussianGroups.of(2, 1, 1, 1);
    int length = 1_000_000;
    double[] rows = new double[2 * length];
    RandomGenerator rng = Seed.of(5).generator();
    double scatter = 0;
    for (int l = 0; l < length; l += 2) {
      double gap = Normal.draw(rng);
      rows[2 * l + 1] = 1e8 + gap; // pairs of mean 1e8 but for rounding of 1e-8
      rows[2 * l + 3] = 1e8 - gap;
      double half = rows[2 * l + 1] - 1e8;
      scatter += 2 * half * half;
    }
    Tokens tokens = Tokens.owning(model.tokenSpace(), rows);
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    assertEquals(1e8, belief.mean().get(1, 0), 1e8 * 2e-6 / 2); // the prior's pull
    double spread = length + 1.0;
    double precision = 1 + length / spread;
    double centre = length / spread * 1e8 / precision;
    assertEquals(centre, belief.mean().get(0, 0), 1e-15 * 1e8);
    double expected =
        -0.5
            * (Math.log(precision)
                + length * Math.log(2 * Math.PI)
                + Math.log(spread)
                + scatter
                + centre * centre
                + (1e8 - centre) * (1e8 - centre) * (length / spread));
    assertEquals(expected, belief.logEvidence(), 1e-14 * Math.abs(expected));
    Belief<SimpleMatrix> halves =
        model
            .prior()
            .observe(tokens.prefix(length / 2))
            .merge(model.prior().observe(tokens.slice(length / 2, length)));
    assertEquals(belief.logEvidence(), halves.logEvidence(), 1e-14 * Math.abs(expected));
  }

  @Test
  void wrongInputIsRefusedByName() {
    for (double group : new double[] {-1, 3, 0.5}) {
      Token token = Token.pair(new double[] {group}, new double[] {0, 0});
      Tokens tokens = Tokens.of(MODEL.tokenSpace(), token);
      String message =
          assertThrows(IllegalArgumentException.class, () -> MODEL.prior().observe(tokens))
              .getMessage();
      assertEquals("tokens[0]: expected a group in 0..2, got " + group, message);
      assertThrows(
          IllegalArgumentException.class,
          () -> MODEL.prior().predictive(new SimpleMatrix(1, 1, true, group)));
    }
    for (Runnable wrong :
        new Runnable[] {
          () -> GaussianGroups.of(0, 1, 1, 1),
          () -> GaussianGroups.of(1, 0, 1, 1),
          () -> GaussianGroups.of(1, 1, -1, 1),
          () -> GaussianGroups.of(1, 1, 1, Double.NaN),
          () -> MODEL.prior().merge(GaussianGroups.of(3, 1, 1, 1).prior()),
          () -> MODEL.prior().klNats(GaussianGroups.of(3, 1, 1, 1).prior()),
        }) {
      String message = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
      assertTrue(message.contains("expected"), message);
    }
    assertEquals(
        "GaussianGroups[3, priorVariance 1.3, groupVariance 0.6, noiseVariance 0.9]",
        MODEL.toString());
  }
}
