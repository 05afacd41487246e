package org.definetti.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which kernels a process gets; the build runs this with and without the module. */
class KernelsTest {

  private static final String MODULE = "jdk.incubator.vector";

  @Test
  void theModuleDecides() {
    boolean present = ModuleLayer.boot().findModule(MODULE).isPresent();
    String expected = present ? "vector, [0-9]+ lanes" : "plain";
    assertTrue(Kernels.inUse().label().matches(expected), Kernels.inUse().label());
  }

  @Test
  void aPropertyAsksForThePlainOnes() throws Exception {
    List<String> lines = start("--add-modules", MODULE, "-Ddefinetti.kernels=plain");
    assertEquals(List.of("WARNING: Using incubator modules: " + MODULE, "plain"), lines);
  }

  @Test
  void oneLogEntrySaysThatTheModuleIsMissing() throws Exception {
    List<String> lines = start("-Djava.util.logging.SimpleFormatter.format=%4$s: %5$s%n");
    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.get(0).startsWith("INFO: plain kernels in use"), lines::toString);
    assertTrue(lines.get(0).endsWith("--add-modules " + MODULE), lines::toString);
    assertEquals("plain", lines.get(1));
  }

  /** Sums of floats depend on their order, which must not depend on who ran the code. */
  @Test
  void bitsAreTheSameInterpretedAndCompiled() throws Exception {
    List<String> interpreted = new ArrayList<>(List.of("-Xint"));
    if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
      interpreted.addAll(List.of("--add-modules", MODULE));
    }
    List<String> lines = start(Summed.class, interpreted.toArray(String[]::new));
    String compiled = "";
    for (int round = 0; round < 50_000; round++) {
      compiled = Summed.bits();
    }
    assertEquals(compiled, lines.get(lines.size() - 1));
  }

  private static List<String> start(String... options) throws Exception {
    return start(Asked.class, options);
  }

  /** Returns what a process of its own prints. */
  private static List<String> start(Class<?> main, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    String path = System.getProperty("surefire.test.class.path");
    command.addAll(List.of("-cp", path == null ? System.getProperty("java.class.path") : path));
    command.add(main.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text.lines().toList();
  }

  /** A process that asks for its kernels. */
  static final class Asked {
    public static void main(String[] arguments) {
      Kernels first = Kernels.inUse();
      Kernels second = Kernels.inUse();
      System.out.println(first == second ? first.label() : "chosen twice");
    }
  }

  /** A process that multiplies a matrix and a vector, and attends, on numbers of many sizes. */
  static final class Summed {

    private static final int SIZE = 53;

    public static void main(String[] arguments) {
      System.out.println(bits());
    }

    static String bits() {
      float[] row = new float[SIZE];
      float[] x = new float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        row[i] = (i % 7 - 3) / (1f + i % 5);
        x[i] = 1f / (3 + i * i % 11);
      }
      float[] product = new float[1];
      Kernels.inUse().smallMatrix().multiply(row, 0, 1, SIZE, x, 0, product, 0);
      float[] weights = new float[SIZE];
      float[] sum = new float[4];
      float[][] rows = {row, x, row, x};
      float[] u = {1f, -2f, 0.5f, 0.25f};
      float nothing =
          Kernels.inUse().singleQuery().forward(u, rows, rows, 0, SIZE, 0f, weights, sum, 0);
      return Arrays.toString(product) + Arrays.toString(sum) + nothing + block(row, x);
    }

    /** Whole vectors of tokens and of rows, which have loops of their own. */
    private static String block(float[] row, float[] x) {
      float[][] rows = {row, x, row, x, x, row, x, row, x};
      float[] weights = new float[32];
      float[] gradients = new float[32];
      float[] sum = new float[9];
      float[] du = new float[9];
      Kernels kernels = Kernels.inUse();
      kernels.singleQuery().forward(x, rows, rows, 0, 32, 0f, weights, sum, 0);
      kernels.singleQuery().backward(sum, 0f, 0f, rows, rows, 0, 32, weights, gradients, du);
      float[] product = new float[25];
      kernels.smallMatrix().multiplyTransposed(row, 0, 2, 25, x, 0, product, 0);
      return Arrays.toString(sum) + Arrays.toString(du) + Arrays.toString(product);
    }
  }
}
