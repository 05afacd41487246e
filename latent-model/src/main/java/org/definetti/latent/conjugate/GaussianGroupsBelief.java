package org.definetti.latent.conjugate;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.Predictive;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * The law of the common mean, and of each group's mean given it; see {@link GaussianGroups}.
 *
 * <p>The statistic is for each group its count, its sum and its scatter about its own mean.
 */
final class GaussianGroupsBelief implements Belief<SimpleMatrix> {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final GaussianGroups model;
  private final int d;
  private final SumStatistic[] sums; // a group
  private final double[] scatters; // a group
  private final double precision; // P of the common mean
  private final double[] centre; // M

  private GaussianGroupsBelief(GaussianGroups model, SumStatistic[] sums, double[] scatters) {
    this.model = model;
    this.d = model.tokenSpace().valueWidth();
    this.sums = sums;
    this.scatters = scatters;
    double total = 1 / model.priorVariance();
    for (SumStatistic sum : sums) {
      total += sum.count() / spread(sum);
    }
    this.precision = total;
    this.centre = new double[d];
    for (int i = 0; i < d; i++) {
      // around m0, so that a far prior mean takes no digits from the data's pull
      double m0 = model.priorMean().get(0, i);
      double pull = 0;
      for (SumStatistic sum : sums) {
        pull += (sum.sum(i) - sum.count() * m0) / spread(sum);
      }
      centre[i] = m0 + pull / precision;
    }
  }

  /** Returns n b2 + s2. */
  private double spread(SumStatistic sum) {
    return sum.count() * model.groupVariance() + model.noiseVariance();
  }

  static GaussianGroupsBelief prior(GaussianGroups model) {
    SumStatistic[] sums = new SumStatistic[model.groups()];
    Arrays.fill(sums, SumStatistic.none(model.tokenSpace().valueWidth()));
    return new GaussianGroupsBelief(model, sums, new double[sums.length]);
  }

  /** Returns α = s2 / (s2 + n b2), the weight of the common mean in a group's. */
  private double shrinkage(int group) {
    return model.noiseVariance() / spread(sums[group]);
  }

  /** Returns coordinate i of (1 - α) x̄ = b2 S / (s2 + n b2). */
  private double pull(int group, int i) {
    return model.groupVariance() * (sums[group].sum(i) / spread(sums[group]));
  }

  /** Returns the variance of a group's mean given the common one. */
  private double within(int group) {
    return model.groupVariance() * shrinkage(group);
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    Beliefs.ofSpace(model.tokenSpace(), tokens);
    int[] counts = new int[sums.length];
    for (int l = 0; l < tokens.length(); l++) {
      counts[model.group("tokens[" + l + "]", tokens.at(l, 0))]++;
    }
    double[][] rows = new double[sums.length][];
    for (int g = 0; g < rows.length; g++) {
      rows[g] = new double[counts[g] * d];
    }
    int[] next = new int[sums.length];
    for (int l = 0; l < tokens.length(); l++) {
      int g = (int) tokens.at(l, 0);
      for (int i = 0; i < d; i++) {
        rows[g][next[g]++] = tokens.at(l, 1 + i);
      }
    }
    SumStatistic[] blocks = new SumStatistic[sums.length];
    double[] blockScatters = new double[sums.length];
    for (int g = 0; g < blocks.length; g++) {
      blocks[g] = SumStatistic.none(d).plus(counts[g], rows[g]);
      blockScatters[g] = scatter(blocks[g], rows[g]);
    }
    return plus(blocks, blockScatters);
  }

  private double scatter(SumStatistic block, double[] rows) {
    SumStatistic squares = SumStatistic.none(1);
    double[] terms = new double[rows.length];
    for (int j = 0; j < rows.length; j++) {
      double gap = rows[j] - block.sum(j % d) / block.count();
      terms[j] = gap * gap;
    }
    return squares.plus(terms.length, terms).sum(0);
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (other instanceof GaussianGroupsBelief belief && model.equals(belief.model)) {
      return plus(belief.sums, belief.scatters);
    }
    throw Beliefs.otherFamily(this, other);
  }

  // Scatters of two blocks add up to less than that of both by the spread of their means.
  private GaussianGroupsBelief plus(SumStatistic[] blocks, double[] blockScatters) {
    SumStatistic[] both = new SumStatistic[sums.length];
    double[] bothScatters = new double[sums.length];
    for (int g = 0; g < both.length; g++) {
      both[g] = sums[g].plus(blocks[g]);
      double n = sums[g].count();
      double m = blocks[g].count();
      double between = 0;
      for (int i = 0; i < d && n > 0 && m > 0; i++) {
        double gap = sums[g].sum(i) / n - blocks[g].sum(i) / m;
        between += gap * gap * n * (m / (n + m));
      }
      bothScatters[g] = scatters[g] + blockScatters[g] + between;
    }
    return new GaussianGroupsBelief(model, both, bothScatters);
  }

  @Override
  public double count() {
    double total = 0;
    for (SumStatistic sum : sums) {
      total += sum.count();
    }
    return total;
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    int g = model.group(query);
    double variance = model.noiseVariance() + covariance(g + 1, g + 1);
    return new IsotropicGaussian(mean().extractVector(true, g + 1), variance);
  }

  @Override
  public SimpleMatrix mean() {
    double[] mean = new double[(sums.length + 1) * d];
    System.arraycopy(centre, 0, mean, 0, d);
    for (int g = 0; g < sums.length; g++) {
      for (int i = 0; i < d; i++) {
        mean[(g + 1) * d + i] = shrinkage(g) * centre[i] + pull(g, i);
      }
    }
    return new SimpleMatrix(sums.length + 1, d, true, mean);
  }

  /** Returns the covariance of one coordinate of two rows of the latent. */
  private double covariance(int row, int column) {
    double a = row == 0 ? 1 : shrinkage(row - 1);
    double b = column == 0 ? 1 : shrinkage(column - 1);
    return a * b / precision + (row == column && row > 0 ? within(row - 1) : 0);
  }

  @Override
  public SimpleMatrix covariance() {
    int rows = sums.length + 1;
    int size = rows * d;
    double[] out = new double[size * size];
    for (int a = 0; a < rows; a++) {
      for (int b = 0; b < rows; b++) {
        for (int i = 0; i < d; i++) {
          out[(a * d + i) * size + b * d + i] = covariance(a, b);
        }
      }
    }
    return new SimpleMatrix(size, size, true, out);
  }

  /** {@inheritDoc} It is that of the values given the groups. */
  @Override
  public double logEvidence() {
    double logs = Math.log(model.priorVariance() * precision);
    double square = 0;
    for (int i = 0; i < d; i++) {
      double gap = centre[i] - model.priorMean().get(0, i);
      square += gap * gap / model.priorVariance();
    }
    for (int g = 0; g < sums.length; g++) {
      double n = sums[g].count();
      if (n > 0) {
        logs += n * (LOG_TWO_PI + Math.log(model.noiseVariance()));
        logs += Math.log1p(n * (model.groupVariance() / model.noiseVariance()));
        square += scatters[g] / model.noiseVariance();
        for (int i = 0; i < d; i++) {
          double gap = sums[g].sum(i) / n - centre[i];
          square += gap * gap * (n / spread(sums[g]));
        }
      }
    }
    return -0.5 * (d * logs + square);
  }

  @Override
  public double logDensity(SimpleMatrix latent) {
    Check.matrix("latent", latent, sums.length + 1, d);
    double sum = logNormal(latent, 0, centre, 1 / precision);
    for (int g = 0; g < sums.length; g++) {
      double[] mean = new double[d];
      for (int i = 0; i < d; i++) {
        mean[i] = shrinkage(g) * latent.get(0, i) + pull(g, i);
      }
      sum += logNormal(latent, g + 1, mean, within(g));
    }
    return sum;
  }

  private static double logNormal(SimpleMatrix latent, int row, double[] mean, double variance) {
    double square = 0;
    for (int i = 0; i < mean.length; i++) {
      double gap = latent.get(row, i) - mean[i];
      square += gap * gap;
    }
    return -0.5 * (mean.length * (LOG_TWO_PI + Math.log(variance)) + square / variance);
  }

  @Override
  public double entropyNats() {
    double logs = (sums.length + 1) * (LOG_TWO_PI + 1) - Math.log(precision);
    for (int g = 0; g < sums.length; g++) {
      logs += Math.log(within(g));
    }
    return 0.5 * d * logs;
  }

  /** {@inheritDoc} The divergence of the common mean, plus that of each group's given it. */
  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (!(other instanceof GaussianGroupsBelief belief)
        || belief.sums.length != sums.length
        || belief.d != d) {
      throw Beliefs.otherFamily(this, other);
    }
    double logs = Beliefs.excess(belief.precision / precision);
    double square = 0;
    for (int i = 0; i < d; i++) {
      double gap = centre[i] - belief.centre[i];
      square += gap * gap * belief.precision;
    }
    for (int g = 0; g < sums.length; g++) {
      double theirs = belief.within(g);
      double slope = shrinkage(g) - belief.shrinkage(g);
      logs += Beliefs.excess(within(g) / theirs) + slope * slope / precision / theirs;
      for (int i = 0; i < d; i++) {
        double gap = slope * centre[i] + pull(g, i) - belief.pull(g, i);
        square += gap * gap / theirs;
      }
    }
    return 0.5 * (d * logs + square);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    double[] z = new double[(sums.length + 1) * d];
    Normal.fill(z, 0, z.length, rng);
    for (int i = 0; i < d; i++) {
      z[i] = centre[i] + z[i] / Math.sqrt(precision);
    }
    for (int g = 0; g < sums.length; g++) {
      for (int i = 0; i < d; i++) {
        int j = (g + 1) * d + i;
        z[j] = shrinkage(g) * z[i] + pull(g, i) + Math.sqrt(within(g)) * z[j];
      }
    }
    return new SimpleMatrix(sums.length + 1, d, true, z);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
