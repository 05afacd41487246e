package org.definetti.lab;

import java.util.concurrent.TimeUnit;

/**
 * The process through which the launcher takes a line of the virtual machine out of standard error.
 *
 * <p>Whatever is printed passes through it, and so is seen a moment later. The command waits for
 * that moment at its end: who reads its messages when it is over finds all of them, and a prompt
 * comes after them.
 */
final class LauncherFilter {

  /** The launcher's word for the filter's process. */
  private static final String PROCESS = "definetti.filter";

  private static final long PATIENCE_SECONDS = 2;

  private LauncherFilter() {}

  /** Closes standard error and waits until the filter, if there is one, has passed all of it on. */
  static void drain() {
    Long process = Long.getLong(PROCESS);
    if (process == null) {
      return;
    }
    System.err.close();
    ProcessHandle.of(process)
        .ifPresent(
            filter ->
                filter
                    .onExit()
                    .completeOnTimeout(filter, PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join());
  }
}
