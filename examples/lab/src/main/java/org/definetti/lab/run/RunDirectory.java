package org.definetti.lab.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a run writes. */
public final class RunDirectory {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private RunDirectory() {}

  /**
   * Returns the directory the user named, or {@code runs/<time>-<verb>}.
   *
   * @throws IllegalArgumentException if the name is a file, or there is nothing to resume
   */
  public static Path of(@Nullable Path named, String verb, boolean resume) {
    if (named == null) {
      if (resume) {
        throw new IllegalArgumentException("resume: expected --out with the run to continue");
      }
      return Path.of("runs", TIME.format(LocalDateTime.now()) + "-" + verb);
    }
    if (Files.exists(named) && !Files.isDirectory(named)) {
      throw new IllegalArgumentException("out: expected a directory, got the file " + named);
    }
    if (!resume && Files.exists(named.resolve(Manifest.FILE))) {
      throw new IllegalArgumentException(
          "out: " + named + " already holds a run; pass --resume to continue it");
    }
    return named;
  }
}
