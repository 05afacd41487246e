package org.definetti.lab.claims;

import java.util.stream.Stream;
import org.definetti.experiment.Claim;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks trained on strings, at smoke budget: every part as expected, every control caught. */
@Tag("slow")
class TrainedStringsTest {

  static Stream<Claim> claims() {
    return Claims.ALL.stream()
        .filter(claim -> claim.tags().contains("strings") && !claim.id().equals("V16"));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void holdsAtSmoke(Claim claim) {
    Smoke.check(claim);
  }

  /** One of them twice: they share all code that could depend on threads. */
  @Test
  void isTheSameOnOneThread() {
    Claim claim = new PerceptronSamples();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }
}
