package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same seed gives the same bytes on any number of threads, and killed and resumed or not. One
 * derived and one trained attention, whose cells take long enough to be killed between two.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SameBytesTest {

  private static final List<String> COMPARED = List.of("cells.jsonl", "curves.csv", "slopes.csv");

  private static final String[] SWEEP = {
    "sweep",
    "--model=linear-regression:key-width=3",
    "--attention=corrected-softmax:derived,softmax:trained",
    "--objective=masked,supervised",
    "--lengths=2,4,8",
    "--seeds=4",
    "--sequences=6",
    "--steps=400",
    "--batch-size=16",
    "--expect=squared-gap ~ L^-1 ± 9 over 2..8 for corrected-softmax:derived"
  };

  @TempDir Path folder;

  private Object[] sweep(String directory, String... more) {
    Object[] arguments = Arrays.copyOf(SWEEP, SWEEP.length + 1 + more.length, Object[].class);
    arguments[SWEEP.length] = "--out=" + folder.resolve(directory);
    System.arraycopy(more, 0, arguments, SWEEP.length + 1, more.length);
    return arguments;
  }

  private void assertSame(String directory) throws Exception {
    for (String name : COMPARED) {
      Path expected = folder.resolve("one").resolve(name);
      assertEquals(-1, Files.mismatch(expected, folder.resolve(directory).resolve(name)), name);
    }
  }

  @Test
  void threadsAndKillsChangeNoByte() throws Exception {
    int code = Console.run(sweep("one", "--threads=1", "--quiet")).code();
    assertEquals(code, Console.run(sweep("two", "--threads=2", "--quiet")).code());
    assertSame("two");

    Path killed = folder.resolve("killed");
    Process process = Console.start(folder.resolve("log"), sweep("killed", "--threads=1"));
    Console.awaitCells(killed, 9, process); // the eight cells of the derived one, one trained
    process.destroyForcibly().waitFor(); // kill -9
    assertFalse(Files.exists(killed.resolve("cells.jsonl")), "killed too late");
    Console resumed = Console.run(sweep("killed", "--threads=2", "--resume"));
    assertEquals(code, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains(" of 16 cells taken from the journal"), resumed.err());
    assertSame("killed");

    tearLastLine(folder.resolve("two"));
    Console torn = Console.run(sweep("two", "--resume"));
    assertEquals(code, torn.code(), torn.err());
    assertTrue(torn.err().contains("is torn and was cut off"), torn.err());
    assertSame("two");
  }

  /** Leaves the journal as a kill in the middle of a write does, and no result files. */
  private static void tearLastLine(Path run) throws Exception {
    Path journal = run.resolve("journal.jsonl");
    byte[] bytes = Files.readAllBytes(journal);
    Files.write(journal, Arrays.copyOf(bytes, bytes.length - 20));
    for (String name : COMPARED) {
      Files.delete(run.resolve(name));
    }
  }

  @Test
  void interruptKeepsWhatIsFinished() throws Exception {
    Path run = folder.resolve("run");
    Path log = folder.resolve("log");
    Process process = Console.start(log, sweep("run", "--threads=1"));
    Console.awaitCells(run, 9, process);
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
    // Where the build itself runs with SIGINT ignored, its children ignore it too.
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    String text = Files.readString(log);
    Assumptions.assumeTrue(ended && process.exitValue() != 0, "SIGINT is ignored here");
    assertEquals(130, process.exitValue(), text);
    assertTrue(text.contains("definetti: interrupted after "), text);
    assertTrue(text.contains(" --out " + run + " --resume goes on"), text);
    assertFalse(text.contains("\tat "), text);
    assertTrue(Files.readString(run.resolve("manifest.json")).contains("\"verb\" : \"sweep\""));
    assertEquals(0, Console.run(sweep("run", "--resume", "--quiet")).code());
  }
}
