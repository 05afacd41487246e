package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Interval;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.directional.VonMisesFisherMean;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.PosteriorForm;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * MS5: a direction measured several times. All weights are equal, and depend on the tokens through
 * the length of their sum.
 *
 * <pre>{@code
 * z uniform on the sphere,  x | z ~ vMF(z, κ)
 * E[z | X] = κ A_d(r) / r Σ_i x_i,   r = κ √(1ᵀ G 1)
 * }</pre>
 *
 * <ul>
 *   <li>Inputs are rows divided by their norms, which commutes with every orthogonal matrix.
 *   <li>Parts: the belief is the form {@link PosteriorForm#direction}; quadrature over the circle
 *       and the sphere says the same, and Monte Carlo over the sphere of R^4 within 1e-3;
 *       rotations, reflections, token order, span; tokens with other angles and the same sum give
 *       the same answer.
 *   <li>Controls: another concentration, a prior that leans to one side, a hidden Markov model,
 *       tokens that may be outliers, whose angles matter.
 *   <li>Source: [derived].
 * </ul>
 */
public final class DirectionWeights implements Claim {

  private static final double KAPPA = 1.6;

  /** Not larger: uniform draws seldom hit where the posterior is narrow. */
  private static final double DRAWN_KAPPA = 0.5;

  private static final double MONTE_CARLO_TOLERANCE = 1e-3;

  private static final NamedFunction POSTERIOR = ofModel("von-mises-fisher-mean", KAPPA, 0);
  private static final NamedFunction WRONG = ofModel("another concentration", 1.8, 0);
  private static final NamedFunction BIASED = ofModel("a prior that leans", KAPPA, 1.5);

  private static final NamedFunction FORM =
      new NamedFunction(
          "form",
          plan ->
              (x, z) ->
                  PosteriorForm.direction(plan.dimension(), KAPPA)
                      .transform(KernelDenoiser.unitRows(x), z));

  /** Outliers count less: what matters is how tokens agree. */
  private static final NamedFunction OUTLIERS =
      new NamedFunction(
          "tokens that may be outliers",
          plan -> {
            SequenceFunction mean =
                SequenceFunction.ofPredictive(
                    z -> PosteriorFunctions.contaminated(plan.dimension()));
            return (x, z) -> mean.transform(KernelDenoiser.unitRows(x), z);
          });

  /** Returns the claim. */
  public DirectionWeights() {}

  @Override
  public String id() {
    return "MS5";
  }

  @Override
  public String slug() {
    return "direction-weights";
  }

  @Override
  public String statement() {
    return "The posterior mean of a uniform direction measured with von Mises-Fisher noise "
        + "is the sum of the measurements times a Bessel ratio of its length: it turns "
        + "with them, their order does not matter, and neither do the angles between "
        + "them, given the sum.";
  }

  @Override
  public Source source() {
    return Source.derived("model MS5: statements BS1, ES1 and P1");
  }

  @Override
  public String prediction() {
    return "belief = form = quadrature, rotations, reflections, span, sum within 1e-10; "
        + "order within 1e-12; Monte Carlo within 1e-3";
  }

  @Override
  public List<String> tags() {
    return List.of("symmetry", "posterior", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 3;
          case FULL -> 30;
        });
  }

  private static NamedFunction ofModel(String name, double concentration, double leaning) {
    return new NamedFunction(
        name,
        plan -> {
          VonMisesFisherMean uniform = VonMisesFisherMean.of(plan.dimension(), concentration);
          SimpleMatrix parameter = PosteriorFunctions.leaning(plan).scale(leaning);
          VonMisesFisherMean model = leaning == 0 ? uniform : uniform.withPrior(parameter);
          return (x, z) ->
              model
                  .prior()
                  .observe(PosteriorFunctions.tokens(model, KernelDenoiser.unitRows(x)))
                  .mean();
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    PosteriorParts parts =
        new PosteriorParts(POSTERIOR, FORM, budget, seed)
            .form(WRONG)
            .oracle(
                "quadrature over circle and sphere",
                List.of(AuditPlan.of(4, 0, 2), AuditPlan.of(5, 0, 3)),
                DirectionWeights::quadrature,
                WRONG)
            .rotations(BIASED)
            .reflections(BIASED)
            .tokenOrder(PosteriorFunctions.ORDERED)
            .span(BIASED);
    sameSum(parts, budget, seed.child("sum"));
    monteCarlo(parts, budget, seed.child("monte-carlo"));
    return ClaimResult.of(parts.parts());
  }

  /** Returns E[z | X] on the circle or the sphere: a rule of equal steps that knows no Bessel. */
  private static SimpleMatrix quadrature(AuditInput input) {
    SimpleMatrix x = KernelDenoiser.unitRows(input.tokens());
    int d = x.getNumCols();
    int turns = 96;
    int heights = d == 2 ? 1 : 401;
    double[] sum = new double[d];
    double total = 0;
    for (int h = 0; h < heights; h++) {
      double u = d == 2 ? 0 : (h - 200) / 10.0; // z_3 = tanh u: the rule is exact to all digits
      double across = 1 / Math.cosh(u);
      for (int t = 0; t < turns; t++) {
        double angle = 2 * Math.PI * t / turns;
        double[] z = {across * Math.cos(angle), across * Math.sin(angle), Math.tanh(u)};
        double weight = (d == 2 ? 1 : across * across) * likelihood(x, z);
        total += weight;
        for (int j = 0; j < d; j++) {
          sum[j] += weight * z[j];
        }
      }
    }
    return new SimpleMatrix(1, d, true, sum).divide(total);
  }

  private static double likelihood(SimpleMatrix x, double[] z) {
    double product = 1;
    for (int i = 0; i < x.getNumRows(); i++) {
      double cosine = 0;
      for (int j = 0; j < x.getNumCols(); j++) {
        cosine += x.get(i, j) * z[j];
      }
      product *= Math.exp(KAPPA * cosine);
    }
    return product;
  }

  /** Adds that a reflection of two tokens alone that leaves their sum changes nothing. */
  private static void sameSum(PosteriorParts parts, Budget budget, Seed seed) {
    double right = 0;
    double wrong = 0;
    for (AuditPlan plan : PosteriorParts.plans(budget)) {
      RandomGenerator rng = seed.child(plan.toString()).generator();
      for (int trial = 0; trial < PosteriorParts.trials(budget); trial++) {
        AuditInput unit =
            new AuditInput(
                KernelDenoiser.unitRows(plan.input(rng).tokens()),
                new SimpleMatrix(0, plan.dimension()),
                "unit rows");
        AuditInput moved =
            new AuditInput(reflectedPair(unit.tokens(), rng), unit.knowledge(), "two moved");
        right = Math.max(right, apart(POSTERIOR, plan, unit, moved));
        wrong = Math.max(wrong, apart(OUTLIERS, plan, unit, moved));
      }
    }
    parts.add(
        "same-sum",
        Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)),
        PosteriorParts.control(OUTLIERS, wrong));
  }

  private static double apart(NamedFunction f, AuditPlan plan, AuditInput a, AuditInput b) {
    SequenceFunction function = f.of().apply(plan);
    return PosteriorParts.distance(a.outputOf(function), b.outputOf(function));
  }

  /** Returns the rows with the first two reflected along a direction across their sum. */
  private static SimpleMatrix reflectedPair(SimpleMatrix x, RandomGenerator rng) {
    int d = x.getNumCols();
    double[] direction = new double[d];
    Normal.fill(direction, 0, d, rng);
    SimpleMatrix sum = x.extractVector(true, 0).plus(x.extractVector(true, 1));
    SimpleMatrix u = new SimpleMatrix(1, d, true, direction);
    u = u.minus(sum.scale(u.dot(sum) / sum.dot(sum)));
    u = u.divide(u.normF());
    double[] rows = x.getDDRM().data.clone();
    for (int i = 0; i < 2; i++) {
      double along = x.extractVector(true, i).dot(u);
      for (int j = 0; j < d; j++) {
        rows[i * d + j] -= 2 * along * u.get(0, j);
      }
    }
    return new SimpleMatrix(x.getNumRows(), d, true, rows);
  }

  /**
   * Adds that uniform draws of z, weighed by the likelihood, average to the form; z and -z are
   * drawn together.
   */
  private static void monteCarlo(PosteriorParts parts, Budget budget, Seed seed) {
    AuditPlan plan = AuditPlan.of(3, 0, 4);
    RandomGenerator rng = seed.generator();
    AuditInput input = plan.input(rng);
    SimpleMatrix unit = KernelDenoiser.unitRows(input.tokens());
    SimpleMatrix mean = PosteriorForm.direction(4, DRAWN_KAPPA).transform(unit, input.knowledge());
    SimpleMatrix sum = SimpleMatrix.ones(1, 3).mult(unit);
    Estimated estimated = Estimated.of(sum, draws(budget), rng);
    double gap = 0;
    double error = 0;
    for (int j = 0; j < plan.dimension(); j++) {
      gap = Math.max(gap, Math.abs(estimated.mean[j] - mean.get(0, j)));
      error = Math.max(error, estimated.error[j]);
    }
    Verdict verdict =
        Verdict.of(
            gap,
            new Interval(Math.max(0, gap - 3 * error), gap + 3 * error),
            Prediction.atMost(MONTE_CARLO_TOLERANCE));
    SimpleMatrix wrong =
        PosteriorForm.direction(4, 1.1 * DRAWN_KAPPA).transform(unit, input.knowledge());
    double off = 0;
    for (int j = 0; j < plan.dimension(); j++) {
      off = Math.max(off, Math.abs(estimated.mean[j] - wrong.get(0, j)));
    }
    boolean caught = off - 3 * error > MONTE_CARLO_TOLERANCE;
    parts.add(
        "monte-carlo",
        verdict,
        Control.of(caught, PosteriorParts.text("another concentration: off by", off)));
  }

  private static int draws(Budget budget) {
    return switch (budget) {
      case SMOKE -> 1_500_000;
      case STANDARD -> 10_000_000;
      case FULL -> 32_000_000;
    };
  }

  /** A ratio of averages with its standard error, coordinate by coordinate. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record Estimated(double[] mean, double[] error) {

    static Estimated of(SimpleMatrix sum, int draws, RandomGenerator rng) {
      int d = sum.getNumCols();
      double[] parameter = sum.scale(DRAWN_KAPPA).getDDRM().data;
      double[] z = new double[d];
      double mass = 0;
      double massSquare = 0;
      double[] total = new double[d];
      double[] square = new double[d];
      double[] product = new double[d];
      for (int n = 0; n < draws; n++) {
        Sphere.fill(z, 0, d, rng);
        double dot = 0;
        for (int j = 0; j < d; j++) {
          dot += parameter[j] * z[j];
        }
        double exp = Math.exp(dot);
        double even = 0.5 * (exp + 1 / exp);
        double odd = 0.5 * (exp - 1 / exp);
        mass += even;
        massSquare += even * even;
        for (int j = 0; j < d; j++) {
          total[j] += odd * z[j];
          square[j] += odd * odd * z[j] * z[j];
          product[j] += odd * z[j] * even;
        }
      }
      double[] mean = new double[d];
      double[] error = new double[d];
      for (int j = 0; j < d; j++) {
        mean[j] = total[j] / mass;
        double squares = square[j] - 2 * mean[j] * product[j] + mean[j] * mean[j] * massSquare;
        error[j] = Math.sqrt(squares) / mass;
      }
      return new Estimated(mean, error);
    }
  }
}
