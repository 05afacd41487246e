package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Interval;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.ElmanNetwork;
import org.definetti.symmetry.ExactOrthogonal;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.Move;
import org.definetti.symmetry.RemovableRisk;
import org.definetti.symmetry.SequenceFunction;
import org.definetti.symmetry.SymmetryGroup;
import org.ejml.simple.SimpleMatrix;

/**
 * S16: half the mean-square defect is the risk that symmetrising removes.
 *
 * <pre>{@code  R(f) - R(S f) = 1/2 E_(g, X) ‖f(g X) - g f(X)‖²  }</pre>
 *
 * <ul>
 *   <li>Enumerated, over whole orbits: the 48 signed permutations of three coordinates with a tanh
 *       network, the 120 orders of five tokens with an Elman network, and all 1152 elements of the
 *       Hadamard group with generic attention. The left side is two risks against a target that has
 *       the symmetry, with S f computed at every point of the orbit; the right side is {@link
 *       RemovableRisk#onOrbits}.
 *   <li>Sampled: a linear layer under Haar draws, whose symmetrisation is known, {@code S f(X) = X
 *       tr(W) / d}, so that the removable risk is {@code n ‖W - I tr(W) / d‖²} for normal tokens.
 *   <li>Controls: an input law without the symmetry, one point of each orbit instead of all; normal
 *       tokens with a mean.
 *   <li>Source: that symmetrising lowers the risk [source: Elesedy-2021, abstract]; the identity
 *       [derived].
 * </ul>
 */
public final class DefectIsRisk implements Claim {

  private static final double BOUND = 1e-12; // sums over orbits, and a difference of risks

  /** Of 99.9 %, two-sided. */
  private static final double NORMAL_QUANTILE = 3.2905;

  /** Returns the claim. */
  public DefectIsRisk() {}

  @Override
  public String id() {
    return "S16";
  }

  @Override
  public String slug() {
    return "defect-is-risk";
  }

  @Override
  public String statement() {
    return "For squared loss, an input law and a target with a symmetry, the risk of a function exceeds that"
        + " of its symmetrised version by half its mean-square defect, which needs no target to"
        + " compute.";
  }

  @Override
  public Source source() {
    return Source.derived("check S16: cf. Elesedy and Zaidi 2021");
  }

  @Override
  public String prediction() {
    return "relative difference <= 1e-12 over whole orbits; under Haar draws the 99.9 % interval within"
        + " 5 % of n |W - I tr(W)/d|^2";
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
          case FULL -> 60;
        });
  }

  @Override
  public double level() {
    return 0.999;
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int orbits = budget == Budget.SMOKE ? 1 : budget == Budget.STANDARD ? 3 : 20;
    List<ClaimPart> parts = new ArrayList<>();
    SimpleMatrix weight = NamedFunction.weight("tanh", 3, 3);
    parts.add(
        enumerated(
            "signed-permutations",
            SymmetryGroup.signedPermutations(3),
            inputs(AuditPlan.of(4, 2, 3), orbits, seed.child("signs")),
            (x, z) -> NamedFunction.map(x.mult(weight), Math::tanh)));
    parts.add(
        enumerated(
            "token-orders",
            SymmetryGroup.tokenOrders(5, true),
            inputs(AuditPlan.of(5, 2, 3), orbits, seed.child("orders")),
            ElmanNetwork.draw(3, 0.9, Seed.of(16).generator())));
    if (budget != Budget.SMOKE) {
      AuditPlan plan = AuditPlan.of(4, 2, 4);
      List<Move> moves = ExactOrthogonal.hadamardGroup().stream().map(Move::turn).toList();
      parts.add(
          enumerated(
              "hadamard-group",
              SymmetryGroup.listed("Hadamard", moves),
              inputs(plan, Math.max(1, orbits / 10), seed.child("hadamard")),
              NamedFunction.GENERIC.of().apply(plan)));
    }
    parts.add(sampled(budget, seed.child("haar")));
    return ClaimResult.of(parts);
  }

  private static List<AuditInput> inputs(AuditPlan plan, int count, Seed seed) {
    RandomGenerator rng = seed.generator();
    return Stream.generate(() -> plan.input(rng)).limit(count).toList();
  }

  /** Both sides over whole orbits, beside the same with one point an orbit. */
  private static ClaimPart enumerated(
      String name, SymmetryGroup group, List<AuditInput> inputs, SequenceFunction function) {
    SequenceFunction target = GramAttention.gaussian(2).plus(GramAttention.knowledge(2));
    SequenceFunction symmetrised = group.symmetrised(function);
    List<AuditInput> all = new ArrayList<>();
    for (AuditInput input : inputs) {
      group.elements().forEach(move -> all.add(move.input().apply(input)));
    }
    double removed = risk(all, function, target) - risk(all, symmetrised, target);
    double half = RemovableRisk.onOrbits(group, inputs, function).value();
    double elsewhere = risk(inputs, function, target) - risk(inputs, symmetrised, target);
    Prediction equal = Prediction.atMost(BOUND);
    double off = Math.abs(elsewhere - half) / half;
    return ClaimPart.of(name, Verdict.exact(Math.abs(removed - half) / half, equal))
        .withControl(
            Control.of(
                Verdict.exact(off, equal),
                String.format(Locale.ROOT, "one point of each orbit: off by %.2g", off)));
  }

  private static double risk(
      List<AuditInput> inputs, SequenceFunction function, SequenceFunction target) {
    double sum = 0;
    for (AuditInput input : inputs) {
      double norm = input.outputOf(function).minus(input.outputOf(target)).normF();
      sum += norm * norm;
    }
    return sum / inputs.size();
  }

  /** Haar draws, against what a linear layer has to lose. */
  private static ClaimPart sampled(Budget budget, Seed seed) {
    int draws = budget == Budget.SMOKE ? 10_000 : budget == Budget.STANDARD ? 50_000 : 200_000;
    AuditPlan plan = AuditPlan.of(3, 0, 4);
    SimpleMatrix weight = NamedFunction.weight("linear", 4, 4);
    SimpleMatrix rest = weight.minus(SimpleMatrix.identity(4).scale(weight.trace() / 4));
    double exact = plan.tokens() * rest.normF() * rest.normF();
    SequenceFunction linear = (x, z) -> x.mult(weight);
    SequenceFunction biased = (x, z) -> x.plus(3).mult(weight);
    Prediction predicted = Prediction.near(exact, exact / 20);
    RandomGenerator rng = seed.generator();
    List<AuditInput> inputs = inputs(plan, draws, seed.child("inputs"));
    return ClaimPart.of("haar", verdict(inputs, linear, predicted, rng))
        .withControl(
            Control.of(verdict(inputs, biased, predicted, rng), "tokens that have a mean"));
  }

  private static Verdict verdict(
      List<AuditInput> inputs, SequenceFunction f, Prediction predicted, RandomGenerator rng) {
    RemovableRisk found = RemovableRisk.estimate(SymmetryGroup.orthogonal(4), inputs, rng, f);
    Interval interval = Interval.around(found.value(), NORMAL_QUANTILE * found.standardError());
    return Verdict.of(found.value(), interval, predicted);
  }
}
