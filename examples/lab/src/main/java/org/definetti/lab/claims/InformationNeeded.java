package org.definetti.lab.claims;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.SparseBoolean;
import org.definetti.latent.finite.SparseRule;
import org.definetti.random.Seed;
import org.definetti.sparse.InformationBound;

/**
 * V6: how many samples any learner needs, and what the best one does with them.
 *
 * <pre>{@code
 * P(found | inputs) = (distinct columns of labels) / C(T, s) <= 2^m / C(T, s)
 * }</pre>
 *
 * <ul>
 *   <li>Measured: the success of the best learner for given inputs, exactly, by writing down the
 *       labels that every subset would give them; it finds one subset for each column of labels.
 *       Conjunctions and parities.
 *   <li>Controls: ordered triples in place of sets; half as many bits, 2^(m/2), which parities
 *       exceed.
 *   <li>Source: [derived by counting] (check V6).
 * </ul>
 */
public final class InformationNeeded implements Claim {

  private static final String ID = "V6";

  private static final int SPARSITY = 3;
  private static final int[] LENGTHS = {25, 50, 100, 200, 400, 800};
  private static final double[] REFERENCE = {11.2, 14.3, 17.3, 20.3, 23.3, 26.3};

  /** Returns the claim. */
  public InformationNeeded() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "information-needed";
  }

  @Override
  public String statement() {
    return "No learner finds s relevant bits of T with probability 1/2 from fewer than log2"
        + " C(T, s) - 1 samples: m labels tell at most 2^m sets apart.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check V6: counting; a lower bound of order s log T is recalled from" + " Edelman-2022");
  }

  @Override
  public String prediction() {
    return "log2 C(T, 3) = 11.2, 14.3, 17.3, 20.3, 23.3, 26.3 ± 0.1 for T = 25, 50, ..,"
        + " 800; the best learner's success is at most 2^m / C(T, s)";
  }

  @Override
  public List<String> tags() {
    return List.of("sparse", "bounds");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 1 : 5);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int length = budget == Budget.FULL ? 50 : 25;
    int inputs = budget == Budget.SMOKE ? 2 : 10;
    double[] samples = IntStream.rangeClosed(1, 24).asDoubleStream().toArray();
    Results success =
        Tabulated.of(ID, "3-of-" + length + "-bits", "success-of-the-best-learner")
            .with("conjunction", m -> best(SparseRule.CONJUNCTION, length, (int) m, inputs, seed))
            .with("parity", m -> best(SparseRule.PARITY, length, (int) m, inputs, seed))
            .with("bound", m -> InformationBound.success(length, SPARSITY, (int) m))
            .over("samples", samples, runner);
    return ClaimResult.of(
            reference(),
            bounded(SparseRule.CONJUNCTION, length, inputs, seed),
            bounded(SparseRule.PARITY, length, inputs, seed),
            half(length, inputs, seed))
        .withResults(List.of(success));
  }

  private static ClaimPart reference() {
    Deviation right = new Deviation();
    double ordered = 0;
    for (int i = 0; i < LENGTHS.length; i++) {
      double bits = InformationBound.log2Subsets(LENGTHS[i], SPARSITY);
      right.add(bits / REFERENCE[i], 1);
      ordered = Math.max(ordered, SPARSITY * Math.log(LENGTHS[i]) / Math.log(2) - REFERENCE[i]);
    }
    double tolerance = 0.1 / REFERENCE[REFERENCE.length - 1];
    return ClaimPart.of("log2-subsets", right.atMost(tolerance))
        .withControl(
            Control.of(
                Verdict.exact(ordered, Prediction.atMost(0.1)),
                String.format(Locale.ROOT, "ordered triples: off by %.2f bits", ordered)));
  }

  private static ClaimPart bounded(SparseRule rule, int length, int inputs, Seed seed) {
    double right = 0;
    double wrong = 0;
    for (int m = 1; m <= 24; m++) {
      double success = best(rule, length, m, inputs, seed);
      right = Math.max(right, success / InformationBound.success(length, SPARSITY, m));
      double fewer = Math.pow(2, m / 2.0 - InformationBound.log2Subsets(length, SPARSITY));
      wrong = Math.max(wrong, success / Math.min(1, fewer));
    }
    Prediction one = Prediction.atMost(1 + 1e-12);
    String name = rule == SparseRule.PARITY ? "parity" : "conjunction";
    return ClaimPart.of(name, Verdict.exact(right, one))
        .withControl(
            Control.of(
                Verdict.exact(wrong, one),
                String.format(Locale.ROOT, "half as many bits: exceeded by a factor %.1f", wrong)));
  }

  /**
   * The success of the best learner at the last m below the bound, for the rule that tells more.
   */
  private static ClaimPart half(int length, int inputs, Seed seed) {
    int below = (int) Math.ceil(InformationBound.samples(length, SPARSITY)) - 1;
    double success = best(SparseRule.PARITY, length, below, inputs, seed);
    double later = best(SparseRule.PARITY, length, below + 4, inputs, seed);
    Prediction half = Prediction.atMost(0.5);
    return ClaimPart.of("below-the-bound", Verdict.exact(success, half))
        .withControl(
            Control.of(
                Verdict.exact(later, half),
                String.format(Locale.ROOT, "four samples more: success %.2f", later)));
  }

  /** Returns the largest success over several draws of the inputs. */
  private static double best(SparseRule rule, int length, int samples, int inputs, Seed seed) {
    SparseBoolean model = SparseBoolean.of(rule, length, SPARSITY);
    double largest = 0;
    for (int n = 0; n < inputs; n++) {
      Seed own = seed.child(rule.name()).child(samples).child(n);
      Tokens tokens = model.sample(samples, own.generator()).tokens();
      largest = Math.max(largest, success(rule, tokens));
    }
    return largest;
  }

  private static double success(SparseRule rule, Tokens tokens) {
    int length = tokens.space().keyWidth();
    int[] columns = new int[length]; // one bit a sample
    for (int t = 0; t < length; t++) {
      for (int l = 0; l < tokens.length(); l++) {
        columns[t] |= (int) tokens.at(l, t) << l;
      }
    }
    Set<Integer> labels = new HashSet<>();
    int subsets = 0;
    for (int i = 0; i < length; i++) {
      for (int j = i + 1; j < length; j++) {
        for (int k = j + 1; k < length; k++) {
          subsets++;
          labels.add(
              rule == SparseRule.PARITY
                  ? columns[i] ^ columns[j] ^ columns[k]
                  : columns[i] & columns[j] & columns[k]);
        }
      }
    }
    return (double) labels.size() / subsets;
  }
}
