package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.Source;
import org.definetti.lab.compare.Architecture;
import org.definetti.lab.compare.Design;
import org.definetti.lab.compare.Schooling;
import org.definetti.lab.compare.Task;
import org.definetti.train.Lengths;

/** What claims about compared architectures have in common: sizes by budget, tags, cost. */
abstract class ComparedClaim implements Claim {

  private static final int GOAL = 4096; // trained parameters
  private static final List<Double> RATES = List.of(1e-3, 3e-3, 1e-2);
  private static final int SMOKE_STEPS = 20;
  private static final int SMOKE_TESTS = 200;

  private final String id;
  private final int standardSeconds;
  private final int fullSeconds;

  ComparedClaim(String id, int standardSeconds, int fullSeconds) {
    this.id = id;
    this.standardSeconds = standardSeconds;
    this.fullSeconds = fullSeconds;
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final Source source() {
    return Source.derived(
        "check " + id + ", pre-registered in docs/preregistration/inductive-bias.md");
  }

  @Override
  public final List<String> tags() {
    return List.of("bias", "trained");
  }

  @Override
  public final Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> standardSeconds;
          case FULL -> fullSeconds;
        });
  }

  /**
   * Returns the comparison of a budget: at smoke a moment of training, at standard one trial a rate
   * and three seeds, at full two trials and five seeds.
   */
  static Design design(
      Budget budget, Task task, List<Architecture> architectures, int items, int steps) {
    Schooling schooling =
        budget == Budget.SMOKE
            ? new Schooling(Lengths.fixed(items), 16, SMOKE_STEPS, 1, 32)
            : Schooling.at(items, steps);
    Design design = Design.of(task, architectures, schooling, GOAL);
    return switch (budget) {
      case SMOKE ->
          design
              .withTuning(RATES.subList(1, 2), 1)
              .withSeeds(2)
              .withTests(List.of(items), SMOKE_TESTS);
      case STANDARD -> design.withTuning(RATES, 1).withSeeds(3);
      case FULL -> design.withTuning(RATES, 2).withSeeds(5);
    };
  }
}
