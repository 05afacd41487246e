package org.definetti.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TeamTest {

  @Test
  void everyMemberDoesEveryTaskOnce() {
    for (int size : new int[] {1, 2, 7}) {
      AtomicIntegerArray done = new AtomicIntegerArray(size);
      try (Team team = new Team(size, () -> false)) {
        assertEquals(size, team.size());
        for (int task = 0; task < 200; task++) {
          if (task % 50 == 0) {
            LockSupport.parkNanos(2_000_000); // long enough that helpers fall asleep
          }
          team.execute(done::incrementAndGet);
          for (int member = 0; member < size; member++) {
            assertEquals(task + 1, done.get(member), "returns when all are done");
          }
        }
      }
    }
  }

  @Test
  void whatAMemberThrowsIsThrownAfterAllAreDoneAndTheTeamGoesOn() {
    AtomicInteger others = new AtomicInteger();
    try (Team team = new Team(3, () -> false)) {
      for (int thrower = 0; thrower < 3; thrower++) {
        int bad = thrower;
        IllegalStateException error =
            assertThrows(
                IllegalStateException.class,
                () ->
                    team.execute(
                        member -> {
                          if (member == bad) {
                            throw new IllegalStateException("member " + member);
                          }
                          others.incrementAndGet();
                        }));
        assertEquals("member " + bad, error.getMessage());
      }
      assertThrows(
          StackOverflowError.class,
          () ->
              team.execute(
                  member -> {
                    if (member == 1) {
                      throw new StackOverflowError();
                    }
                  }));
      assertEquals(6, others.get());
      team.execute(member -> others.incrementAndGet());
      assertEquals(9, others.get());
    }
  }

  @Test
  void helpersDoSpareWorkBetweenTasks() throws InterruptedException {
    CountDownLatch spare = new CountDownLatch(5);
    try (Team team =
        new Team(
            2,
            () -> {
              spare.countDown();
              return spare.getCount() > 0;
            })) {
      team.execute(member -> {});
      spare.await();
      team.execute(member -> {});
    }
  }

  @Test
  void anInterruptedCallerWaitsForItsHelpers() {
    AtomicInteger done = new AtomicInteger();
    try (Team team = new Team(2, () -> false)) {
      Thread.currentThread().interrupt();
      team.execute(
          member -> {
            if (member == 1) {
              LockSupport.parkNanos(20_000_000);
            }
            done.incrementAndGet();
          });
      assertEquals(2, done.get());
    }
    assertTrue(Thread.interrupted(), "the flag is kept");
    assertFalse(Thread.interrupted());
  }
}
