package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a Kotlin compiler is looked for; that one compiles is tested beside the Kotlin samples. */
class KotlinCompilerTest {

  private static final String COMPILER =
      "org/jetbrains/kotlin/kotlin-compiler-embeddable/2.1.21/kotlin-compiler-embeddable-2.1.21.jar";

  @TempDir Path folder;

  /** Puts a program on the path that runs these lines of shell. */
  private Path program(String name, String lines) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + lines + "\n");
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  private String path() {
    return folder.resolve("nothing") + File.pathSeparator + folder.resolve("bin");
  }

  private Path repository() {
    return folder.resolve("repository");
  }

  @Test
  void theProgramOnThePathIsTaken() throws IOException {
    Path kotlinc = program("kotlinc", "echo \"$@\" > " + folder + "/said; exit 5");
    KotlinCompiler compiler = KotlinCompiler.find(path(), repository());
    assertEquals(kotlinc, compiler.kotlinc());
    assertEquals("", compiler.runtime());
    assertEquals(5, compiler.compile(Path.of("a.kt"), "x:y", Path.of("a.jar")));
    assertEquals(
        "a.kt -include-runtime -cp x:y -d a.jar\n", Files.readString(folder.resolve("said")));
  }

  @Test
  void mavenFetchesOneOnce() throws IOException {
    // Stands for Maven: it notes how it was called, and leaves the files Maven would leave.
    StringBuilder lines = new StringBuilder("echo \"$@\" >> " + folder + "/said\n");
    Path vendor = repository().resolve("org/jetbrains");
    for (Path jar : KotlinCompiler.jars(repository())) {
      assertTrue(jar.startsWith(vendor));
      lines.append("mkdir -p ").append(jar.getParent()).append("; : > ").append(jar).append('\n');
    }
    program("mvn", lines.toString());
    for (int i = 0; i < 2; i++) {
      KotlinCompiler compiler = KotlinCompiler.find(path(), repository());
      assertNull(compiler.kotlinc());
      assertTrue(compiler.jars().contains(repository().resolve(COMPILER)));
      assertTrue(compiler.runtime().endsWith("kotlin-stdlib-2.1.21.jar"));
    }
    String said = Files.readString(folder.resolve("said"));
    assertEquals(1, said.lines().count(), said);
    assertTrue(said.contains("org.jetbrains.kotlin:kotlin-compiler-embeddable:2.1.21"), said);
  }

  @Test
  void withoutAnyItSaysWhatIsExpected() throws IOException {
    program("mvn", "exit 1"); // as without a network
    Files.createDirectory(folder.resolve("bin/kotlinc")); // a folder is no program
    Exception refused =
        assertThrows(
            IllegalArgumentException.class, () -> KotlinCompiler.find(path(), repository()));
    assertEquals(
        "kotlin: expected kotlinc on the path, or"
            + " org.jetbrains.kotlin:kotlin-compiler-embeddable:2.1.21 in "
            + repository()
            + " or to be fetched by mvn, got none of them",
        refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> KotlinCompiler.find("", repository()));
    assertFalse(Files.exists(repository()));
  }
}
