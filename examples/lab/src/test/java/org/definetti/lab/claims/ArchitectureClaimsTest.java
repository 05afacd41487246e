package org.definetti.lab.claims;

import org.definetti.experiment.Claim;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bounds and identities of compared architectures, after a moment of training. */
@Tag("slow")
final class ArchitectureClaimsTest {

  static Claim[] claims() {
    return new Claim[] {
      new AverageLearned(),
      new OutliersLearned(),
      new AtomsTurned(),
      new RidgeInContext(),
      new RecallLearned(),
      new OrderShuffled(),
      new ErrorAgainstLength()
    };
  }

  @ParameterizedTest
  @MethodSource("claims")
  void holdsAtSmoke(Claim claim) {
    Smoke.check(claim);
  }

  @Test
  void filteringHoldsAtSmokeForAnyNumberOfThreads() {
    Claim claim = new FilteringLearned();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
