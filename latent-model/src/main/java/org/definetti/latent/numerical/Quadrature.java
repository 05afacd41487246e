package org.definetti.latent.numerical;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Gamma;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The belief about a latent row of one to three numbers by quadrature, with its own error.
 *
 * <pre>{@code
 * prior() { return Quadrature.of(this, LatentPrior.gaussian(mean, covariance)); }
 * }</pre>
 *
 * <p>In the coordinates u of the {@link LatentPrior} the posterior is a density on all of R^d. Its
 * peaks are found by a scan and by climbing; around the highest, in units of its curvature, lies a
 * lattice of step h, which spreads wherever the density is above e^-37 of its peak. So a posterior
 * a thousandth as wide as the prior costs what the prior costs.
 *
 * <ul>
 *   <li>Rule: the trapezoid rule on two such lattices, shifted against each other by (1/2, 1/4,
 *       1/8) of a step. For a normal density the relative error of one is about {@code 2 d
 *       e^{-2π²/h²}}; h starts at 0.8 and is halved until the estimated error is below the
 *       tolerance or the points run out.
 *   <li>Error: the difference of the two lattices (times the dimension, as the shift shows less of
 *       some terms), plus the weight of the rim, plus rounding. It is that of the worse half, so
 *       usually above the true error.
 *   <li>What no estimate sees: a second peak that the scan of 65, 17² or 9³ prior latents missed.
 *   <li>Tokens: all are kept, and every point costs their likelihood, {@link
 *       LikelihoodModel#logLikelihood(Object, Tokens)}: about 50 points in one dimension, 700 in
 *       two, 10,000 in three, and more where the posterior is far from normal.
 *   <li>Computed once, when first asked; the same tokens give the same bits.
 *   <li>Source: error of the trapezoid rule by Poisson summation [recalled]; two shifted lattices
 *       [derived].
 * </ul>
 *
 * <p>Immutable and safe to share between threads if the model is.
 */
public final class Quadrature implements ApproximateBelief<SimpleMatrix> {

  private static final double DEFAULT_TOLERANCE = 1e-9;
  private static final int DEFAULT_POINTS = 200_000;
  private static final int FEWEST_POINTS = 8;
  private static final int PROPOSAL_FREEDOM = 4;
  private static final double ENVELOPE = 1.2;

  private final LikelihoodModel<SimpleMatrix> model;
  private final LatentPrior prior;
  private final double tolerance;
  private final int mostPoints;
  private final Tokens tokens;
  private volatile @Nullable QuadratureRule rule;
  private volatile @Nullable WeightedLatents<SimpleMatrix> law;
  private volatile @Nullable QuadratureRule normaliser;

  private Quadrature(
      LikelihoodModel<SimpleMatrix> model,
      LatentPrior prior,
      double tolerance,
      int mostPoints,
      Tokens tokens) {
    this.model = model;
    this.prior = prior;
    this.tolerance = tolerance;
    this.mostPoints = mostPoints;
    this.tokens = tokens;
  }

  /** Returns the prior of a model: error at most 1e-9 standard deviations or 200,000 points. */
  public static Quadrature of(LikelihoodModel<SimpleMatrix> model, LatentPrior prior) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(prior, "prior");
    Tokens none = Tokens.none(model.tokenSpace());
    return new Quadrature(model, prior, DEFAULT_TOLERANCE, DEFAULT_POINTS, none);
  }

  /** Returns this belief with another wanted error, in standard deviations of z; above zero. */
  public Quadrature withTolerance(double error) {
    Check.positive("error", error);
    return new Quadrature(model, prior, error, mostPoints, tokens);
  }

  /**
   * Returns this belief with another limit of points, at least 8; what that costs in accuracy shows
   * in its error.
   */
  public Quadrature withPoints(int most) {
    Check.atLeast("most", FEWEST_POINTS, most);
    return new Quadrature(model, prior, tolerance, most, tokens);
  }

  private QuadratureRule rule() {
    QuadratureRule known = rule;
    if (known == null) {
      known = rule(z -> 0);
      rule = known;
    }
    return known;
  }

  private QuadratureRule rule(ToDoubleFunction<SimpleMatrix> more) {
    return rule(more, points -> true);
  }

  private QuadratureRule rule(
      ToDoubleFunction<SimpleMatrix> more, Predicate<QuadratureRule> isEnough) {
    return QuadratureRule.of(
        prior,
        u -> {
          SimpleMatrix z = prior.latent(u);
          double log = prior.logDensity(u, z);
          return log > Double.NEGATIVE_INFINITY
              ? log + model.logLikelihood(z, tokens) + more.applyAsDouble(z)
              : log;
        },
        tolerance,
        mostPoints,
        isEnough);
  }

  private WeightedLatents<SimpleMatrix> law() {
    WeightedLatents<SimpleMatrix> known = law;
    if (known == null) {
      QuadratureRule points = rule();
      known = new WeightedLatents<>(model, points.latents, points.weights);
      law = known;
    }
    return known;
  }

  private QuadratureRule normaliser() {
    QuadratureRule known = normaliser;
    if (known == null) {
      known =
          QuadratureRule.of(
              prior, u -> prior.logDensity(u, prior.latent(u)), tolerance, mostPoints);
      normaliser = known;
    }
    return known;
  }

  private double logNormaliser() {
    return prior.isNormalised() ? 0 : normaliser().logIntegral;
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens more) {
    return new Quadrature(model, prior, tolerance, mostPoints, plus(more));
  }

  /** Returns all tokens; asks the model once, so that it refuses values it does not know. */
  private Tokens plus(Tokens more) {
    Check.space(model.tokenSpace(), more);
    model.logLikelihood(prior.latent(new double[prior.dimension()]), more);
    return tokens.plus(more);
  }

  /** {@inheritDoc} The models must be equal; the settings are those of this. */
  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (other instanceof Quadrature belief && model.equals(belief.model)) {
      return observe(belief.tokens);
    }
    throw new IllegalArgumentException(
        "other: expected a belief of the same model as " + this + ", got " + other);
  }

  /** {@inheritDoc} All share one copy of the tokens where this has seen none. */
  @Override
  public List<Belief<SimpleMatrix>> prefixes(Tokens more, int... lengths) {
    Tokens all = plus(more);
    List<Belief<SimpleMatrix>> beliefs = new ArrayList<>(lengths.length);
    int seen = 0;
    for (int length : lengths) {
      if (length < seen || length > more.length()) {
        throw new IllegalArgumentException(
            "lengths: expected increasing and at most " + more.length() + ", got " + length);
      }
      Tokens prefix = all.prefix(tokens.length() + length);
      beliefs.add(new Quadrature(model, prior, tolerance, mostPoints, prefix));
      seen = length;
    }
    return beliefs;
  }

  @Override
  public double count() {
    return tokens.length();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where a model of real tokens does not say {@link LikelihoodModel#valueLaw}, moments come
   * from 65,536 tokens drawn with a fixed seed, and their Monte Carlo error is part of the mean's
   * error.
   *
   * <p>The probability of a value that says much more about z than the tokens seen is integrated
   * anew, and so are the moments of a value that depends on z too steeply for the points of the
   * posterior: their error is at most the tolerance too, in standard deviations of the value.
   *
   * @throws UnsupportedOperationException if a model of (key, value) tokens does not say valueLaw
   */
  @Override
  public Predictive predictive(SimpleMatrix query) {
    return new Refined(query);
  }

  private final class Refined implements Predictive {

    private final SimpleMatrix query;
    private final Predictive coarse;
    private volatile @Nullable Predictive fine;

    Refined(SimpleMatrix query) {
      this.query = query;
      this.coarse = law().predictive(query, rule()::error);
    }

    private Predictive fine() {
      Predictive known = fine;
      if (known == null) {
        boolean suffices = coarse instanceof DrawnPredictive || isWithin(coarse);
        known = suffices ? coarse : by(rule(z -> 0, points -> isWithin(by(points))));
        fine = known;
      }
      return known;
    }

    private Predictive by(QuadratureRule points) {
      return new WeightedLatents<>(model, points.latents, points.weights)
          .predictive(query, points::error);
    }

    private boolean isWithin(Predictive predictive) {
      double rounding = 1e-12 * predictive.mean().normF();
      double deviation = Math.sqrt(predictive.covariance().trace());
      return predictive.meanError() <= rule().attainable(tolerance) * deviation + rounding;
    }

    @Override
    public SimpleMatrix mean() {
      return fine().mean();
    }

    @Override
    public SimpleMatrix covariance() {
      return fine().covariance();
    }

    @Override
    public double logProbability(double[] value) {
      QuadratureRule points = rule();
      double[] logs = new double[points.latents.size()];
      for (int k = 0; k < logs.length; k++) {
        logs[k] = logValue(points.latents.get(k), value);
      }
      double log = points.logMean(logs, tolerance);
      return Double.isNaN(log)
          ? rule(z -> logValue(z, value)).logIntegral - points.logIntegral
          : log;
    }

    private double logValue(SimpleMatrix latent, double[] value) {
      try {
        return model.valueLaw(latent, query).logProbability(value);
      } catch (UnsupportedOperationException none) {
        return model.logLikelihood(latent, Token.real(value));
      }
    }

    @Override
    public double[] draw(RandomGenerator rng) {
      return fine().draw(rng);
    }

    @Override
    public double meanError() {
      return fine().meanError();
    }
  }

  @Override
  public SimpleMatrix mean() {
    return law().mean();
  }

  @Override
  public SimpleMatrix covariance() {
    return law().covariance();
  }

  @Override
  public double error() {
    return rule().error(law().coordinates());
  }

  @Override
  public double logEvidence() {
    return rule().logIntegral - logNormaliser();
  }

  @Override
  public double logEvidenceError() {
    return rule().logIntegralError + (prior.isNormalised() ? 0 : normaliser().logIntegralError);
  }

  @Override
  public double effectiveSampleSize() {
    return law().effectiveSize();
  }

  @Override
  public double logDensity(SimpleMatrix latent) {
    Check.matrix("latent", latent, 1, prior.dimension());
    return prior.logDensity(latent) + model.logLikelihood(latent, tokens) - rule().logIntegral;
  }

  /** {@inheritDoc} By the same points. */
  @Override
  public double entropyNats() {
    double sum = 0;
    QuadratureRule points = rule();
    for (int k = 0; k < points.weights.length; k++) {
      if (points.weights[k] > 0) {
        sum -= points.weights[k] * logDensity(points.latents.get(k));
      }
    }
    return sum;
  }

  /** {@inheritDoc} By the points of this, from another quadrature of as many dimensions. */
  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (!(other instanceof Quadrature belief) || belief.prior.dimension() != prior.dimension()) {
      throw new IllegalArgumentException(
          "other: expected a quadrature of as many dimensions as " + this + ", got " + other);
    }
    double sum = 0;
    QuadratureRule points = rule();
    for (int k = 0; k < points.weights.length; k++) {
      if (points.weights[k] > 0) {
        SimpleMatrix z = points.latents.get(k);
        sum += points.weights[k] * (logDensity(z) - belief.logDensity(z));
      }
    }
    return Math.max(0, sum);
  }

  /**
   * {@inheritDoc}
   *
   * <p>By rejection from a Student law of 4 degrees of freedom with the moments of the points; the
   * envelope is the largest ratio at the points, raised by a fifth.
   */
  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    return sampler().draw(rng);
  }

  private volatile @Nullable Sampler sampler;

  private Sampler sampler() {
    Sampler known = sampler;
    if (known == null) {
      known = new Sampler(rule());
      sampler = known;
    }
    return known;
  }

  private final class Sampler {

    private final int d = prior.dimension();
    private final double[] mean = new double[d];
    private final double[] factor = new double[d * d];
    private final double logEnvelope;

    Sampler(QuadratureRule points) {
      for (int k = 0; k < points.weights.length; k++) {
        for (int i = 0; i < d; i++) {
          mean[i] += points.weights[k] * points.points.get(k)[i];
        }
      }
      for (int k = 0; k < points.weights.length; k++) {
        double[] u = points.points.get(k);
        for (int i = 0; i < d * d; i++) {
          factor[i] += points.weights[k] * (u[i / d] - mean[i / d]) * (u[i % d] - mean[i % d]);
        }
      }
      SmallCholesky.factor("covariance of the posterior", factor, d);
      double largest = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < points.weights.length; k++) {
        largest = Math.max(largest, points.logs[k] - logStudent(points.points.get(k)));
      }
      logEnvelope = largest + Math.log(ENVELOPE);
    }

    /** Returns the log density of the proposal, up to a constant. */
    private double logStudent(double[] u) {
      double[] gap = u.clone();
      for (int i = 0; i < d; i++) {
        gap[i] -= mean[i];
      }
      SmallCholesky.solveLower(factor, d, gap);
      return -0.5
          * (PROPOSAL_FREEDOM + d)
          * Math.log1p(LatentPrior.squaredLength(gap) / PROPOSAL_FREEDOM);
    }

    SimpleMatrix draw(RandomGenerator rng) {
      double[] u = new double[d];
      double[] normal = new double[d];
      while (true) {
        Normal.fill(normal, 0, d, rng);
        double stretch =
            Math.sqrt(PROPOSAL_FREEDOM / (2 * Gamma.draw(0.5 * PROPOSAL_FREEDOM, rng)));
        for (int i = 0; i < d; i++) {
          u[i] = mean[i];
          for (int j = 0; j <= i; j++) {
            u[i] += stretch * factor[i * d + j] * normal[j];
          }
        }
        SimpleMatrix z = prior.latent(u);
        double log = prior.logDensity(u, z) + model.logLikelihood(z, tokens);
        if (Math.log(1 - rng.nextDouble()) < log - logStudent(u) - logEnvelope) {
          return z;
        }
      }
    }
  }

  @Override
  public String toString() {
    return "quadrature of " + model + " after " + tokens.length() + " tokens";
  }
}
