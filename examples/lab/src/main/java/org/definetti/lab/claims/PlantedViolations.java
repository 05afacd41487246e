package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
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
import org.definetti.random.Haar;
import org.definetti.random.Seed;
import org.definetti.symmetry.Audit;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.CausalAudit;
import org.definetti.symmetry.CoefficientOrderAudit;
import org.definetti.symmetry.EarlierOrderAudit;
import org.definetti.symmetry.FiniteInformation;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.GramAudit;
import org.definetti.symmetry.KnowledgeOrderAudit;
import org.definetti.symmetry.Mutation;
import org.definetti.symmetry.OrthogonalAudit;
import org.definetti.symmetry.ParityAudit;
import org.definetti.symmetry.SequenceFunction;
import org.definetti.symmetry.ShiftAudit;
import org.definetti.symmetry.SpanAudit;
import org.definetti.symmetry.SummaryForm;
import org.definetti.symmetry.TokenOrderAudit;
import org.definetti.symmetry.TranslationAudit;
import org.ejml.simple.SimpleMatrix;

/**
 * S18: every audit answers a planted violation in proportion to its size.
 *
 * <pre>{@code  f_eps = f + eps ‖f‖ b / ‖b‖,   log error = 1 · log eps + c,   eps = 1e-2 … 1e-12  }
 * </pre>
 *
 * <ul>
 *   <li>Parts: the slope of each audit, on a function f that passes it and a violation b that it
 *       asks about; reading F2, which differentiates, down to 1e-8. Controls: the same with a b to
 *       which the audit must be deaf, because b has the symmetry: no slope.
 *   <li>And what no slope shows: a violation far out, which rows of unit size miss. Control: the
 *       scales of the plan find it.
 *   <li>Planted by {@link Mutation}. Source: [derived].
 * </ul>
 */
public final class PlantedViolations implements Claim {

  private static final AuditPlan WIDE = AuditPlan.of(4, 3, 9);
  private static final AuditPlan READINGS = AuditPlan.of(3, 8, 16);

  private static final SequenceFunction TOKENS = (x, z) -> x;
  private static final SequenceFunction CENTRED = (x, z) -> x.minus(mean(x, x));
  private static final SequenceFunction MEAN = (x, z) -> mean(x, x);
  private static final SequenceFunction SUM = (x, z) -> row(x).mult(x);
  private static final SequenceFunction KNOWLEDGE_MEAN = (x, z) -> mean(x, z);

  /** Row i of i + 1, the same in every column: what an order of rows changes. */
  private static final SequenceFunction PLACES =
      (x, z) -> {
        double[] out = new double[x.getNumElements()];
        Arrays.setAll(out, i -> 1 + i / x.getNumCols());
        return new SimpleMatrix(x.getNumRows(), x.getNumCols(), true, out);
      };

  /** Every row (1, -1, 1, …): a vector that does not turn along. */
  private static final SequenceFunction BIAS =
      (x, z) -> {
        double[] out = new double[x.getNumElements()];
        Arrays.setAll(out, i -> i % x.getNumCols() % 2 == 0 ? 1 : -1);
        return new SimpleMatrix(x.getNumRows(), x.getNumCols(), true, out);
      };

  private static final SequenceFunction FIRST = (x, z) -> repeated(x, x.extractVector(true, 0));

  private static final SequenceFunction LAST =
      (x, z) -> repeated(x, x.extractVector(true, x.getNumRows() - 1));

  private static final SequenceFunction FIRST_KNOWN =
      (x, z) -> repeated(x, z.extractVector(true, 0));

  /** Weights that need the sum of exp(s) and of exp(-s). */
  private static final SequenceFunction TWO_SUMS =
      SummaryForm.ofKnowledge(
          pair -> new double[] {Math.exp(pair.inner() / 4), Math.exp(-pair.inner() / 4)},
          (pair, sums) ->
              Math.exp(pair.inner() / 4) / sums[0] + Math.exp(-pair.inner() / 4) / sums[1]);

  private static SimpleMatrix row(SimpleMatrix x) {
    return SimpleMatrix.ones(1, x.getNumRows());
  }

  private static SimpleMatrix repeated(SimpleMatrix x, SimpleMatrix row) {
    return row(x).transpose().mult(row);
  }

  private static SimpleMatrix mean(SimpleMatrix x, SimpleMatrix of) {
    return repeated(x, row(of).mult(of).divide(of.getNumRows()));
  }

  /**
   * An audit of an audit.
   *
   * @param right passes
   * @param violation b, what is planted
   * @param deaf another b, which changes nothing that the audit asks about
   */
  private record Case(
      Audit audit,
      AuditPlan plan,
      SequenceFunction right,
      SequenceFunction violation,
      SequenceFunction deaf) {}

  private static SequenceFunction of(NamedFunction function, AuditPlan plan) {
    return function.of().apply(plan);
  }

  private static List<Case> cases() {
    SequenceFunction form = of(NamedFunction.TWO_HEADS, WIDE);
    SequenceFunction gaussian = of(NamedFunction.GAUSSIAN, WIDE);
    SequenceFunction causal = of(NamedFunction.CAUSAL, WIDE);
    SequenceFunction nearest = GramAttention.nearest(1, 4);
    SequenceFunction dense = GramAttention.knowledge(4);
    return List.of(
        new Case(new ParityAudit(), WIDE, form, BIAS, TOKENS),
        new Case(new OrthogonalAudit(1), WIDE, form, BIAS, TOKENS),
        new Case(new OrthogonalAudit(-1), WIDE, form, BIAS, TOKENS),
        new Case(new SpanAudit(), WIDE, form, BIAS, TOKENS),
        new Case(new GramAudit(), WIDE, form, BIAS, TOKENS),
        new Case(new TranslationAudit(), WIDE, gaussian, BIAS, CENTRED),
        new Case(new TokenOrderAudit(false), WIDE, form, PLACES, TOKENS),
        new Case(new TokenOrderAudit(true), WIDE, SUM, (x, z) -> x.extractVector(true, 0), SUM),
        new Case(new ShiftAudit(), WIDE, form, PLACES, MEAN),
        new Case(new CoefficientOrderAudit(), WIDE, form, FIRST, TOKENS),
        new Case(new KnowledgeOrderAudit(), WIDE, form, FIRST_KNOWN, TOKENS),
        new Case(new FiniteInformation.SparseAccess(1), READINGS, nearest, dense, nearest),
        new Case(new FiniteInformation.FiniteSummary(1), READINGS, dense, TWO_SUMS, dense),
        new Case(new FiniteInformation.KnowledgeMediated(), WIDE, dense, TOKENS, KNOWLEDGE_MEAN),
        new Case(new CausalAudit(), WIDE, causal, LAST, TOKENS),
        new Case(new EarlierOrderAudit(), WIDE, causal, FIRST, TOKENS));
  }

  /** Returns the claim. */
  public PlantedViolations() {}

  @Override
  public String id() {
    return "S18";
  }

  @Override
  public String slug() {
    return "planted-violations";
  }

  @Override
  public String statement() {
    return "The error that an audit measures is proportional to a planted violation over ten decades, down to"
        + " rounding; a violation that rows of unit size do not meet is found at other scales only.";
  }

  @Override
  public Source source() {
    return Source.derived("check S18");
  }

  @Override
  public String prediction() {
    return "log-log slope 1 ± 0.05 from 1e-2 to 1e-12";
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
          case FULL -> 30;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int elements = budget == Budget.SMOKE ? 2 : budget == Budget.STANDARD ? 10 : 100;
    List<ClaimPart> parts = new ArrayList<>();
    for (Case next : cases()) {
      parts.add(
          slope(next, elements, budget == Budget.SMOKE ? 2 : 1, seed.child(next.audit().name())));
    }
    parts.add(farOut(seed.child("far-out").generator()));
    return ClaimResult.of(parts);
  }

  private static ClaimPart slope(Case next, int elements, int decades, Seed seed) {
    boolean differentiates = next.audit() instanceof FiniteInformation.FiniteSummary;
    List<Double> sizes = new ArrayList<>();
    for (int decade = 2; decade <= (differentiates ? 8 : 12); decade += decades) {
      sizes.add(Math.pow(10, -decade));
    }
    Prediction one = Prediction.near(1, 0.05);
    AuditPlan plan = next.plan().withElements(elements);
    double found = slope(next.audit(), plan, seed, sizes, size -> planted(size, next));
    double deaf =
        slope(
            next.audit(),
            plan,
            seed,
            sizes,
            size -> (x, z) -> sum(size, next.deaf(), next.right(), x, z));
    return ClaimPart.of(next.audit().name(), Verdict.exact(found, one))
        .withControl(
            Control.of(
                Verdict.exact(deaf, one),
                String.format(Locale.ROOT, "planted without a violation: slope %.2g", deaf)));
  }

  private static SequenceFunction planted(double size, Case next) {
    return Mutation.planted(size, next.violation(), next.right());
  }

  private static SimpleMatrix sum(
      double size, SequenceFunction b, SequenceFunction f, SimpleMatrix x, SimpleMatrix z) {
    return f.transform(x, z).plus(b.transform(x, z).scale(size));
  }

  private static double slope(
      Audit audit,
      AuditPlan plan,
      Seed seed,
      List<Double> sizes,
      DoubleFunction<SequenceFunction> planted) {
    List<SequenceFunction> functions = sizes.stream().map(planted::apply).toList();
    List<Double> errors = Mutation.response(audit, plan, seed, functions);
    return errors.stream().allMatch(Double::isFinite) ? Mutation.slope(sizes, errors) : Double.NaN;
  }

  /** One row of two numbers is longer than 5 once in 270 000 draws. */
  private static ClaimPart farOut(RandomGenerator rng) {
    AuditPlan plan = AuditPlan.of(1, 0, 2);
    SequenceFunction function = of(NamedFunction.FAR_RELU, plan);
    double missed = 0;
    for (int n = 0; n < 200; n++) {
      SimpleMatrix q = Haar.orthogonal(2, rng);
      missed = Math.max(missed, OrthogonalAudit.error(plan.input(rng), q, function));
    }
    double found = new OrthogonalAudit(1).examine(plan, rng, function).measured();
    Prediction none = Prediction.atMost(AuditParts.BOUND);
    return ClaimPart.of("missed-at-unit-size", Verdict.exact(missed, none))
        .withControl(
            Control.of(
                Verdict.exact(found, none),
                String.format(Locale.ROOT, "at the scales of the plan: error %.2g", found)));
  }
}
