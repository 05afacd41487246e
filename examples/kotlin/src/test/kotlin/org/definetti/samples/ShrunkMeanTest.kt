package org.definetti.samples

import org.definetti.experiment.Outcome
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

class ShrunkMeanTest {

  @Test
  fun theSweepGivesASlopeAndAVerdict() {
    val rate = shrunkMeanRate()
    assertEquals(Outcome.CONFIRMED, judge(rate).outcome())
    assertEquals(Outcome.REFUTED, rate.expect(-1.0, 0.1).outcome()) // control: another slope
  }
}
