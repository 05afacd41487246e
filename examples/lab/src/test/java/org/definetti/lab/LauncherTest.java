package org.definetti.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher around a virtual machine: a copy of the script in a folder that looks built, with a
 * script in place of {@code java} that prints what each test needs.
 */
class LauncherTest {

  private static final String WARNING = "WARNING: Using incubator modules: jdk.incubator.vector\n";

  @TempDir Path root;

  @BeforeEach
  void pretendToBeBuilt() throws IOException {
    Path script = Path.of("..", "..", "definetti");
    Files.copy(script, root.resolve("definetti"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createFile(root.resolve("pom.xml"));
    for (String module :
        List.of("latent-model", "attention-derivation", "learning", "examples/lab")) {
      Files.createDirectories(root.resolve(module).resolve("target/launcher/classes"));
      Files.createFile(root.resolve(module).resolve("pom.xml"));
    }
    Path built = root.resolve("examples/lab/target/launcher");
    Files.writeString(built.resolve("class-path.txt"), root + "\n");
    Files.createFile(built.resolve("definetti.stamp"));
    virtualMachine("java.base jdk.incubator.vector java.logging", "exit 0");
  }

  /** Puts lines of a shell script in the place of {@code java}, in a JDK of these modules. */
  private void virtualMachine(String modules, String... lines) throws IOException {
    Path home = Files.createDirectories(root.resolve("jdk"));
    Files.writeString(
        home.resolve("release"), "JAVA_VERSION=\"17.0.1\"\nMODULES=\"" + modules + "\"\n");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/usr/bin/env bash\n" + String.join("\n", lines) + "\n");
    assertTrue(java.toFile().setExecutable(true));
  }

  private Process start(String... arguments) throws IOException {
    return start(root.resolve("definetti"), arguments);
  }

  private Process start(Path script, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    // A pipe would be closed with the process, before its filter has passed on the last words.
    return builder.redirectError(errors().toFile()).start();
  }

  private Path errors() {
    return root.resolve("errors");
  }

  /** Waits until standard error says this, and nothing more. */
  private void assertErrors(String expected) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!Files.readString(errors()).equals(expected) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertEquals(expected, Files.readString(errors()));
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void exactlyTheWarningIsTakenOut() throws Exception {
    virtualMachine(
        "jdk.incubator.vector",
        "echo 'Picked up JAVA_TOOL_OPTIONS: -Dx=y' >&2",
        "printf '" + WARNING.replace("\n", "\\n") + "' >&2",
        "printf '\\r  1 of 2 cells' >&2",
        "printf 'a second " + WARNING.replace("\n", "\\n") + "no end' >&2",
        "echo result",
        "exit 7");
    Process process = start("verify");
    assertErrors(
        "Picked up JAVA_TOOL_OPTIONS: -Dx=y\n\r  1 of 2 cellsa second " + WARNING + "no end");
    assertEquals("result\n", text(process.getInputStream()));
    assertEquals(7, process.waitFor());
  }

  @Test
  void progressIsSeenAtOnce() throws Exception {
    virtualMachine(
        "jdk.incubator.vector",
        "printf '" + WARNING.replace("\n", "\\n") + "\\r 50 %%' >&2",
        "read -r line",
        "printf 'then %s' \"$line\" >&2");
    Process process = start("train");
    // The virtual machine ends only after this was read.
    assertErrors("\r 50 %");
    process.getOutputStream().write("more\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    assertErrors("\r 50 %then more");
    assertEquals(0, process.waitFor());
  }

  @Test
  void aVirtualMachineThatDoesNotStartIsHeard() throws Exception {
    virtualMachine(
        "jdk.incubator.vector", "echo 'Error: no such option' >&2", "printf 'bye' >&2", "exit 1");
    Process process = start("sweep");
    assertErrors("Error: no such option\nbye");
    assertEquals(1, process.waitFor());
  }

  @Test
  void anInterruptReachesTheVirtualMachineAndWhatItSaysThenIsSeen() throws Exception {
    virtualMachine(
        "jdk.incubator.vector",
        "trap 'echo interrupted >&2; exit 130' INT TERM",
        "printf '" + WARNING.replace("\n", "\\n") + "ready' >&2",
        "while :; do read -r -t 0.01 line; done");
    Process process = start("verify");
    assertErrors("ready");
    // The launcher has become java, so that its process is the one to end.
    new ProcessBuilder("kill", "-TERM", String.valueOf(process.pid())).start().waitFor();
    assertErrors("readyinterrupted\n");
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    assertEquals(130, process.exitValue());
  }

  @Test
  void theModuleIsAskedForWhereItIsUsed() throws Exception {
    String[] echo = {"echo \"$@\""};
    virtualMachine("java.base jdk.incubator.vector java.logging", echo);
    assertTrue(arguments("train").contains("--add-modules jdk.incubator.vector "));
    assertFalse(arguments("models").contains("--add-modules"), "40 ms for nothing");
    virtualMachine("java.base jdk.incubator.vectors java.logging", echo);
    assertFalse(arguments("train").contains("--add-modules"), "a JDK without the module");
  }

  @Test
  void aDistributionRunsFromItsJars() throws Exception {
    Path home = Files.createDirectories(root.resolve("a place"));
    Path script = Files.createDirectories(home.resolve("bin")).resolve("definetti");
    Files.copy(root.resolve("definetti"), script, StandardCopyOption.COPY_ATTRIBUTES);
    virtualMachine("java.base", "printf '%s\\n' \"$@\"");
    Process empty = start(script, "models");
    String lib = script.toRealPath().getParent().resolveSibling("lib").toString();
    assertErrors(
        "definetti: lib: expected the jars of a distribution in " + lib + ", found none\n");
    assertEquals(3, empty.waitFor());

    for (String name : List.of("b.jar", "a.jar")) {
      Files.createFile(Files.createDirectories(home.resolve("lib")).resolve(name));
    }
    Files.writeString(home.resolve("lib/commit.txt"), "1234abc\n");
    Process process = start(script, "models");
    String text = text(process.getInputStream());
    assertErrors("");
    assertEquals(0, process.waitFor());
    assertTrue(text.contains("\n-cp\n" + lib + "/a.jar:" + lib + "/b.jar\n"), text);
    assertTrue(text.contains("\n-Ddefinetti.commit=1234abc\n"), text);
  }

  private String arguments(String verb) throws Exception {
    Process process = start(verb);
    String text = text(process.getInputStream());
    assertErrors("");
    assertEquals(0, process.waitFor());
    assertTrue(text.endsWith("org.definetti.lab.Main " + verb + "\n"), text);
    return text;
  }
}
