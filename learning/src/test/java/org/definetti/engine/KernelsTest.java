package org.definetti.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which kernels a process gets; the build runs this with and without the module. */
class KernelsTest {

  private static final String MODULE = "jdk.incubator.vector";

  @Test
  void theModuleDecides() {
    boolean present =
        ModuleLayer.boot().findModule(MODULE).isPresent()
            && Runtime.version().feature() < KernelChoice.FIRST_JDK_WITHOUT;
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
    boolean possible = Runtime.version().feature() < KernelChoice.FIRST_JDK_WITHOUT;
    String hint = possible ? "--add-modules " + MODULE : "a JDK from 17 to 20";
    assertTrue(lines.get(0).endsWith(hint), lines::toString);
    assertEquals("plain", lines.get(1));
  }

  /** Returns what a process of its own prints: which kernels it has, asked twice over. */
  private static List<String> start(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    String path = System.getProperty("surefire.test.class.path");
    command.addAll(List.of("-cp", path == null ? System.getProperty("java.class.path") : path));
    command.add(Asked.class.getName());
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
}
