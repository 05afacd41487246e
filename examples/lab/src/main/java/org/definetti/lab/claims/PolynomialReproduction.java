package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.symmetry.PolynomialMaps;
import org.ejml.simple.SimpleMatrix;

/**
 * S7: a random equivariant polynomial is reproduced by coefficients in the Gram matrix.
 *
 * <pre>{@code  f(V) = Σ_i c_i(G) v_i,   c_i polynomial of degree (p - 1) / 2  }</pre>
 *
 * <ul>
 *   <li>Parts: for each (d, m, p) a random element of the null space of S6; coefficients are fitted
 *       on half of the points, the residual is taken on the rest. Controls: a random polynomial of
 *       the same degree; where there are more of them, one that commutes with rotations only.
 *   <li>Source: [derived] (statement ES3).
 * </ul>
 */
public final class PolynomialReproduction implements Claim {

  /** (d, m, p); the smoke budget takes the first ones. */
  private static final int[][] CASES = {
    {2, 2, 3}, {2, 1, 5}, {2, 2, 5}, {2, 3, 3}, {3, 2, 3}, {3, 1, 7}, {4, 2, 3}
  };

  /** Returns the claim. */
  public PolynomialReproduction() {}

  @Override
  public String id() {
    return "S7";
  }

  @Override
  public String slug() {
    return "polynomial-reproduction";
  }

  @Override
  public String statement() {
    return "A random polynomial map that commutes with O(d) is a sum of rows with coefficients polynomial in"
        + " the Gram matrix, found by least squares; one that commutes with rotations only is not.";
  }

  @Override
  public Source source() {
    return Source.derived("check S7: statement ES3");
  }

  @Override
  public String prediction() {
    return "relative residual on points not fitted <= 1e-10";
  }

  @Override
  public List<String> tags() {
    return List.of("symmetry", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 2;
          case FULL -> 15;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int cases = budget == Budget.SMOKE ? 3 : budget == Budget.STANDARD ? 5 : CASES.length;
    List<ClaimPart> parts = new ArrayList<>();
    for (int[] sizes : Arrays.copyOf(CASES, cases)) {
      parts.addAll(parts(sizes, budget, seed.child(Arrays.toString(sizes)).generator()));
    }
    return ClaimResult.of(parts);
  }

  private static List<ClaimPart> parts(int[] sizes, Budget budget, RandomGenerator rng) {
    PolynomialMaps maps = PolynomialMaps.of(sizes[1], sizes[0], sizes[2]);
    List<SimpleMatrix> generators = maps.generators(true, rng);
    PolynomialMaps.Commuting all = maps.commuting(generators, rng);
    PolynomialMaps.Commuting rotations = maps.commuting(generators.subList(0, 2), rng);
    double worst = 0;
    for (int draw = 0; draw < (budget == Budget.SMOKE ? 2 : 5); draw++) {
      worst = Math.max(worst, maps.residual(rng, maps.function(all.draw(rng))));
    }
    String name = "d=" + sizes[0] + ":m=" + sizes[1] + ":p=" + sizes[2];
    Verdict verdict = Verdict.exact(worst, Prediction.atMost(AuditParts.BOUND));
    ClaimPart part = ClaimPart.of(name, verdict).withControl(generic(maps, rng));
    if (rotations.dimension() == all.dimension()) {
      return List.of(part);
    }
    double oriented = maps.residual(rng, maps.function(rotations.draw(rng)));
    Verdict notReproduced = Verdict.exact(oriented, Prediction.atLeast(0.01));
    return List.of(part, ClaimPart.of(name + ":rotations-only", notReproduced));
  }

  private static Control generic(PolynomialMaps maps, RandomGenerator rng) {
    double[] coefficients = new double[maps.unknowns()];
    Normal.fill(coefficients, 0, coefficients.length, rng);
    SimpleMatrix f = new SimpleMatrix(coefficients.length, 1, true, coefficients);
    double residual = maps.residual(rng, maps.function(f));
    return Control.of(
        Verdict.exact(residual, Prediction.atMost(AuditParts.BOUND)),
        String.format(Locale.ROOT, "a random polynomial: residual %.2g", residual));
  }
}
