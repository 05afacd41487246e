package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.apache.commons.math3.util.CombinatoricsUtils;
import org.definetti.audit.Concentration;
import org.definetti.audit.TokenDivergence;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.latent.Belief;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * A8: the posterior of a finite concept settles exponentially, at the rate of the nearest rival.
 *
 * <pre>{@code
 * E log(1 - π_X(z*)) ~ -L · min_{z ≠ z*} KL(P_z* ‖ P_z)          a typical sequence
 * log E[1 - π_X(z*)] ~ -L · min_{z ≠ z*} Chernoff(P_z*, P_z)     the mean, ruled by rare ones
 * }</pre>
 *
 * <ul>
 *   <li>Measured: the least-squares slope on L (not log L) of the mean over sequences of {@code
 *       log(1 - π)}, computed as log odds without cancellation: at L = 400 the doubt is far below
 *       one ulp of π.
 *   <li>The exponent of the mean is exact, a sum over all count vectors; a factor {@code L^(-1/2)}
 *       that large deviations of a lattice bring is taken out before the slope.
 *   <li>Controls: the Chernoff exponent where KL belongs, KL where Chernoff belongs.
 *   <li>The rivals' divergences are well apart, so that from 50 tokens on one rival rules; nearly
 *       tied rivals reach the same limit later.
 *   <li>Source: [derived: strong law on log-likelihood ratios + log-sum-exp] (check A8).
 * </ul>
 */
public final class PosteriorConcentration implements Claim {

  private static final String ID = "A8";
  private static final String DOUBT = "minus-log-doubt";
  private static final String LENGTH = "length";
  private static final int[] LENGTHS = {50, 100, 150, 200, 250, 300, 350, 400};

  private static final CategoricalConcepts CATEGORICAL =
      CategoricalConcepts.of(
          new SimpleMatrix(3, 3, true, 0.5, 0.3, 0.2, 0.2, 0.3, 0.5, 0.1, 0.1, 0.8));
  private static final GaussianConcepts GAUSSIAN =
      GaussianConcepts.of(
          new SimpleMatrix(3, 2, true, 0.0, 0.0, 0.8, 0.0, -1.5, 1.2),
          List.of(
              SimpleMatrix.identity(2),
              new SimpleMatrix(2, 2, true, 1.5, 0.3, 0.3, 0.8),
              SimpleMatrix.identity(2)));

  /** A model with the two exponents of its concept 0. */
  private record Case(String name, FiniteLatentModel<Integer> model, double kl, double chernoff) {

    static Case of(
        String name,
        FiniteLatentModel<Integer> model,
        ToDoubleBiFunction<Predictive, Predictive> kl,
        ToDoubleBiFunction<Predictive, Predictive> chernoff) {
      return new Case(name, model, exponent(model, kl), exponent(model, chernoff));
    }

    private static double exponent(
        FiniteLatentModel<Integer> model, ToDoubleBiFunction<Predictive, Predictive> divergence) {
      SimpleMatrix query = model.tokenSpace().emptyQuery();
      Predictive truth = model.valueLaw(0, query);
      return Concentration.exponent(
          0,
          model.latents().size(),
          k -> divergence.applyAsDouble(truth, model.valueLaw(k, query)));
    }
  }

  private record Size(int seeds, int sequences, double tolerance) {}

  /** Returns the claim. */
  public PosteriorConcentration() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "posterior-concentration";
  }

  @Override
  public String statement() {
    return "The posterior doubt about a finite concept falls as exp(-L min KL) along typical"
        + " sequences, while its mean falls with the smaller Chernoff exponent.";
  }

  @Override
  public Source source() {
    return Source.derived("check A8: strong law on log-likelihood ratios and log-sum-exp");
  }

  @Override
  public String prediction() {
    return "slope of E log(1 - pi) on L / -min KL = 1 ± 2 %, L = 50..400;"
        + " slope of log E(1 - pi), prefactor removed, / -Chernoff = 1 ± 2 %";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "posterior");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 2;
          case FULL -> 6;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size =
        switch (budget) {
          case SMOKE -> new Size(10, 20, 0.1);
          case STANDARD -> new Size(20, 30, 0.04);
          case FULL -> new Size(20, 100, 0.02);
        };
    List<Case> cases =
        List.of(
            Case.of(
                "categorical",
                CATEGORICAL,
                (p, q) -> TokenDivergence.categoricalKl(p.mean(), q.mean()),
                (p, q) -> TokenDivergence.categoricalChernoff(p.mean(), q.mean())),
            Case.of(
                "gaussian",
                GAUSSIAN,
                TokenDivergence::gaussianKl,
                TokenDivergence::gaussianChernoff));
    Results results =
        runner.execute(plan(cases, size, seed), cell -> measure(cases, size, seed, cell));
    List<ClaimPart> parts = new ArrayList<>();
    for (Case one : cases) {
      parts.add(part(one, curve(results, one.name), size.tolerance));
    }
    parts.add(mean(cases.get(0)));
    return ClaimResult.of(parts).withResults(List.of(results));
  }

  private static ClaimPart part(Case one, Curve curve, double tolerance) {
    Prediction prediction = Prediction.near(1, tolerance);
    Verdict verdict = Judging.linearSlope(curve, one.kl, prediction);
    Verdict wrong = Judging.linearSlope(curve, one.chernoff, prediction);
    return ClaimPart.of("typical:" + one.name, verdict)
        .withControl(
            Control.of(
                wrong,
                String.format(
                    Locale.ROOT,
                    "Chernoff exponent %.4f in place of KL %.4f: ratio %.2f",
                    one.chernoff,
                    one.kl,
                    wrong.measured())));
  }

  /** The local slope between 200 and 400 tokens of log(√L · E[1 - π]), without noise. */
  private static ClaimPart mean(Case one) {
    int near = 200;
    int far = 400;
    double slope =
        (logMeanDoubt(far) + 0.5 * Math.log(far) - logMeanDoubt(near) - 0.5 * Math.log(near))
            / (far - near);
    Prediction prediction = Prediction.near(1, 0.02);
    Verdict wrong = Verdict.exact(-slope / one.kl, prediction);
    return ClaimPart.of("mean:" + one.name, Verdict.exact(-slope / one.chernoff, prediction))
        .withControl(
            Control.of(
                wrong,
                String.format(
                    Locale.ROOT,
                    "KL %.4f in place of Chernoff %.4f: ratio %.2f",
                    one.kl,
                    one.chernoff,
                    wrong.measured())));
  }

  /** Returns log E[1 - π_X(0)] over X from concept 0: a sum over all count vectors. */
  static double logMeanDoubt(int length) {
    SimpleMatrix p = CATEGORICAL.likelihoods();
    double[] terms = new double[(length + 1) * (length + 2) / 2];
    int next = 0;
    for (int a = 0; a <= length; a++) {
      for (int b = 0; a + b <= length; b++) {
        int[] counts = {a, b, length - a - b};
        double[] logs = new double[p.getNumRows()];
        double ways = CombinatoricsUtils.factorialLog(length);
        for (int w = 0; w < counts.length; w++) {
          ways -= CombinatoricsUtils.factorialLog(counts[w]);
          for (int k = 0; k < logs.length; k++) {
            logs[k] += counts[w] * Math.log(p.get(k, w));
          }
        }
        terms[next++] = ways + logs[0] + Concentration.logDoubt(logs, 0);
      }
    }
    return LogSumExp.of(terms);
  }

  private static Curve curve(Results results, String name) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("model").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Plan plan(List<Case> cases, Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (Case one : cases) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", one.name)
                .with("claim", ID)
                .with("attention", "posterior")
                .with("origin", "derived")
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("sequences", String.valueOf(size.sequences));
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, LENGTH, cells);
  }

  private static CellResult measure(List<Case> cases, Size size, Seed seed, Cell cell) {
    Case one =
        cases.stream().filter(c -> c.name.equals(cell.axis("model"))).findFirst().orElseThrow();
    Seed own = seed.child(one.name).child(cell.axis(Cell.SEED));
    double[][] doubts = new double[LENGTHS.length][size.sequences];
    for (int n = 0; n < size.sequences; n++) {
      int longest = LENGTHS[LENGTHS.length - 1];
      Tokens tokens = one.model.drawTokens(0, longest, own.child(n).generator());
      List<Belief<Integer>> beliefs = one.model.prior().prefixes(tokens, LENGTHS);
      for (int j = 0; j < LENGTHS.length; j++) {
        doubts[j][n] = -Concentration.logDoubt(one.model, beliefs.get(j), 0);
      }
    }
    List<CellPoint> points = new ArrayList<>();
    for (int j = 0; j < LENGTHS.length; j++) {
      points.add(new CellPoint(LENGTHS[j], Map.of(DOUBT, Estimate.of(doubts[j]))));
    }
    return new CellResult(points);
  }
}
