package org.definetti.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.optimise.Adam;
import org.definetti.optimise.Averaged;
import org.definetti.optimise.ClippedGradient;
import org.definetti.optimise.Schedule;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once, averaging, clipping, mixed lengths, early stopping, a schedule: same bits for
 * any number of threads, drawing ahead or not, stopped anywhere and resumed.
 */
class ResumeTest {

  private static final GaussianMean MODEL = GaussianMean.of(2, 1.0, 2.0);
  private static final Seed SEED = Seed.of(11);
  private static final List<String> FILES =
      List.of(Trainer.CHECKPOINT_FILE, Trainer.LOSS_FILE, Trainer.VALIDATION_FILE);

  private static FreshSamples data() {
    return FreshSamples.of(MODEL, Objective.MASKED, Lengths.uniform(1, 9), Seed.of(4))
        .withBatchSize(13)
        .withGroupSize(2)
        .withMixedLengths();
  }

  private static TrainingOptions options(int steps) {
    return TrainingOptions.withDefaults()
        .withSteps(steps)
        .withChunkSize(3)
        .withLogEvery(5)
        .withCheckpointEvery(4);
  }

  private static Trainer trainer(int steps) {
    SoftmaxHeadLayer layer = SoftmaxHeadLayer.of(data().widths()).withNullToken();
    FreshSamples validation = data().withBatchSize(40);
    return Trainer.of(layer, data(), Loss.squaredError())
        .withOptions(options(steps))
        .withOptimiser(new ClippedGradient(Averaged.tail(Adam.withDefaults(), 6), 2.0))
        .withSchedule(Schedule.warmupConstant(0.03, 4))
        .withEarlyStopping(EarlyStopping.every(3).withPatience(1_000_000), validation);
  }

  @Test
  void sameBitsForAnyNumberOfThreadsDrawingAheadOrNot() {
    TrainingResult expected = trainer(25).fit(SEED);
    for (int threads : new int[] {1, 2, 7}) {
      for (boolean ahead : new boolean[] {true, false}) {
        TrainingResult result =
            trainer(25)
                .withOptions(options(25).withThreads(threads))
                .withDrawAhead(ahead)
                .fit(SEED);
        assertEquals(expected, result);
      }
    }
    assertNotEquals(
        expected.parameters(),
        trainer(25).withOptimiser(Adam.withDefaults()).fit(SEED).parameters());
  }

  @Test
  void interruptedAtAnyStepAndResumed(@TempDir Path directory) throws IOException {
    Path whole = directory.resolve("whole");
    TrainingResult expected = trainer(12).withDirectory(whole).fit(SEED);
    Path broken = directory.resolve("broken");
    int interruptions = 0;
    boolean done = false;
    while (!done) {
      // The log is told every 5 steps; interrupting there stops before the next step, and before
      // the first one.
      Trainer resuming =
          trainer(12)
              .withOptions(options(12).withThreads(1 + interruptions % 2))
              .withDirectory(broken);
      if (interruptions == 0) {
        Thread.currentThread().interrupt();
      } else {
        resuming = resuming.withProgress(point -> Thread.currentThread().interrupt());
      }
      try {
        assertEquals(expected, resuming.fit(SEED));
        done = true;
        Thread.interrupted();
      } catch (TrainingInterruptedException e) {
        assertTrue(Thread.interrupted());
        interruptions++;
      }
    }
    assertEquals(3, interruptions);
    assertSameFiles(whole, broken);
  }

  private static void assertSameFiles(Path expected, Path got) throws IOException {
    for (String name : FILES) {
      assertEquals(-1, Files.mismatch(expected.resolve(name), got.resolve(name)), name);
    }
  }

  /** Another rule, schedule, optimiser or data is another run. */
  @Test
  void anythingThatChangesABitIsPartOfTheIdentity(@TempDir Path directory) {
    trainer(5).withDirectory(directory).fit(SEED);
    Trainer same = trainer(5).withDirectory(directory);
    same.withOptions(options(5).withThreads(2).withCheckpointEvery(0)).fit(SEED);
    List<Trainer> others =
        List.of(
            same.withSchedule(Schedule.warmupConstant(0.03, 3)),
            same.withOptimiser(Adam.withDefaults()),
            same.withOptions(options(6)),
            same.withEarlyStopping(EarlyStopping.every(2), data()),
            same.withEarlyStopping(
                EarlyStopping.every(3).withPatience(1_000_000), data().withBatchSize(41)));
    for (Trainer other : others) {
      assertThrows(IllegalArgumentException.class, () -> other.fit(SEED));
    }
  }

  @Test
  void aTimeLimitStopsBetweenStepsAndIsResumed(@TempDir Path directory) throws IOException {
    Path whole = directory.resolve("whole");
    trainer(12).withDirectory(whole).fit(SEED);
    Path limited = directory.resolve("limited");
    Trainer trainer = trainer(12).withDirectory(limited);
    TrainingLimits moment = TrainingLimits.none().withTime(Duration.ofNanos(1));
    TrainingInterruptedException error =
        assertThrows(
            TrainingInterruptedException.class, () -> trainer.withLimits(moment).fit(SEED));
    assertEquals(
        "training stopped at its time limit of 0.0 s after 0 of 12 steps, checkpoint in " + limited,
        error.getMessage());
    trainer.withLimits(TrainingLimits.none().withTime(Duration.ofHours(1))).fit(SEED);
    assertSameFiles(whole, limited);
    assertThrows(
        IllegalArgumentException.class,
        () -> trainer(12).withLimits(moment).fit(SEED),
        "no directory");
    assertThrows(IllegalArgumentException.class, () -> moment.withTime(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> moment.withMemory(0));
  }

  /** 18 parameters, 5 chunks of 3: the figures of the message are checked by hand. */
  @Test
  void whatTakesTooMuchMemoryIsRefusedBeforeAnyWork(@TempDir Path directory) {
    Trainer trainer = trainer(12).withDirectory(directory.resolve("new"));
    Exception error =
        assertThrows(
            IllegalArgumentException.class,
            () -> trainer.withLimits(TrainingLimits.none().withMemory(1000)).fit(SEED));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith("memory: expected at most 0.0 MiB (memory limit), got"), message);
    assertTrue(Files.notExists(directory.resolve("new")));
    trainer.withLimits(TrainingLimits.none().withMemory(100_000)).fit(SEED);
  }

  private static final int LONG = 2000;
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** A child JVM is killed, as by kill -9, while it trains; what it left is resumed here. */
  @Test
  void killedInTheMiddleAndResumed(@TempDir Path directory) throws Exception {
    Path whole = directory.resolve("whole");
    TrainingOptions options = options(LONG).withCheckpointEvery(0);
    TrainingResult expected = trainer(LONG).withOptions(options).withDirectory(whole).fit(SEED);
    Path killed = directory.resolve("killed");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()) {
      command.addAll(List.of("--add-modules", VECTOR_MODULE)); // the kernels of this process
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ResumeTest.class.getName(),
            killed.toString()));
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    Path checkpoint = killed.resolve(Trainer.CHECKPOINT_FILE);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (Files.notExists(checkpoint) && child.isAlive() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    child.destroyForcibly().waitFor();
    long step = Checkpoint.read(checkpoint).step();
    assertTrue(step > 0 && step < LONG, "killed in the middle, at " + step);
    TrainingResult resumed =
        trainer(LONG).withOptions(options.withThreads(2)).withDirectory(killed).fit(SEED);
    assertEquals(expected, resumed);
    assertSameFiles(whole, killed);
  }

  /** The child: the same training into the directory named. */
  public static void main(String[] arguments) {
    trainer(LONG).withDirectory(Path.of(arguments[0])).fit(SEED);
  }
}
