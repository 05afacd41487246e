package org.definetti.optimise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void warmsUpLinearlyThenDecaysAlongACosine() {
    Schedule schedule = Schedule.warmupCosine(0.4, 4, 12);
    assertEquals(0.1, schedule.learningRate(0), 1e-15);
    assertEquals(0.4, schedule.learningRate(3), 1e-15);
    assertEquals(0.4, schedule.learningRate(4), 1e-15);
    assertEquals(0.2, schedule.learningRate(8), 1e-15);
    assertTrue(schedule.learningRate(11) > 0);
    assertEquals(0.0, schedule.learningRate(12));
  }

  @Test
  void warmsUpToAConstant() {
    Schedule schedule = Schedule.warmupConstant(0.4, 4);
    assertEquals(0.1, schedule.learningRate(0), 1e-15);
    assertEquals(0.4, schedule.learningRate(3), 1e-15);
    assertEquals(0.4, schedule.learningRate(1_000_000));
    assertEquals(0.4, Schedule.warmupConstant(0.4, 0).learningRate(0));
  }

  @Test
  void constantStays() {
    assertEquals(0.3, Schedule.constant(0.3).learningRate(1_000_000));
  }

  @Test
  void schedulesAreValues() {
    assertEquals(Schedule.warmupCosine(0.1, 1, 2), Schedule.warmupCosine(0.1, 1, 2));
    assertEquals(Schedule.constant(0.1), Schedule.constant(0.1));
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> Schedule.constant(-1));
    assertThrows(IllegalArgumentException.class, () -> Schedule.warmupConstant(0.1, -1));
    assertThrows(IllegalArgumentException.class, () -> Schedule.constant(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Schedule.warmupCosine(0.1, 3, 2));
    assertThrows(IllegalArgumentException.class, () -> Schedule.warmupCosine(0.1, -1, 2));
    assertThrows(IllegalArgumentException.class, () -> Schedule.warmupCosine(0.1, 0, 0));
  }
}
