package org.definetti.lab.claims;

import java.util.Arrays;
import org.definetti.lab.oracle.JointGaussian;
import org.definetti.lab.oracle.LatentSum;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Tokens;
import org.definetti.symmetry.AuditInput;
import org.ejml.simple.SimpleMatrix;

/**
 * Posterior means of tokens and knowledge by brute force: whole covariance matrices, sums over all
 * latents of plain products. Knows neither beliefs nor forms.
 */
final class PosteriorBruteForce {

  private PosteriorBruteForce() {}

  /**
   * Returns E[z | X] of {@code z ~ N(m0, S0), x^l | z ~ N(z, s_l I)} by conditioning the joint
   * Gaussian of all n·d numbers.
   *
   * @param mean m0, shape (1, d)
   * @param covariance S0, shape (d, d)
   * @param noise s_l, one a token
   */
  static SimpleMatrix gaussian(
      SimpleMatrix tokens, SimpleMatrix mean, SimpleMatrix covariance, double[] noise) {
    int d = tokens.getNumCols();
    JointGaussian joint = joint(tokens, covariance, noise);
    double[] gaps = gaps(tokens, mean);
    double[] answer = mean.getDDRM().data.clone();
    for (int a = 0; a < d && gaps.length > 0; a++) {
      double[] cross = new double[gaps.length];
      for (int i = 0; i < cross.length; i++) {
        cross[i] = covariance.get(a, i % d);
      }
      answer[a] += JointGaussian.dot(joint.weights(cross), gaps);
    }
    return new SimpleMatrix(1, d, true, answer);
  }

  private static JointGaussian joint(SimpleMatrix tokens, SimpleMatrix covariance, double[] noise) {
    int d = tokens.getNumCols();
    return JointGaussian.observed(
        tokens.getNumElements(),
        (i, j) -> covariance.get(i % d, j % d) + (i == j ? noise[i / d] : 0));
  }

  private static double[] gaps(SimpleMatrix tokens, SimpleMatrix mean) {
    double[] gaps = tokens.getDDRM().data.clone();
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] -= mean.get(0, i % tokens.getNumCols());
    }
    return gaps;
  }

  /** Returns as many equal numbers. */
  static double[] equal(int count, double number) {
    double[] numbers = new double[count];
    Arrays.fill(numbers, number);
    return numbers;
  }

  /**
   * Returns E[z | X] of {@code z ~ N(0, t2 I)} where each token is an outlier or not: every one of
   * the 2ⁿ assignments is a joint Gaussian of its own, weighed by its density at the tokens.
   */
  static SimpleMatrix contaminated(
      SimpleMatrix tokens, double priorVariance, double[] variances, double[] probabilities) {
    int n = tokens.getNumRows();
    int d = tokens.getNumCols();
    SimpleMatrix zero = new SimpleMatrix(1, d);
    SimpleMatrix prior = SimpleMatrix.identity(d).scale(priorVariance);
    SimpleMatrix sum = zero;
    double total = 0;
    for (int c = 0; c < 1 << n; c++) {
      double[] noise = new double[n];
      double weight = 1;
      for (int l = 0; l < n; l++) {
        int kind = c >> l & 1;
        noise[l] = variances[kind];
        weight *= probabilities[kind];
      }
      weight *= Math.exp(joint(tokens, prior, noise).logDensity(gaps(tokens, zero)));
      sum = sum.plus(gaussian(tokens, zero, prior, noise).scale(weight));
      total += weight;
    }
    return sum.divide(total);
  }

  /**
   * Returns E[v | X] where the latent is a path of states, one of the knowledge rows for each token
   * and for the next one: all k^(n+1) of them.
   *
   * @param initial shape (1, k)
   * @param transition shape (k, k)
   */
  static SimpleMatrix paths(
      AuditInput input, SimpleMatrix initial, SimpleMatrix transition, double noiseVariance) {
    int k = input.knowledge().getNumRows();
    int n = input.tokens().getNumRows();
    double[] weights = new double[(int) Math.pow(k, n + 1)];
    for (int path = 0; path < weights.length; path++) {
      weights[path] = initial.get(0, state(path, 0, k));
      for (int i = 1; i <= n; i++) {
        weights[path] *= transition.get(state(path, i - 1, k), state(path, i, k));
      }
    }
    return listed(input, weights, noiseVariance, (path, index) -> state(path, index, k));
  }

  private static int state(int path, int index, int k) {
    int left = path;
    for (int i = 0; i < index; i++) {
      left /= k;
    }
    return left % k;
  }

  /** Returns E[v | X] where the latent is one of the knowledge rows. */
  static SimpleMatrix atoms(AuditInput input, SimpleMatrix prior, double noiseVariance) {
    return listed(input, prior.getDDRM().data, noiseVariance, (latent, index) -> latent);
  }

  /** Which knowledge row a latent says a token is around. */
  private interface Around {
    int row(int latent, int index);
  }

  private static SimpleMatrix listed(
      AuditInput input, double[] weights, double noiseVariance, Around around) {
    SimpleMatrix z = input.knowledge();
    int d = z.getNumCols();
    LatentSum sum =
        new LatentSum(
            weights,
            new LatentSum.Law() {
              @Override
              public double density(int latent, int index, double[] token) {
                int row = around.row(latent, index);
                double product = 1;
                for (int i = 0; i < d; i++) {
                  double gap = token[i] - z.get(row, i);
                  product *= Math.exp(-0.5 * gap * gap / noiseVariance);
                }
                return product;
              }

              @Override
              public double[] mean(int latent, int index, double[] query) {
                return z.extractVector(true, around.row(latent, index)).getDDRM().data;
              }
            });
    Tokens tokens = Tokens.ofRows(new RealTokens(d), input.tokens().getDDRM().data);
    return new SimpleMatrix(1, d, true, sum.predictiveMean(tokens, new double[d]));
  }
}
