package org.definetti.lab.command;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs a one-file program in Java or Kotlin with the library; no build file is needed. */
@Command(
    name = "run",
    description = {
      "Runs a one-file script in Java or Kotlin with the library on its class path.",
      "Kotlin needs kotlinc on the path, or Maven, which fetches a compiler once."
    })
public final class RunCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "FILE", description = "The script, ending in .java or .kt.")
  Path script = Path.of("");

  @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "What the script is given.")
  List<String> arguments = new ArrayList<>();

  @Mixin ClassPathOption own = new ClassPathOption();

  @Override
  public Integer call() {
    boolean kotlin = script.toString().endsWith(".kt");
    if (!(kotlin || script.toString().endsWith(".java"))
        || !Files.isReadable(script)
        || Files.isDirectory(script)) {
      throw new IllegalArgumentException(
          "script: expected a readable file ending in .java or .kt, got " + script);
    }
    String path = own.withLibrary();
    return kotlin ? runKotlin(path) : java(path, script.toString());
  }

  private int java(String classPath, String program) {
    List<String> command =
        new ArrayList<>(List.of("-Djava.awt.headless=true", "-cp", classPath, program));
    command.addAll(arguments);
    return JdkTool.run("java", command);
  }

  private int runKotlin(String classPath) {
    String programs = System.getenv().getOrDefault("PATH", "");
    KotlinCompiler compiler = KotlinCompiler.find(programs, KotlinCompiler.repository());
    try {
      Path folder = Files.createTempDirectory("definetti-kotlin");
      Path jar = folder.resolve("script.jar");
      try {
        int code = compiler.compile(script, classPath, jar);
        return code == 0
            ? java(jar + File.pathSeparator + classPath + compiler.runtime(), mainClass(jar))
            : code;
      } finally {
        Files.deleteIfExists(jar);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("script: cannot run " + script + ": " + e.getMessage(), e);
    }
  }

  /** The compiler names it in the manifest, with its package. */
  private String mainClass(Path jar) throws IOException {
    try (JarFile archive = new JarFile(jar.toFile())) {
      var manifest = archive.getManifest();
      String name =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
      if (name == null) {
        throw new IllegalArgumentException(
            "script: expected one function main in " + script + ", got none or several");
      }
      return name;
    }
  }
}
