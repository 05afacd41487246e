package org.definetti.lab.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.definetti.experiment.RunInterruptedException;
import org.definetti.train.TrainingInterruptedException;
import org.jspecify.annotations.Nullable;

/** Where a run writes, and how it goes on after an interruption. */
public final class RunDirectory {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private RunDirectory() {}

  /**
   * Returns the directory the user named, or {@code runs/<time>-<verb>}. Nothing is written.
   *
   * <p>With {@code resume} a directory that holds nothing yet is accepted: a run may be killed
   * before its first byte.
   *
   * @param manifest of the run to come; takes over the start of the run it continues
   * @throws IllegalArgumentException if the name is a file, or the directory holds a run that may
   *     not be continued: without {@code resume}, or because it is another one
   */
  public static Path of(@Nullable Path named, Manifest manifest, boolean resume) {
    if (named == null) {
      if (resume) {
        throw new IllegalArgumentException(
            "resume: expected --out with the directory of the run to continue, got none");
      }
      return Path.of(
          "runs", TIME.format(LocalDateTime.now(ZoneId.systemDefault())) + "-" + manifest.verb());
    }
    if (Files.exists(named) && !Files.isDirectory(named)) {
      throw new IllegalArgumentException("out: expected a directory, got the file " + named);
    }
    if (Files.exists(named.resolve(Manifest.FILE))) {
      if (!resume) {
        throw new IllegalArgumentException(
            "out: expected a new directory, got "
                + named
                + ", which holds a run; --resume continues it");
      }
      manifest.goOn(named);
    }
    return named;
  }

  /**
   * Does a run's work; if it is interrupted, says where it was kept and how it goes on.
   *
   * @throws CancellationException if the work was interrupted
   */
  public static int resumable(Path directory, Callable<Integer> work) throws Exception {
    try {
      return work.call();
    } catch (RunInterruptedException | TrainingInterruptedException | CancellationException e) {
      CancellationException interrupted =
          new CancellationException(
              e.getMessage()
                  + "; what is finished is kept: the same command with --out "
                  + directory
                  + " --resume goes on");
      interrupted.initCause(e);
      throw interrupted;
    }
  }
}
