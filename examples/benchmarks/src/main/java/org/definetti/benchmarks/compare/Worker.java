package org.definetti.benchmarks.compare;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A process that holds one side and does what the lines on its standard input ask; one line of
 * answer each: {@code description}, {@code losses}, {@code nanos COUNT}, {@code memory}.
 */
public final class Worker {

  private final Side side;

  private Worker(Side side) {
    this.side = side;
  }

  /** Starts with the side's name and the task's words; ends with its input. */
  public static void main(String[] arguments) throws IOException {
    // Answers go to the true standard output; whatever else prints, a native library, does not.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    Task task = Task.of(arguments, 1);
    try (Side side = SideName.valueOf(arguments[0]).start(task);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      Worker worker = new Worker(side);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(worker.answer(line.split(" ", -1)));
      }
    }
    System.exit(0); // a native library may keep threads
  }

  private String answer(String[] words) {
    return switch (words[0]) {
      case "description" -> side.description();
      case "losses" -> join(side.losses());
      case "nanos" -> join(side.nanos(Integer.parseInt(words[1])));
      case "memory" -> Long.toString(side.memory());
      default -> throw new IllegalArgumentException("worker: got " + words[0]);
    };
  }

  private static String join(double[] numbers) {
    return Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(" "));
  }

  private static String join(long[] numbers) {
    return Arrays.stream(numbers).mapToObj(Long::toString).collect(Collectors.joining(" "));
  }
}
