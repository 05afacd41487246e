package org.definetti.benchmarks.compare;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@link Worker} seen from the process that asks. */
final class WorkerProcess implements AutoCloseable {

  private static final String VECTORS = "jdk.incubator.vector";
  private static final int LINES_KEPT = 40;
  private static final int SECONDS_TO_END = 5;

  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final Writer questions;
  private final List<String> said = new ArrayList<>(); // the last lines of standard error
  private final Thread listener;

  private WorkerProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.questions =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.listener = new Thread(this::listen, name + " errors");
    listener.setDaemon(true);
    listener.start();
  }

  /** Starts a side on a task. */
  static WorkerProcess start(SideName side, Task task) {
    List<String> words = new ArrayList<>(List.of(Worker.class.getName(), side.name()));
    words.addAll(task.arguments());
    List<String> options = new ArrayList<>();
    if (side == SideName.OURS && hasVectors()) {
      options.add("--add-modules=" + VECTORS);
    }
    if (side == SideName.PYTORCH) {
      options.addAll(List.of("-Dslf4j.internal.verbosity=ERROR", "-Dai.djl.offline=true"));
      options.add("-DOPT_OUT_TRACKING=true");
    }
    return start(side.name(), options, words, task.threads());
  }

  /** Starts the process that measures the machine. */
  static WorkerProcess limits() {
    // By name: this code is compiled without the module that the other is written with.
    List<String> words = List.of("org.definetti.benchmarks.limits.Limits");
    return start("limits", List.of("--add-modules=" + VECTORS), words, 1);
  }

  private static WorkerProcess start(
      String name, List<String> options, List<String> words, int threads) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseParallelGC", "-Dfile.encoding=UTF-8"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    for (String library : List.of("OMP", "OPENBLAS", "MKL")) {
      environment.put(library + "_NUM_THREADS", Integer.toString(threads));
    }
    // Pages freed are kept: a peer that returns them to the system after each step is slower.
    environment.put("MALLOC_TRIM_THRESHOLD_", "4000000000");
    environment.put("MALLOC_MMAP_THRESHOLD_", "4000000000");
    environment.put("MALLOC_TOP_PAD_", "100000000");
    try {
      return new WorkerProcess(name, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells whether the running JDK has what the limits are measured with. */
  static boolean hasVectors() {
    return ModuleFinder.ofSystem().find(VECTORS).isPresent();
  }

  private void listen() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        keep(line);
      }
    } catch (IOException e) {
      keep(e.toString());
    }
  }

  private synchronized void keep(String line) {
    said.add(line);
    if (said.size() > LINES_KEPT) {
      said.remove(0);
    }
  }

  private synchronized String heard() {
    return String.join("\n", said);
  }

  String ask(String question) {
    try {
      questions.write(question + "\n");
      questions.flush();
      @Nullable String answer = answers.readLine();
      if (answer != null) {
        return answer;
      }
    } catch (IOException e) {
      keep(e.toString());
    }
    throw failed(question);
  }

  private UncheckedIOException failed(String question) {
    try {
      listener.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String message = name + " ended when asked for " + question + ": " + heard();
    return new UncheckedIOException(new IOException(message));
  }

  String description() {
    return ask("description");
  }

  double[] losses() {
    return Arrays.stream(ask("losses").split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  long[] nanos(int steps) {
    return Arrays.stream(ask("nanos " + steps).split(" ", -1)).mapToLong(Long::parseLong).toArray();
  }

  double number(String question) {
    return Double.parseDouble(ask(question));
  }

  long memory() {
    return Long.parseLong(ask("memory"));
  }

  @Override
  public void close() {
    try {
      questions.close();
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
