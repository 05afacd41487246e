package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
import org.definetti.random.Seed;
import org.definetti.symmetry.Audit;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.ConvolutionNetwork;
import org.definetti.symmetry.EarlierOrderAudit;
import org.definetti.symmetry.ElmanNetwork;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.Influence;
import org.definetti.symmetry.SequenceFunction;
import org.definetti.symmetry.ShiftAudit;
import org.definetti.symmetry.TokenOrderAudit;
import org.ejml.simple.SimpleMatrix;

/**
 * S17: what an output can see, by intervention.
 *
 * <pre>{@code  I_ij = max ‖f(X)_i - f(X with row j replaced)_i‖  }</pre>
 *
 * <ul>
 *   <li>Convolution: positive exactly within {@code Σ_l s_l (k - 1) / 2}, for kernels and depths of
 *       the theory. Temporal network: the field {@code 1 + 2 (k - 1)(2^L - 1)}, measured, and at
 *       the published defaults k = 8, L = 8, where it is 3571 tokens. Elman: exactly causal, and
 *       its influence falls with the lag until rounding is larger. Attention: all positive.
 *   <li>Shifts: circular convolution commutes with all, padded convolution in the interior,
 *       attention with all orders. Order: without positions the last output of one causal layer
 *       does not know the order before it, of two layers it does.
 *   <li>Controls: attention where a field is asked for, convolution where everything should be
 *       seen, the padded network for shifts, two causal layers for the order.
 *   <li>Source: [derived]; that causal masks supply order [source: Haviv-2022, abstract].
 * </ul>
 */
public final class ReceptiveFields implements Claim {

  private static final int WIDTH = 4;
  private static final Seed WEIGHTS = Seed.of(17);

  /** Returns the claim. */
  public ReceptiveFields() {}

  @Override
  public String id() {
    return "S17";
  }

  @Override
  public String slug() {
    return "receptive-field";
  }

  @Override
  public String statement() {
    return "A convolution sees exactly its receptive field, a recurrence exactly what came before and little"
        + " of what came long before, attention everything; order reaches attention without"
        + " positions through a causal mask and a second layer.";
  }

  @Override
  public Source source() {
    return Source.derived("check S17");
  }

  @Override
  public String prediction() {
    return "influence exactly 0 outside the field and positive inside; error <= 1e-12 for what is a set or a"
        + " shift";
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
          case FULL -> 20;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int trials = budget == Budget.SMOKE ? 3 : budget == Budget.STANDARD ? 20 : 200;
    List<ClaimPart> parts = new ArrayList<>();
    for (int[] sizes : new int[][] {{3, 1}, {3, 3}, {5, 2}}) {
      List<Integer> dilations = Collections.nCopies(sizes[1], 1);
      String name = "convolution:k=" + sizes[0] + ":L=" + sizes[1];
      RandomGenerator weights = WEIGHTS.child(name).generator();
      ConvolutionNetwork network = ConvolutionNetwork.centred(WIDTH, sizes[0], dilations, weights);
      int reach = sizes[1] * (sizes[0] - 1) / 2;
      parts.add(field(name, network, new Field(reach, reach), trials, seed));
    }
    for (int[] sizes : new int[][] {{2, 2}, {3, 2}, {2, 3}}) {
      String name = "temporal:k=" + sizes[0] + ":L=" + sizes[1];
      RandomGenerator weights = WEIGHTS.child(name).generator();
      ConvolutionNetwork network = ConvolutionNetwork.temporal(WIDTH, sizes[0], sizes[1], weights);
      int field = 1 + 2 * (sizes[0] - 1) * ((1 << sizes[1]) - 1);
      parts.add(field(name, network, new Field(field - 1, 0), trials, seed));
    }
    parts.add(published());
    parts.addAll(recurrence(trials, seed));
    parts.add(attention(trials, seed));
    parts.addAll(shifts(budget, seed));
    parts.addAll(order(budget, seed));
    return ClaimResult.of(parts);
  }

  /** How far a network can look. */
  private record Field(int back, int forward) {

    boolean contains(int output, int token) {
      return output - token <= back && token - output <= forward;
    }
  }

  private static SimpleMatrix influence(SequenceFunction function, int trials, Seed seed) {
    AuditPlan plan = AuditPlan.of(24, 0, WIDTH);
    return Influence.matrix(plan, trials, seed.child("influence").generator(), function);
  }

  /** The number of entries that are positive where they should be zero, or the reverse. */
  private static ClaimPart field(
      String name, SequenceFunction function, Field field, int trials, Seed seed) {
    Prediction none = Prediction.atMost(0);
    int wrong = mismatches(influence(function, trials, seed), field);
    int seen = mismatches(influence(GramAttention.softmax(WIDTH), trials, seed), field);
    return ClaimPart.of(name, Verdict.exact(wrong, none))
        .withControl(
            Control.of(Verdict.exact(seen, none), "attention: " + seen + " entries are wrong"));
  }

  private static int mismatches(SimpleMatrix influence, Field field) {
    int wrong = 0;
    for (int i = 0; i < influence.getNumRows(); i++) {
      for (int j = 0; j < influence.getNumCols(); j++) {
        wrong += (influence.get(i, j) > 0) == field.contains(i, j) ? 0 : 1;
      }
    }
    return wrong;
  }

  /** The farthest token that the last output of the published temporal network sees. */
  private static ClaimPart published() {
    RandomGenerator rng = WEIGHTS.child("published").generator();
    ConvolutionNetwork network = ConvolutionNetwork.temporal(1, 8, 8, rng);
    AuditInput input = AuditPlan.of(3575, 0, 1).input(rng);
    int last = input.tokens().getNumRows() - 1;
    double output = input.outputOf(network).get(last);
    int field = 0;
    for (int lag = last; field == 0; lag--) {
      double[] tokens = input.tokens().getDDRM().data.clone();
      tokens[last - lag] += 1;
      SimpleMatrix moved = new SimpleMatrix(tokens.length, 1, true, tokens);
      boolean seen = network.transform(moved, input.knowledge()).get(last) != output;
      field = seen ? lag + 1 : 0;
    }
    Prediction predicted = Prediction.near(3571, 0);
    return ClaimPart.of("temporal:published", Verdict.exact(field, predicted));
  }

  private static List<ClaimPart> recurrence(int trials, Seed seed) {
    RandomGenerator weights = WEIGHTS.child("recurrence").generator();
    SimpleMatrix found = influence(ElmanNetwork.draw(WIDTH, 0.4, weights), trials, seed);
    SimpleMatrix all = influence(GramAttention.softmax(WIDTH), trials, seed);
    Prediction none = Prediction.atMost(0);
    Prediction little = Prediction.atMost(1e-5);
    double[] lags = Influence.byLag(found);
    double[] flat = Influence.byLag(all);
    return List.of(
        ClaimPart.of("recurrence:causal", Verdict.exact(Influence.reach(found.transpose()), none))
            .withControl(
                Control.of(
                    Verdict.exact(Influence.reach(all.transpose()), none),
                    "attention looks ahead " + Influence.reach(all.transpose()))),
        ClaimPart.of("recurrence:lag-16", Verdict.exact(lags[16] / lags[0], little))
            .withControl(
                Control.of(
                    Verdict.exact(flat[16] / flat[0], little),
                    String.format(
                        Locale.ROOT,
                        "attention: %.2g of the influence at lag 0",
                        flat[16] / flat[0]))));
  }

  private static ClaimPart attention(int trials, Seed seed) {
    Prediction all = Prediction.atLeast(1e-4);
    RandomGenerator weights = WEIGHTS.child("local").generator();
    SequenceFunction local = ConvolutionNetwork.centred(WIDTH, 3, List.of(1, 1), weights);
    double least = influence(GramAttention.softmax(WIDTH), trials, seed).elementMin();
    double nothing = influence(local, trials, seed).elementMin();
    return ClaimPart.of("attention:least", Verdict.exact(least, all))
        .withControl(Control.of(Verdict.exact(nothing, all), "convolution: " + nothing));
  }

  private static AuditParts audit(Audit audit, Budget budget, Seed seed) {
    int elements = budget == Budget.SMOKE ? 4 : 20;
    List<AuditPlan> plans =
        budget == Budget.FULL
            ? List.of(AuditPlan.of(9, 3, WIDTH).withElements(200), AuditPlan.of(24, 3, WIDTH))
            : List.of(AuditPlan.of(9, 3, WIDTH).withElements(elements));
    return AuditParts.of(audit, plans, AuditParts.REORDERING, seed);
  }

  private static List<ClaimPart> shifts(Budget budget, Seed seed) {
    RandomGenerator weights = WEIGHTS.child("shifts").generator();
    ConvolutionNetwork padded = ConvolutionNetwork.centred(WIDTH, 3, List.of(1, 2), weights);
    AuditParts audited = audit(new ShiftAudit(), budget, seed);
    NamedFunction circular =
        new NamedFunction("shifts:circular", plan -> padded.withCircularPadding());
    NamedFunction zeros = new NamedFunction("zero-padded convolution", plan -> padded);
    AuditInput input = AuditPlan.of(20, 0, WIDTH).input(seed.child("interior").generator());
    return List.of(
        audited.part(circular, zeros),
        audited.part(NamedFunction.SOFTMAX.named("shifts:attention"), NamedFunction.CAUSAL),
        ClaimPart.of(
            "shifts:interior", Verdict.exact(interior(padded, input), Prediction.atMost(0))));
  }

  /** The largest difference between shifted outputs and outputs of shifted tokens, off the ends. */
  private static double interior(ConvolutionNetwork network, AuditInput input) {
    int n = input.tokens().getNumRows();
    SimpleMatrix output = NamedFunction.shifted(input.outputOf(network), 1);
    SimpleMatrix moved =
        network.transform(NamedFunction.shifted(input.tokens(), 1), input.knowledge());
    double largest = 0;
    for (int i = network.back() + 1; i < n - network.forward(); i++) {
      SimpleMatrix off = output.extractVector(true, i).minus(moved.extractVector(true, i));
      largest = Math.max(largest, off.elementMaxAbs());
    }
    return largest;
  }

  private static List<ClaimPart> order(Budget budget, Seed seed) {
    AuditParts earlier = audit(new EarlierOrderAudit(), budget, seed);
    AuditParts tokens = audit(new TokenOrderAudit(false), budget, seed);
    NamedFunction twice = twice("two causal layers", NamedFunction.CAUSAL);
    return List.of(
        earlier.part(NamedFunction.CAUSAL.named("order:one-causal-layer"), twice),
        tokens.part(twice("order:two-layers-without-mask", NamedFunction.SOFTMAX), twice));
  }

  private static NamedFunction twice(String name, NamedFunction layer) {
    return new NamedFunction(
        name,
        plan -> {
          SequenceFunction one = layer.of().apply(plan);
          return (x, z) -> one.transform(one.transform(x, z), z);
        });
  }
}
