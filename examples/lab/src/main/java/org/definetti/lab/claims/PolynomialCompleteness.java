package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.definetti.random.Seed;
import org.definetti.symmetry.PolynomialMaps;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * S6: among polynomial maps nothing commutes with every change of basis but the form.
 *
 * <pre>{@code
 * dim {f of degree p : f(V Q) = f(V) Q for all Q} = dim span {v_i <v_a, v_b> <v_c, v_e> …}
 * }</pre>
 *
 * <ul>
 *   <li>Parts: both dimensions, computed apart, for a list of (d, m, p), with relations among the
 *       inner products where m &gt; d, and zero for even p. Controls: one rotation alone, or
 *       rotations without a reflection, which leave more.
 *   <li>Unlike a sampled audit this is a proof at its degree, up to rank decisions.
 *   <li>Source: [derived] (statement ES3).
 * </ul>
 */
public final class PolynomialCompleteness implements Claim {

  /** (d, m, p), from small to large; the smoke budget takes the first ones. */
  private static final int[][] CASES = {
    {2, 2, 1}, {2, 2, 3}, {2, 1, 5}, {1, 2, 3}, {1, 3, 3}, {2, 2, 2}, {3, 2, 2}, {2, 2, 5},
    {2, 3, 3}, {3, 2, 3}, {1, 4, 5}, {3, 3, 2}, {2, 2, 4}, {3, 1, 7}, {4, 2, 3}, {2, 3, 5}
  };

  /** Returns the claim. */
  public PolynomialCompleteness() {}

  @Override
  public String id() {
    return "S6";
  }

  @Override
  public String slug() {
    return "polynomial-completeness";
  }

  @Override
  public String statement() {
    return "Every polynomial map of rows that commutes with two generic rotations and a reflection is"
        + " a sum of rows with coefficients polynomial in their inner products.";
  }

  @Override
  public Source source() {
    return Source.derived("check S6: statement ES3");
  }

  @Override
  public String prediction() {
    return "nullspace dimension = rank of the generated maps, as integers, at every (d, m, p); m C(m(m+1)/2"
        + " + r - 1, r) for m <= d and p = 2r + 1";
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
          case STANDARD -> 3;
          case FULL -> 60;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int cases = budget == Budget.SMOKE ? 8 : budget == Budget.STANDARD ? 13 : CASES.length;
    List<ClaimPart> parts = new ArrayList<>();
    for (int[] sizes : Arrays.copyOf(CASES, cases)) {
      parts.addAll(parts(sizes, seed.child(Arrays.toString(sizes)).generator()));
    }
    return ClaimResult.of(parts);
  }

  private static List<ClaimPart> parts(int[] sizes, RandomGenerator rng) {
    int d = sizes[0];
    PolynomialMaps maps = PolynomialMaps.of(sizes[1], d, sizes[2]);
    List<SimpleMatrix> generators = maps.generators(true, rng);
    int found = maps.commuting(generators, rng).dimension();
    int generated = maps.generated(rng);
    String name = "d=" + d + ":m=" + sizes[1] + ":p=" + sizes[2];
    ClaimPart part = ClaimPart.of(name, Verdict.exact(found, Prediction.near(generated, 0)));
    Control control = control(maps, generators, generated, rng);
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(control == null ? part : part.withControl(control));
    if (sizes[1] <= d) {
      Prediction formula = Prediction.near(maps.independent(), 0);
      parts.add(ClaimPart.of(name + ":formula", Verdict.exact(found, formula)));
    }
    return parts;
  }

  /** Returns what too few matrices leave, or null where they leave nothing more. */
  private static @Nullable Control control(
      PolynomialMaps maps, List<SimpleMatrix> generators, int generated, RandomGenerator rng) {
    int rotations = maps.commuting(generators.subList(0, 2), rng).dimension();
    if (rotations > generated) {
      return Control.of(
          Verdict.exact(rotations, Prediction.near(generated, 0)),
          "rotations alone leave " + rotations);
    }
    int one = maps.commuting(generators.subList(0, 1), rng).dimension();
    return one == generated
        ? null
        : Control.of(
            Verdict.exact(one, Prediction.near(generated, 0)), "one rotation leaves " + one);
  }
}
