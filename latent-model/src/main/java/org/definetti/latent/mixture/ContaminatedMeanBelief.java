package org.definetti.latent.mixture;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.numerical.ApproximateBelief;
import org.definetti.random.Categorical;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a {@link ContaminatedMean}, with the posterior worked out when first asked: all
 * assignments of outliers up to 14 tokens, a bounded trapezoid rule beyond.
 */
final class ContaminatedMeanBelief implements ApproximateBelief<SimpleMatrix> {

  private static final int[] LIMITS = {0, 100_000, 20_000, 2_000};

  private final ContaminatedMean model;
  private final Tokens tokens;
  private volatile @Nullable OutlierAssignments assignments;
  private volatile @Nullable ContaminatedLattice lattice;

  private ContaminatedMeanBelief(ContaminatedMean model, Tokens tokens) {
    this.model = model;
    this.tokens = tokens;
    int d = model.tokenSpace().dimension();
    int limit = d < LIMITS.length ? LIMITS[d] : OutlierAssignments.MOST_TOKENS;
    if (tokens.length() > limit) {
      throw new IllegalArgumentException(
          "tokens: expected at most "
              + limit
              + " of contaminated-mean in "
              + d
              + " dimensions, got "
              + tokens.length());
    }
  }

  static ContaminatedMeanBelief prior(ContaminatedMean model) {
    return new ContaminatedMeanBelief(model, Tokens.none(model.tokenSpace()));
  }

  private boolean isEnumerated() {
    return tokens.length() <= OutlierAssignments.MOST_TOKENS;
  }

  private OutlierAssignments assignments() {
    OutlierAssignments known = assignments;
    if (known == null) {
      known = new OutlierAssignments(model, tokens);
      assignments = known;
    }
    return known;
  }

  private ContaminatedLattice lattice() {
    ContaminatedLattice known = lattice;
    if (known == null) {
      known = new ContaminatedLattice(model, tokens);
      lattice = known;
    }
    return known;
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens more) {
    Check.space(model.tokenSpace(), more);
    return new ContaminatedMeanBelief(model, tokens.plus(more));
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (other instanceof ContaminatedMeanBelief belief && model.equals(belief.model)) {
      return observe(belief.tokens);
    }
    throw new IllegalArgumentException(
        "other: expected a belief of the same model as " + this + ", got " + other);
  }

  @Override
  public List<Belief<SimpleMatrix>> prefixes(Tokens more, int... lengths) {
    Check.space(model.tokenSpace(), more);
    Tokens all = tokens.plus(more);
    List<Belief<SimpleMatrix>> beliefs = new ArrayList<>(lengths.length);
    int seen = 0;
    for (int length : lengths) {
      if (length < seen || length > more.length()) {
        throw new IllegalArgumentException(
            "lengths: expected increasing and at most " + more.length() + ", got " + length);
      }
      beliefs.add(new ContaminatedMeanBelief(model, all.prefix(tokens.length() + length)));
      seen = length;
    }
    return beliefs;
  }

  @Override
  public double count() {
    return tokens.length();
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    Check.matrix("query", query, 1, model.tokenSpace().keyWidth());
    return new Outlook();
  }

  /** The law of the next token, a mixture over assignments or over lattice points. */
  private final class Outlook implements Predictive {

    private final SimpleMatrix mean = ContaminatedMeanBelief.this.mean();

    @Override
    public SimpleMatrix mean() {
      return mean;
    }

    @Override
    public SimpleMatrix covariance() {
      double p = model.outlierProbability();
      double noise = (1 - p) * model.noiseVariance() + p * model.outlierVariance();
      int d = model.tokenSpace().dimension();
      return ContaminatedMeanBelief.this.covariance().plus(SimpleMatrix.identity(d).scale(noise));
    }

    @Override
    public double logProbability(double[] value) {
      Check.width("value", model.tokenSpace().dimension(), value);
      return isEnumerated() ? byAssignments(value) : byLattice(value);
    }

    private double byAssignments(double[] value) {
      OutlierAssignments all = assignments();
      double[] terms = new double[all.count()];
      for (int c = 0; c < terms.length; c++) {
        terms[c] =
            Math.log(all.weight(c))
                + model.around(all.mean(c), all.variance(c)).logProbability(value);
      }
      return LogSumExp.of(terms);
    }

    // A value so far off that it moves the posterior to its own rim gets a lattice of its own.
    private double byLattice(double[] value) {
      ContaminatedLattice points = lattice();
      double[] terms = new double[points.count()];
      for (int k = 0; k < terms.length; k++) {
        terms[k] = model.around(points.place(k), 0).logProbability(value);
      }
      double log = points.logMean(terms);
      return Double.isNaN(log)
          ? observe(Tokens.of(model.tokenSpace(), Token.real(value))).logEvidence() - logEvidence()
          : log;
    }

    @Override
    public double[] draw(RandomGenerator rng) {
      return model.drawToken(sample(rng), rng).coordinates();
    }

    @Override
    public double meanError() {
      return error();
    }
  }

  @Override
  public SimpleMatrix mean() {
    return isEnumerated() ? assignments().mean() : lattice().mean();
  }

  @Override
  public SimpleMatrix covariance() {
    return isEnumerated() ? assignments().covariance() : lattice().covariance();
  }

  /** {@inheritDoc} Zero up to 14 tokens, else the bound of {@link ContaminatedMean#prior}. */
  @Override
  public double error() {
    return isEnumerated() ? 0 : lattice().meanError();
  }

  @Override
  public double logEvidence() {
    return isEnumerated() ? assignments().logEvidence() : lattice().logEvidence();
  }

  @Override
  public double logEvidenceError() {
    return isEnumerated() ? 0 : -Math.log1p(-Math.min(1, lattice().evidenceError()));
  }

  @Override
  public double effectiveSampleSize() {
    double squares = 0;
    int count = isEnumerated() ? assignments().count() : lattice().count();
    for (int k = 0; k < count; k++) {
      double w = isEnumerated() ? assignments().weight(k) : lattice().weight(k);
      squares += w * w;
    }
    return 1 / squares;
  }

  @Override
  public double logDensity(SimpleMatrix latent) {
    double[] z = Check.matrix("latent", latent, 1, model.tokenSpace().dimension()).getDDRM().data;
    return new ContaminatedDensity(model, tokens).at(z) - logEvidence();
  }

  @Override
  public double entropyNats() {
    throw new UnsupportedOperationException(
        "contaminated-mean has no entropy because it is a mixture of normal laws");
  }

  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    throw new UnsupportedOperationException(
        "contaminated-mean has no divergence because it is a mixture of normal laws");
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    if (!isEnumerated()) {
      return lattice().draw(rng);
    }
    OutlierAssignments all = assignments();
    double[] weights = new double[all.count()];
    for (int c = 0; c < weights.length; c++) {
      weights[c] = all.weight(c);
    }
    int c = Categorical.of(weights).draw(rng);
    double[] z = all.mean(c).getDDRM().data;
    double deviation = Math.sqrt(all.variance(c));
    for (int i = 0; i < z.length; i++) {
      z[i] += deviation * Normal.draw(rng);
    }
    return new SimpleMatrix(1, z.length, true, z);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + tokens.length() + " tokens";
  }
}
