package org.definetti.lab.claims;

import org.definetti.experiment.Claim;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bounds of local, sparse and distant targets, after a moment of training. */
final class RangeClaimsTest {

  static Claim[] claims() {
    return new Claim[] {new NeighboursLearned(), new ConjunctionLearned(), new LagLearned()};
  }

  @ParameterizedTest
  @MethodSource("claims")
  void holdsAtSmoke(Claim claim) {
    Smoke.check(claim);
  }
}
