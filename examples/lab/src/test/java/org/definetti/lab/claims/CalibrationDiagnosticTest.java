package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.experiment.Claim;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
final class CalibrationDiagnosticTest {

  static List<CalibrationDiagnostic> claims() {
    return CalibrationDiagnostic.ALL;
  }

  @ParameterizedTest
  @MethodSource("claims")
  void holdsAtSmoke(Claim claim) {
    Smoke.check(claim);
  }

  @Test
  void isDeterministic() {
    Claim claim = CalibrationDiagnostic.of("sbc");
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }

  @Test
  void everyClaimIsListed() {
    assertTrue(Claims.ALL.containsAll(CalibrationDiagnostic.ALL));
  }

  @Test
  void detectionsHaveTheirExactInterval() {
    // R: binom.test(10, 200)$conf.int; qbinom(0.999, 200, 0.05)
    assertEquals(0.02423, new Detections(10, 200).interval().low(), 1e-4);
    assertEquals(0.09003, new Detections(10, 200).interval().high(), 1e-4);
    assertEquals(21.0 / 200, new Detections(10, 200).mostAt(0.05, 0.999), 1e-12);
    assertEquals(0, new Detections(0, 5).interval().low());
    assertEquals(1, new Detections(5, 5).interval().high());
  }
}
