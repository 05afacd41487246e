package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.kernel.RbfKernel;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.conjugate.MultivariateGaussianMean;
import org.definetti.latent.directional.VonMisesFisherMean;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.latent.mixture.ContaminatedMean;
import org.definetti.latent.mixture.StudentMean;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Symmetry of the posterior mean, MS1-MS10: with an isotropic joint law {@code E[z | X Q] = E[z |
 * X] Q} for every orthogonal Q, of determinant 1 and -1, and with exchangeable tokens their order
 * does not matter. What is known besides (concepts, a prior mean, a covariance) has to turn along.
 */
class SymmetryTest {

  private static final double IDENTITY = 1e-12;
  private static final double BROKEN = 1e-2; // what a control must exceed
  private static final int LENGTH = 6;

  /** A token row x Q, or a pair (k Q, v). */
  private static Tokens turned(Tokens tokens, SimpleMatrix q) {
    int d = q.getNumRows();
    List<Token> rows = new ArrayList<>();
    for (int l = 0; l < tokens.length(); l++) {
      double[] row = tokens.get(l).coordinates();
      double[] out = row.clone();
      for (int i = 0; i < d; i++) {
        out[i] = 0;
        for (int j = 0; j < d; j++) {
          out[i] += row[j] * q.get(j, i);
        }
      }
      rows.add(
          tokens.space().hasQueries()
              ? Token.pair(Arrays.copyOf(out, d), Arrays.copyOfRange(out, d, out.length))
              : Token.real(out));
    }
    return Tokens.of(tokens.space(), rows);
  }

  // Gram-Schmidt of normal rows, the last flipped to have the wanted determinant.
  private static SimpleMatrix orthogonal(int d, int determinant, RandomGenerator rng) {
    double[][] rows = new double[d][d];
    for (int i = 0; i < d; i++) {
      Normal.fill(rows[i], 0, d, rng);
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          double dot = 0;
          for (int c = 0; c < d; c++) {
            dot += rows[i][c] * rows[j][c];
          }
          for (int c = 0; c < d; c++) {
            rows[i][c] -= dot * rows[j][c];
          }
        }
      }
      double norm = 0;
      for (double x : rows[i]) {
        norm += x * x;
      }
      for (int c = 0; c < d; c++) {
        rows[i][c] /= Math.sqrt(norm);
      }
    }
    SimpleMatrix q = new SimpleMatrix(rows);
    return Math.signum(q.determinant()) == determinant ? q : flipped(q);
  }

  private static SimpleMatrix flipped(SimpleMatrix q) {
    SimpleMatrix flip = SimpleMatrix.identity(q.getNumRows());
    flip.getDDRM().data[0] = -1;
    return flip.mult(q);
  }

  private static SimpleMatrix posteriorMean(LatentModel<SimpleMatrix> model, Tokens tokens) {
    return model.prior().observe(tokens).mean();
  }

  private static double distance(SimpleMatrix a, SimpleMatrix b) {
    return a.minus(b).normF() / Math.max(1, a.normF());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void isotropicLawsAreEquivariant(int determinant) {
    int d = 3;
    List<LatentModel<SimpleMatrix>> models =
        List.of(
            GaussianMean.of(d, 0.7, 1.9), // MS1
            VonMisesFisherMean.of(d, 2.5), // MS5
            ContaminatedMean.of(d, 1.2, 0.2, 6)); // MS6
    RandomGenerator rng = Seed.of(1).child(determinant + 1).generator();
    SimpleMatrix q = orthogonal(d, determinant, rng);
    assertEquals(determinant, q.determinant(), 1e-12);
    for (LatentModel<SimpleMatrix> model : models) {
      Tokens tokens = model.sample(LENGTH, rng).tokens();
      SimpleMatrix mean = posteriorMean(model, tokens);
      assertTrue(distance(mean.mult(q), posteriorMean(model, turned(tokens, q))) < IDENTITY);
      int[] order = ContractChecks.shuffled(LENGTH, rng);
      assertTrue(distance(mean, posteriorMean(model, tokens.permute(order))) < IDENTITY);
      assertTrue(spanLoss(tokens, mean) < IDENTITY, model + ": the mean is a sum of tokens");
    }
    // The lattice beyond 14 tokens and the quadrature of heavy tails keep it within their error.
    for (LatentModel<SimpleMatrix> model :
        List.of(ContaminatedMean.of(2, 1, 0.2, 4), StudentMean.of(2, 1, 0.5, 4))) {
      Tokens tokens = model.sample(18, rng).tokens();
      SimpleMatrix turn = orthogonal(2, determinant, rng);
      SimpleMatrix mean = posteriorMean(model, tokens);
      assertTrue(distance(mean.mult(turn), posteriorMean(model, turned(tokens, turn))) < 1e-9);
    }
  }

  /** Returns how far a row is from the span of the tokens. */
  private static double spanLoss(Tokens tokens, SimpleMatrix row) {
    SimpleMatrix basis = tokens.values().transpose();
    SimpleMatrix rest =
        row.transpose().minus(basis.mult(basis.pseudoInverse().mult(row.transpose())));
    return rest.normF();
  }

  /** MS6: fewer tokens than coordinates, weights that differ, and are Gram functions. */
  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void contaminatedTokensWeighByHowTheyAgree(int determinant) {
    int d = 5;
    ContaminatedMean model = ContaminatedMean.of(d, 1.5, 0.2, 8);
    RandomGenerator rng = Seed.of(2).generator();
    double[] rows = new double[3 * d]; // two that agree, one that does not
    Normal.fill(rows, 0, rows.length, rng);
    for (int i = 0; i < d; i++) {
      rows[d + i] = rows[i] + 0.4 * rows[d + i];
      rows[2 * d + i] *= 3;
    }
    Tokens tokens = Tokens.owning(model.tokenSpace(), rows);
    SimpleMatrix weights = model.tokenWeights(tokens);
    SimpleMatrix mean = posteriorMean(model, tokens);
    assertTrue(distance(mean, weights.mult(tokens.values())) < IDENTITY, "span");
    assertTrue(weights.elementMax() - weights.elementMin() > BROKEN, "weights are not equal");
    assertTrue(weights.elementMin() > 0 && weights.elementSum() < 1);
    SimpleMatrix q = orthogonal(d, determinant, rng);
    assertTrue(distance(weights, model.tokenWeights(turned(tokens, q))) < IDENTITY);
    SimpleMatrix permuted = model.tokenWeights(tokens.permute(2, 0, 1));
    for (int l = 0; l < 3; l++) {
      assertEquals(weights.get(0, new int[] {2, 0, 1}[l]), permuted.get(0, l), IDENTITY);
    }
    // Covariance = s(G) I + Xᵀ S(G) X: across the span of the tokens it is a multiple of I.
    SimpleMatrix covariance = model.prior().observe(tokens).covariance();
    SimpleMatrix off = new SimpleMatrix(d, 1);
    Normal.fill(off.getDDRM().data, 0, d, rng);
    SimpleMatrix basis = tokens.values().transpose();
    off = off.minus(basis.mult(basis.pseudoInverse().mult(off)));
    double s = off.transpose().mult(covariance).mult(off).get(0) / off.dot(off);
    assertTrue(distance(off.scale(s), covariance.mult(off)) < IDENTITY);
  }

  /** MS2 and MS3: knowledge rows turn along; frozen they break it. */
  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void conceptsTurnAlong(int determinant) {
    RandomGenerator rng = Seed.of(3).generator();
    SimpleMatrix rows = new SimpleMatrix(4, 3);
    Normal.fill(rows.getDDRM().data, 0, 12, rng);
    SimpleMatrix prior = new SimpleMatrix(1, 4, true, 0.1, 0.2, 0.3, 0.4);
    SimpleMatrix q = orthogonal(3, determinant, rng);
    GaussianConcepts model = GaussianConcepts.of(rows, 1.5).withPrior(prior);
    GaussianConcepts along = GaussianConcepts.of(rows.mult(q), 1.5).withPrior(prior);
    for (int length : new int[] {LENGTH, 1}) { // one token: MS3, a softmax over knowledge atoms
      Tokens tokens = model.sample(length, rng).tokens();
      SimpleMatrix mean = predictiveMean(model, tokens);
      Tokens turned = turned(tokens, q);
      assertTrue(distance(mean.mult(q), predictiveMean(along, turned)) < IDENTITY);
      assertTrue(distance(mean.mult(q), predictiveMean(model, turned)) > BROKEN, "frozen");
      assertTrue(distance(mean, softmaxOverRows(rows, prior, tokens, 1.5)) < IDENTITY);
    }
    // S_k only if the prior is permuted along.
    Tokens tokens = model.sample(LENGTH, rng).tokens();
    SimpleMatrix moved = rows.rows(1, 4).concatRows(rows.rows(0, 1));
    SimpleMatrix movedPrior = new SimpleMatrix(1, 4, true, 0.2, 0.3, 0.4, 0.1);
    SimpleMatrix mean = predictiveMean(model, tokens);
    GaussianConcepts both = GaussianConcepts.of(moved, 1.5).withPrior(movedPrior);
    GaussianConcepts rowsOnly = GaussianConcepts.of(moved, 1.5).withPrior(prior);
    assertTrue(distance(mean, predictiveMean(both, tokens)) < IDENTITY);
    assertTrue(distance(mean, predictiveMean(rowsOnly, tokens)) > 1e-6);
  }

  private static <Z> SimpleMatrix predictiveMean(LatentModel<Z> model, Tokens tokens) {
    return model.prior().observe(tokens).predictive(model.tokenSpace().emptyQuery()).mean();
  }

  // softmax_l(<Σ x, z_l>/s² - n |z_l|²/(2 s²) + log π_l) Z
  private static SimpleMatrix softmaxOverRows(
      SimpleMatrix rows, SimpleMatrix prior, Tokens tokens, double s2) {
    double[] logits = new double[rows.getNumRows()];
    for (int k = 0; k < logits.length; k++) {
      SimpleMatrix z = rows.rows(k, k + 1);
      logits[k] = Math.log(prior.get(0, k)) - tokens.length() * z.dot(z) / (2 * s2);
      for (int l = 0; l < tokens.length(); l++) {
        logits[k] += tokens.values().rows(l, l + 1).dot(z) / s2;
      }
    }
    return new SimpleMatrix(1, logits.length, true, LogSumExp.softmax(logits)).mult(rows);
  }

  /** MS3 over the tokens of a context: a Gaussian-kernel attention, and a plain one on a sphere. */
  @Test
  void aLatentAmongTheTokensIsKernelAttention() {
    RandomGenerator rng = Seed.of(4).generator();
    SimpleMatrix atoms = new SimpleMatrix(5, 3);
    for (int i = 0; i < 5; i++) {
      Sphere.fill(atoms.getDDRM().data, 3 * i, 3, rng);
    }
    double s2 = 0.4;
    GaussianConcepts model = GaussianConcepts.of(atoms, s2);
    Tokens query = Tokens.of(model.tokenSpace(), Token.real(atoms.rows(2, 3).getDDRM().data));
    double[] logits = new double[5];
    for (int i = 0; i < 5; i++) {
      logits[i] = atoms.rows(2, 3).dot(atoms.rows(i, i + 1)) / s2; // all norms are equal
    }
    SimpleMatrix attention = new SimpleMatrix(1, 5, true, LogSumExp.softmax(logits)).mult(atoms);
    SimpleMatrix mean = predictiveMean(model, query);
    assertTrue(distance(attention, mean) < IDENTITY);
    // Translations of tokens and knowledge together translate the answer; the norms differ then.
    SimpleMatrix shift = new SimpleMatrix(1, 3, true, 0.7, -2.0, 1.5);
    SimpleMatrix moved = atoms.plus(SimpleMatrix.filled(5, 1, 1).mult(shift));
    Tokens movedQuery = Tokens.of(model.tokenSpace(), Token.real(moved.rows(2, 3).getDDRM().data));
    SimpleMatrix other = predictiveMean(GaussianConcepts.of(moved, s2), movedQuery);
    assertTrue(distance(mean.plus(shift), other) < IDENTITY);
  }

  /** MS4: turning keys changes no prediction at a turned query; turning values turns it. */
  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void regressionIsEquivariantInKeysAndValues(int determinant) {
    RandomGenerator rng = Seed.of(5).generator();
    SimpleMatrix q = orthogonal(3, determinant, rng);
    SimpleMatrix r = orthogonal(2, determinant, rng);
    List<LatentModel<?>> models =
        List.of(
            LinearRegression.of(3, 2, 1.5, 0.4),
            GaussianProcess.of(new RbfKernel(0.8), 3, 1.5, 0.4).withValueWidth(2));
    for (LatentModel<?> model : models) {
      Tokens tokens = model.sample(LENGTH, rng).tokens();
      SimpleMatrix query = model.drawQuery(rng);
      SimpleMatrix mean = model.prior().observe(tokens).predictive(query).mean();
      SimpleMatrix keysTurned =
          model.prior().observe(turned(tokens, q)).predictive(query.mult(q)).mean();
      assertTrue(distance(mean, keysTurned) < IDENTITY);
      List<Token> values = new ArrayList<>();
      for (int l = 0; l < LENGTH; l++) {
        values.add(
            Token.pair(
                tokens.keys().rows(l, l + 1).getDDRM().data,
                tokens.values().rows(l, l + 1).mult(r).getDDRM().data));
      }
      Tokens valuesTurned = Tokens.of(tokens.space(), values);
      SimpleMatrix other = model.prior().observe(valuesTurned).predictive(query).mean();
      assertTrue(distance(mean.mult(r), other) < IDENTITY);
    }
  }

  /** MS7 and MS8: a prior covariance ZᵀZ and a prior mean are knowledge, too. */
  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void priorsTurnAlong(int determinant) {
    RandomGenerator rng = Seed.of(6).generator();
    SimpleMatrix knowledge = new SimpleMatrix(2, 3);
    Normal.fill(knowledge.getDDRM().data, 0, 6, rng);
    SimpleMatrix noise = SimpleMatrix.identity(3).scale(0.8);
    SimpleMatrix q = orthogonal(3, determinant, rng);
    MultivariateGaussianMean model = ofKnowledge(knowledge, noise);
    Tokens tokens = model.sample(LENGTH, rng).tokens();
    SimpleMatrix mean = posteriorMean(model, tokens);
    Tokens turned = turned(tokens, q);
    SimpleMatrix along = posteriorMean(ofKnowledge(knowledge.mult(q), noise), turned);
    assertTrue(distance(mean.mult(q), along) < IDENTITY);
    assertTrue(distance(mean.mult(q), posteriorMean(model, turned)) > BROKEN, "frozen");
    // x̄ Zᵀ (Z Zᵀ + s²/n I)⁻¹ Z
    SimpleMatrix average = SimpleMatrix.filled(1, LENGTH, 1.0 / LENGTH).mult(tokens.values());
    SimpleMatrix gram =
        knowledge.mult(knowledge.transpose()).plus(SimpleMatrix.identity(2).scale(0.8 / LENGTH));
    SimpleMatrix form = average.mult(knowledge.transpose()).mult(gram.invert()).mult(knowledge);
    assertTrue(distance(mean, form) < IDENTITY);

    SimpleMatrix m0 = new SimpleMatrix(1, 3, true, 2.0, -1.0, 0.5);
    GaussianMean shifted = GaussianMean.of(3, 0.7, 1.9).withPriorMean(m0);
    SimpleMatrix own = posteriorMean(shifted, tokens).mult(q);
    assertTrue(distance(own, posteriorMean(shifted.withPriorMean(m0.mult(q)), turned)) < IDENTITY);
    assertTrue(distance(own, posteriorMean(shifted, turned)) > BROKEN, "frozen");
  }

  private static MultivariateGaussianMean ofKnowledge(SimpleMatrix knowledge, SimpleMatrix noise) {
    return MultivariateGaussianMean.of(knowledge.transpose().mult(knowledge), noise);
  }

  /** MS9: a hidden Markov model turns with its means, and the order of its tokens matters. */
  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void hiddenMarkovModelsTurnButDoNotPermute(int determinant) {
    RandomGenerator rng = Seed.of(7).generator();
    SimpleMatrix initial = new SimpleMatrix(1, 2, true, 0.5, 0.5);
    SimpleMatrix moves = new SimpleMatrix(2, 2, true, 0.95, 0.05, 0.1, 0.9);
    SimpleMatrix means = new SimpleMatrix(2, 2, true, -1.0, 0.5, 1.0, 0.7);
    SimpleMatrix q = orthogonal(2, determinant, rng);
    HiddenMarkov model = HiddenMarkov.gaussian(initial, moves, means, 0.6);
    HiddenMarkov along = HiddenMarkov.gaussian(initial, moves, means.mult(q), 0.6);
    Tokens tokens = model.sample(LENGTH, rng).tokens();
    SimpleMatrix mean = predictiveMean(model, tokens);
    assertTrue(distance(mean.mult(q), predictiveMean(along, turned(tokens, q))) < IDENTITY);
    double largest = 0;
    for (int n = 0; n < 10; n++) {
      Tokens permuted = tokens.permute(ContractChecks.shuffled(LENGTH, rng));
      largest = Math.max(largest, distance(mean, predictiveMean(model, permuted)));
    }
    assertTrue(largest > BROKEN, "the order matters");
  }

  /** MS10: one-hot tokens may be renamed, not turned: a turned vocabulary is none. */
  @Test
  void vocabulariesPermuteButDoNotTurn() {
    RandomGenerator rng = Seed.of(8).generator();
    int[] rename = {2, 0, 1};
    double[] alpha = {0.6, 0.6, 0.6};
    DirichletCategorical model = DirichletCategorical.of(alpha);
    Tokens tokens = model.sample(LENGTH, rng).tokens();
    List<Token> renamed = new ArrayList<>();
    for (int l = 0; l < LENGTH; l++) {
      renamed.add(Token.category(rename[(int) tokens.at(l, 0)]));
    }
    SimpleMatrix mean = predictiveMean(model, tokens);
    SimpleMatrix other = predictiveMean(model, Tokens.of(tokens.space(), renamed));
    for (int w = 0; w < 3; w++) {
      assertEquals(mean.get(0, w), other.get(0, rename[w]), IDENTITY);
    }
    SimpleMatrix q = orthogonal(3, 1, rng);
    SimpleMatrix turned = tokens.values().mult(q);
    assertTrue(turned.elementMin() < -BROKEN, "a turned one-hot vector is no category");
    // In its own coordinates the law is not isotropic: the prior mean 1/3 · 1 does not turn.
    SimpleMatrix prior = predictiveMean(model, Tokens.none(model.tokenSpace()));
    assertTrue(distance(prior, prior.mult(q)) > BROKEN);
  }
}
