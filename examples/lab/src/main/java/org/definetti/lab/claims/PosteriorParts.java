package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Verdict;
import org.definetti.latent.Belief;
import org.definetti.random.Seed;
import org.definetti.symmetry.Audit;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.OrthogonalAudit;
import org.definetti.symmetry.SequenceFunction;
import org.definetti.symmetry.SpanAudit;
import org.definetti.symmetry.TokenOrderAudit;
import org.ejml.simple.SimpleMatrix;

/**
 * The parts of a claim about one exact posterior mean: that it is the form it is said to be, that
 * an oracle agrees, and its symmetries, each beside something that must not pass.
 */
final class PosteriorParts {

  /** What a control has to exceed: far above where an audit fails. */
  static final double CAUGHT = 1e-3;

  private final NamedFunction posterior;
  private final NamedFunction form;
  private final Budget budget;
  private final Seed seed;
  private final List<ClaimPart> parts = new ArrayList<>();
  private String prefix = "";

  /**
   * Starts a claim without parts.
   *
   * @param posterior what the model's belief says
   * @param form the same as an equivariant form
   */
  PosteriorParts(NamedFunction posterior, NamedFunction form, Budget budget, Seed seed) {
    this.posterior = posterior;
    this.form = form;
    this.budget = budget;
    this.seed = seed;
  }

  /** Begins the names of the parts to come with a prefix. */
  PosteriorParts named(String newPrefix) {
    prefix = newPrefix;
    return this;
  }

  /** Returns the parts of several, in order. */
  static List<ClaimPart> all(PosteriorParts... several) {
    return Arrays.stream(several).flatMap(one -> one.parts.stream()).toList();
  }

  /** Returns sizes with more rows than dimensions, and fewer. */
  static List<AuditPlan> plans(Budget budget) {
    return switch (budget) {
      case SMOKE ->
          List.of(AuditPlan.of(5, 3, 4).withElements(4), AuditPlan.of(3, 2, 8).withElements(2));
      case STANDARD -> List.of(AuditPlan.of(5, 3, 4).withElements(50), AuditPlan.of(3, 2, 8));
      case FULL ->
          List.of(
              AuditPlan.of(2, 2, 3),
              AuditPlan.of(5, 3, 4).withElements(200),
              AuditPlan.of(8, 6, 24),
              AuditPlan.of(11, 4, 6));
    };
  }

  /** Returns sizes whose rows leave dimensions free, n + k &lt; d. */
  static List<AuditPlan> freePlans(Budget budget) {
    List<AuditPlan> free = List.of(AuditPlan.of(3, 2, 8), AuditPlan.of(2, 2, 5));
    return budget == Budget.FULL ? plus(free, AuditPlan.of(8, 6, 24)) : free;
  }

  private static List<AuditPlan> plus(List<AuditPlan> plans, AuditPlan more) {
    List<AuditPlan> all = new ArrayList<>(plans);
    all.add(more);
    return all;
  }

  /** Returns how many inputs an oracle is asked about, at each of its sizes. */
  static int trials(Budget budget) {
    return switch (budget) {
      case SMOKE -> 3;
      case STANDARD -> 20;
      case FULL -> 100;
    };
  }

  /** Adds that the belief's mean is the form, at every scale; the wrong function is another. */
  PosteriorParts form(NamedFunction wrong) {
    return agree("gram-form", input -> 1, wrong);
  }

  /**
   * Adds that the belief's mean is the form, where both solve a system of equations.
   *
   * @param condition of that system: a solution loses as many digits as it has, so errors are
   *     divided by it
   */
  PosteriorParts agree(String name, ToDoubleFunction<AuditInput> condition, NamedFunction wrong) {
    double right = apart(form, condition);
    double off = apart(wrong, input -> 1);
    return add(
        name, Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)), control(wrong, off));
  }

  /** Returns the largest distance of a function from the posterior, over plans and scales. */
  private double apart(NamedFunction function, ToDoubleFunction<AuditInput> condition) {
    double worst = 0;
    for (AuditPlan plan : plans(budget)) {
      RandomGenerator rng = seed.child("form").child(plan.toString()).generator();
      SequenceFunction exact = posterior.of().apply(plan);
      SequenceFunction other = function.of().apply(plan);
      for (AuditInput input : plan.inputs(rng)) {
        double distance = distance(input.outputOf(other), input.outputOf(exact));
        worst = Math.max(worst, distance / Math.max(1, condition.applyAsDouble(input)));
      }
    }
    return worst;
  }

  /**
   * Adds that belief and form say what an oracle says, that shares no code with either.
   *
   * @param method how the oracle works, in a few words
   * @param plans its sizes, small enough for brute force
   * @param wrong a model with one hyperparameter off, which the oracle has to see
   */
  PosteriorParts oracle(
      String method,
      List<AuditPlan> plans,
      Function<AuditInput, SimpleMatrix> oracle,
      NamedFunction wrong) {
    double right = 0;
    double off = 0;
    for (AuditPlan plan : plans) {
      RandomGenerator rng = seed.child("oracle").child(plan.toString()).generator();
      for (int trial = 0; trial < trials(budget); trial++) {
        AuditInput input = plan.input(rng);
        SimpleMatrix exact = oracle.apply(input);
        for (NamedFunction function : List.of(posterior, form)) {
          SimpleMatrix output = input.outputOf(function.of().apply(plan));
          right = Math.max(right, distance(output, exact));
        }
        off = Math.max(off, distance(input.outputOf(wrong.of().apply(plan)), exact));
      }
    }
    Verdict verdict = Verdict.exact(right, Prediction.atMost(AuditParts.BOUND));
    return add("oracle", verdict, control(wrong, off), method + "; ");
  }

  /** Adds that the belief turns with rotations of tokens and knowledge. */
  PosteriorParts rotations(NamedFunction wrong) {
    return audit("rotations", new OrthogonalAudit(1), plans(budget), AuditParts.BOUND, wrong);
  }

  /** Adds that it turns with reflections, too. */
  PosteriorParts reflections(NamedFunction wrong) {
    return audit("reflections", new OrthogonalAudit(-1), plans(budget), AuditParts.BOUND, wrong);
  }

  /** Adds that the order of tokens does not matter. */
  PosteriorParts tokenOrder(NamedFunction wrong) {
    TokenOrderAudit audit = new TokenOrderAudit(true);
    return audit("token-order", audit, plans(budget), AuditParts.REORDERING, wrong);
  }

  /** Adds that the belief's mean is a sum of tokens and knowledge. */
  PosteriorParts span(NamedFunction wrong) {
    return audit("span", new SpanAudit(), freePlans(budget), AuditParts.BOUND, wrong);
  }

  /** Adds that the belief passes an audit. */
  PosteriorParts audit(
      String name, Audit audit, List<AuditPlan> plans, double bound, NamedFunction wrong) {
    AuditParts audited = AuditParts.of(audit, plans, bound, seed);
    ClaimPart part = audited.part(posterior.named(name));
    return add(name, part.verdict(), audited.control(wrong));
  }

  /** Adds a part of the claim's own. */
  PosteriorParts add(String name, Verdict verdict, Control control) {
    return add(name, verdict, control, "");
  }

  private PosteriorParts add(String name, Verdict verdict, Control control, String method) {
    String reason = method + margin(verdict);
    parts.add(ClaimPart.of(prefix + name, verdict.withReason(reason)).withControl(control));
    return this;
  }

  /** Returns by what factor the number stays away from its bound. */
  private static String margin(Verdict verdict) {
    double bound = verdict.prediction().value();
    if (verdict.measured() == 0) {
      return "no deviation at all";
    }
    return switch (verdict.prediction().kind()) {
      case AT_MOST -> factor(bound / verdict.measured());
      case AT_LEAST -> factor(verdict.measured() / bound);
      case NEAR -> "";
    };
  }

  private static String factor(double factor) {
    return String.format(Locale.ROOT, "margin: a factor of %.1g", factor);
  }

  /** Returns the parts added so far. */
  List<ClaimPart> parts() {
    return List.copyOf(parts);
  }

  /** Returns the control: caught if the error is large. */
  static Control control(NamedFunction wrong, double error) {
    return control(wrong.name(), error);
  }

  /** Returns the control: caught if the error is large. */
  static Control control(String wrong, double error) {
    return Control.of(error >= CAUGHT, text(wrong + ": error", error));
  }

  /** Returns what was wrong, and a number to two digits. */
  static String text(String words, double number) {
    return String.format(Locale.ROOT, "%s %.2g", words, number);
  }

  /** Returns the error of {@code Cov(z | X Q) = Qᵀ Cov(z | X) Q} and {@code P(X Q) = P(X)}. */
  static double moved(Belief<SimpleMatrix> here, Belief<SimpleMatrix> there, SimpleMatrix q) {
    SimpleMatrix turned = q.transpose().mult(here.covariance()).mult(q);
    double evidence = Math.abs(there.logEvidence() / here.logEvidence() - 1);
    return Math.max(distance(there.covariance(), turned), evidence);
  }

  /** Returns the relative distance of two outputs, as audits measure it. */
  static double distance(SimpleMatrix a, SimpleMatrix b) {
    double scale = Math.max(a.normF(), b.normF());
    return scale == 0 ? 0 : a.minus(b).normF() / scale;
  }
}
