package org.definetti.experiment;

import java.nio.file.Path;
import org.definetti.latent.Check;
import org.jspecify.annotations.Nullable;

/**
 * Executes plans: on how many threads, heard by whom, and with which journal.
 *
 * <pre>{@code
 * Results results = Runner.withDefaults().withThreads(2).withDirectory(out).execute(plan, task);
 * }</pre>
 *
 * <p>Cells are started in plan order and may finish in any; the results come back in plan order, so
 * neither the number of threads nor an interruption changes them. With a directory every finished
 * cell goes to {@code journal.jsonl} there, and a run that was killed at any moment continues from
 * it when the same plan is executed again {@linkplain #withResume with resume}.
 *
 * @param threads the number of cells computed at once, at least 1
 * @param progress who hears how the run goes
 * @param directory where the journal lies, or null for none
 * @param resume whether an existing journal of the same plan is continued; else it is refused
 */
public record Runner(int threads, Progress progress, @Nullable Path directory, boolean resume) {

  /**
   * Checks the number of threads.
   *
   * @throws IllegalArgumentException if there are fewer than one
   */
  public Runner {
    Check.atLeast("threads", 1, threads);
  }

  /** Returns the runner with a thread for each processor, silent, without a journal. */
  public static Runner withDefaults() {
    return new Runner(Runtime.getRuntime().availableProcessors(), Progress.none(), null, false);
  }

  /** Returns this runner with another number of threads. */
  public Runner withThreads(int count) {
    return new Runner(count, progress, directory, resume);
  }

  /** Returns this runner with another listener. */
  public Runner withProgress(Progress listener) {
    return new Runner(threads, listener, directory, resume);
  }

  /** Returns this runner with its journal in a directory, which is created when needed. */
  public Runner withDirectory(Path newDirectory) {
    return new Runner(threads, progress, newDirectory, resume);
  }

  /** Returns this runner such that it continues an existing journal, or refuses it. */
  public Runner withResume(boolean newResume) {
    return new Runner(threads, progress, directory, newResume);
  }

  /**
   * Returns this runner with its journal one directory further down, for work that executes more
   * than one plan. Without a directory it is this runner.
   */
  public Runner within(String name) {
    return directory == null ? this : withDirectory(directory.resolve(name));
  }

  /**
   * Executes a plan, or what the journal does not yet hold of it.
   *
   * @throws CellFailedException if a cell fails; cells already started are finished and journalled,
   *     no other is started
   * @throws RunInterruptedException if the calling thread is interrupted, which stays set; the
   *     cells being computed are interrupted and forgotten
   * @throws IllegalArgumentException if the directory holds a journal and this runner does not
   *     resume, or holds the journal of another plan, or another process writes it
   * @throws java.io.UncheckedIOException if the journal cannot be read or written
   */
  public Results execute(Plan plan, CellTask task) {
    Progress serialised = new SerialProgress(progress);
    if (directory == null) {
      return new Execution(plan, task, serialised, null).execute(threads);
    }
    try (Journal journal = Journal.open(directory, plan, resume, serialised::note)) {
      return new Execution(plan, task, serialised, journal).execute(threads);
    }
  }
}
