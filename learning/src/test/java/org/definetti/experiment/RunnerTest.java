package org.definetti.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {

  private static final int SEEDS = 3;
  private static final int CELLS = 2 * SEEDS;

  @TempDir Path out;

  /** Counts what it hears. */
  private static final class Heard implements Progress {
    final List<String> notes = new ArrayList<>();
    final List<State> states = new ArrayList<>();
    int resumed = -1;

    @Override
    public void started(int done, int total) {
      resumed = done;
    }

    @Override
    public void cellDone(Cell cell, State state) {
      states.add(state);
    }

    @Override
    public void note(String line) {
      notes.add(line);
    }
  }

  private static Runner threads(int count) {
    return Runner.withDefaults().withThreads(count);
  }

  private static String files(Results results) {
    Expectation expectation = Expectation.parse("squared-gap ~ L^-1 ± 0.3 over 4..32");
    List<Curve> curves = results.curves();
    List<JudgedRate> rates =
        curves.stream().filter(c -> expectation.isAbout(c.key())).map(expectation::judge).toList();
    return ResultFiles.cells(List.of(results))
        + ResultFiles.curves(curves)
        + ResultFiles.slopes(rates)
        + ResultFiles.localSlopes(rates.stream().map(JudgedRate::rate).toList());
  }

  private static String wanted() {
    return files(threads(1).execute(Trial.plan(SEEDS), Trial::compute));
  }

  /** A short record, because the journal is cut at every byte of it. */
  private static CellResult computeLittle(Cell cell) {
    List<CellPoint> points = Trial.compute(cell).points();
    CellPoint first = points.get(0);
    CellPoint last = points.get(points.size() - 1);
    return CellResult.of(gapAlone(first), gapAlone(last));
  }

  private static CellPoint gapAlone(CellPoint point) {
    Estimate gap = Objects.requireNonNull(point.metrics().get("squared-gap"));
    return new CellPoint(point.value(), Map.of("squared-gap", gap));
  }

  @Test
  void oneAndEightThreadsGiveTheSameBytes() {
    assertEquals(wanted(), files(threads(8).execute(Trial.plan(SEEDS), Trial::compute)));
  }

  @Test
  void anotherSeedGivesOtherBytes() {
    Results other = threads(1).execute(Trial.plan(SEEDS + 1), Trial::compute);
    assertFalse(wanted().equals(files(other)));
  }

  @Test
  void journalCutAtAnyByteOfItsLastTwoRecordsResumesToTheSameBytes() throws IOException {
    Plan plan = Trial.plan(SEEDS);
    threads(1).withDirectory(out).execute(plan, RunnerTest::computeLittle);
    Path journal = out.resolve("journal.jsonl");
    byte[] whole = Files.readAllBytes(journal);
    String wanted = files(threads(1).execute(plan, RunnerTest::computeLittle));
    int from = startOfLine(whole, CELLS - 1);
    for (int length = from; length <= whole.length; length++) {
      Files.write(journal, Arrays.copyOf(whole, length));
      Heard heard = new Heard();
      Results resumed =
          threads(1)
              .withDirectory(out)
              .withResume(true)
              .withProgress(heard)
              .execute(plan, RunnerTest::computeLittle);
      assertEquals(wanted, files(resumed), "cut at " + length);
      int kept = cellsWithin(whole, length);
      assertEquals(kept, heard.resumed, "cut at " + length);
      assertEquals(CELLS - kept, heard.states.size());
      assertEquals(CELLS + 1, Files.readAllLines(journal).size());
    }
  }

  @Test
  void headerCutAtAnyByteStartsAnew() throws IOException {
    Plan plan = Trial.plan(1);
    threads(1).withDirectory(out).execute(plan, Trial::compute);
    Path journal = out.resolve("journal.jsonl");
    byte[] whole = Files.readAllBytes(journal);
    for (int length = 0; length < startOfLine(whole, 1); length++) {
      Files.write(journal, Arrays.copyOf(whole, length));
      threads(1).withDirectory(out).withResume(true).execute(plan, Trial::compute);
      assertEquals(3, Files.readAllLines(journal).size(), "cut at " + length);
    }
  }

  @Test
  void damagedLineIsReportedAndItsCellComputedAgain() throws IOException {
    Plan plan = Trial.plan(SEEDS);
    threads(1).withDirectory(out).execute(plan, Trial::compute);
    Path journal = out.resolve("journal.jsonl");
    byte[] whole = Files.readAllBytes(journal);
    for (int line : new int[] {0, 1, 3}) {
      byte[] damaged = whole.clone();
      damaged[startOfLine(whole, line) + 60] ^= 1;
      Files.write(journal, damaged);
      Heard heard = new Heard();
      Results resumed =
          threads(2)
              .withDirectory(out)
              .withResume(true)
              .withProgress(heard)
              .execute(plan, Trial::compute);
      assertEquals(wanted(), files(resumed));
      assertEquals(line == 0 ? CELLS : CELLS - 1, heard.resumed);
      assertEquals(
          List.of("journal.jsonl: line " + (line + 1) + " fails its checksum and was passed over"),
          heard.notes);
    }
  }

  @Test
  void existingRunIsRefusedWithoutResume() {
    Plan plan = Trial.plan(1);
    threads(1).withDirectory(out).execute(plan, Trial::compute);
    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> threads(1).withDirectory(out).execute(plan, Trial::compute));
    assertEquals(
        "out: " + out + " already holds a run; pass --resume to continue it", refused.getMessage());
  }

  @Test
  void journalOfAnotherPlanIsRefusedNamingBothHashesAndTheDifference() {
    Plan first = Trial.plan(1, "7");
    Plan second = Trial.plan(1, "8");
    threads(1).withDirectory(out).execute(first, Trial::compute);
    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> threads(1).withDirectory(out).withResume(true).execute(second, Trial::compute));
    assertEquals(
        String.format(
            Locale.ROOT,
            "out: expected the journal of plan %s, got plan %s in %s; seed: expected 8, got 7",
            second.hash(),
            first.hash(),
            out),
        refused.getMessage());
  }

  @Test
  void fileThatIsNoJournalIsRefusedAndKept() throws IOException {
    Path journal = out.resolve("journal.jsonl");
    Files.writeString(journal, "my notes\nand more\n");
    assertThrows(
        IllegalArgumentException.class,
        () ->
            threads(1).withDirectory(out).withResume(true).execute(Trial.plan(1), Trial::compute));
    assertEquals("my notes\nand more\n", Files.readString(journal));
  }

  @Test
  void twoRunsCannotWriteOneJournal() {
    Plan plan = Trial.plan(1);
    Runner runner = threads(1).withDirectory(out).withResume(true);
    CellFailedException failed =
        assertThrows(
            CellFailedException.class,
            () -> runner.execute(plan, cell -> runner.execute(plan, Trial::compute).get(cell)));
    assertEquals(
        "out: expected a directory that no other run writes, got " + out,
        failed.getCause().getMessage());
  }

  @Test
  void failingCellIsNamedAndFinishedCellsAreKept() {
    Plan plan = Trial.plan(SEEDS);
    Cell bad = plan.cells().get(4);
    IllegalStateException cause = new IllegalStateException("pivot 3 is negative");
    CellFailedException failed =
        assertThrows(
            CellFailedException.class,
            () ->
                threads(1)
                    .withDirectory(out)
                    .execute(
                        plan,
                        cell -> {
                          if (cell.equals(bad)) {
                            throw cause;
                          }
                          return Trial.compute(cell);
                        }));
    assertEquals("cell " + bad + ": " + cause, failed.getMessage());
    assertSame(cause, failed.getCause());
    Heard heard = new Heard();
    Results resumed =
        threads(1)
            .withDirectory(out)
            .withResume(true)
            .withProgress(heard)
            .execute(plan, Trial::compute);
    assertEquals(4, heard.resumed);
    assertEquals(wanted(), files(resumed));
  }

  @Test
  void interruptionIsCleanAndResumable() throws InterruptedException {
    Plan plan = Trial.plan(SEEDS);
    CountDownLatch reached = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Runner runner = threads(1).withDirectory(out);
    Thread run =
        new Thread(
            () -> {
              try {
                runner.execute(
                    plan,
                    cell -> {
                      if (calls.incrementAndGet() == 3) {
                        reached.countDown();
                        await(new CountDownLatch(1));
                      }
                      return Trial.compute(cell);
                    });
              } catch (RunInterruptedException e) {
                thrown.set(e);
              }
            });
    run.start();
    reached.await();
    run.interrupt();
    run.join();
    assertEquals("interrupted after 2 of 6 cells", thrown.get().getMessage());
    Heard heard = new Heard();
    Results resumed = runner.withResume(true).withProgress(heard).execute(plan, Trial::compute);
    assertEquals(2, heard.resumed);
    assertEquals(wanted(), files(resumed));
  }

  @Test
  void progressCountsEveryCellOnce() {
    Heard heard = new Heard();
    threads(4).withProgress(heard).execute(Trial.plan(SEEDS), Trial::compute);
    assertEquals(0, heard.resumed);
    assertEquals(
        List.of(1, 2, 3, 4, 5, 6), heard.states.stream().map(Progress.State::done).toList());
    assertTrue(heard.states.stream().allMatch(state -> state.total() == CELLS));
  }

  @Test
  void withinPutsTheJournalOneDirectoryDown() {
    threads(1).withDirectory(out).within("C5").execute(Trial.plan(1), Trial::compute);
    assertTrue(Files.exists(out.resolve("C5").resolve("journal.jsonl")));
    assertEquals(threads(2), threads(2).within("C5"));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static int startOfLine(byte[] bytes, int line) {
    int start = 0;
    for (int seen = 0; seen < line; start++) {
      seen += bytes[start] == '\n' ? 1 : 0;
    }
    return start;
  }

  /** Returns how many records of cells are whole; the line feed is not needed. */
  private static int cellsWithin(byte[] whole, int length) {
    String text = new String(whole, StandardCharsets.UTF_8);
    int cells = 0;
    for (int end = text.indexOf('\n') + 1; end > 0; ) {
      end = text.indexOf('\n', end);
      if (end < 0 || end > length) {
        break;
      }
      cells++;
      end++;
    }
    return cells;
  }
}
