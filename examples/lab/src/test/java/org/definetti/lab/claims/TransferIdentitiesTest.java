package org.definetti.lab.claims;

import org.junit.jupiter.api.Test;

final class TransferIdentitiesTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    TransferIdentities claim = new TransferIdentities();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
