package org.definetti.lab.command;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * A Kotlin compiler: {@code kotlinc} where one is on the path, or else the one that Maven keeps in
 * its local repository, fetched once.
 *
 * @param kotlinc the program on the path, or null
 * @param jars of the compiler in the repository, empty where there is a program
 */
record KotlinCompiler(@Nullable Path kotlinc, List<Path> jars) {

  /** That of {@code examples/kotlin}, so that a build of all has it in the repository. */
  static final String VERSION = "2.1.21";

  private static final String COORDINATES =
      "org.jetbrains.kotlin:kotlin-compiler-embeddable:" + VERSION;

  /**
   * What the compiler needs to run, with the versions that its POM names; first what scripts do.
   */
  private static final List<String> JARS =
      List.of(
          "kotlin/kotlin-stdlib/" + VERSION,
          "kotlin/kotlin-compiler-embeddable/" + VERSION,
          "kotlin/kotlin-script-runtime/" + VERSION,
          "kotlin/kotlin-reflect/1.6.10",
          "kotlin/kotlin-daemon-embeddable/" + VERSION,
          "kotlinx/kotlinx-coroutines-core-jvm/1.8.0",
          "intellij/deps/trove4j/1.0.20200330",
          "annotations/13.0");

  /** Newer JDKs warn of what this compiler does, which is no fault of the script. */
  private static final List<String> QUIET =
      Runtime.version().feature() < 24
          ? List.of()
          : List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  private static final Pattern PICOCLI = Pattern.compile("(.*)/info/picocli/picocli/.*");

  /** Copies the list. */
  KotlinCompiler {
    jars = List.copyOf(jars);
  }

  /**
   * Finds a compiler.
   *
   * @param path the folders of programs, as in the variable {@code PATH}
   * @param repository Maven's local repository
   * @throws IllegalArgumentException if there is none and none can be fetched
   */
  static KotlinCompiler find(String path, Path repository) {
    Path kotlinc = program("kotlinc", path);
    if (kotlinc != null) {
      return new KotlinCompiler(kotlinc, List.of());
    }
    List<Path> jars = jars(repository);
    Path maven = program("mvn", path);
    if (!areThere(jars) && maven != null) {
      JdkTool.run(fetch(maven, repository));
    }
    if (!areThere(jars)) {
      throw new IllegalArgumentException(
          "kotlin: expected kotlinc on the path, or "
              + COORDINATES
              + " in "
              + repository
              + " or to be fetched by mvn, got none of them");
    }
    return new KotlinCompiler(null, jars);
  }

  private static List<String> fetch(Path maven, Path repository) {
    return List.of(
        maven.toString(),
        "--quiet",
        "--batch-mode",
        "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get",
        "-Dartifact=" + COORDINATES,
        "-Dmaven.repo.local=" + repository);
  }

  /** Returns the repository that this process itself was put together from, or the usual one. */
  static Path repository() {
    URL location = CommandLine.class.getProtectionDomain().getCodeSource().getLocation();
    // A path with a space is escaped in an address.
    var matcher = PICOCLI.matcher(URI.create(location.toString()).getPath());
    return matcher.matches()
        ? Path.of(matcher.group(1))
        : Path.of(System.getProperty("user.home"), ".m2", "repository");
  }

  private static @Nullable Path program(String name, String path) {
    for (String folder : path.split(Pattern.quote(File.pathSeparator), -1)) {
      Path program = Path.of(folder, name);
      if (!folder.isEmpty() && Files.isExecutable(program) && !Files.isDirectory(program)) {
        return program;
      }
    }
    return null;
  }

  /** Returns where the jars are in a repository, or would be. */
  static List<Path> jars(Path repository) {
    Path vendor = repository.resolve("org/jetbrains");
    return JARS.stream()
        .map(place -> place + "/" + place.replaceAll(".*?([^/]+)/([^/]+)$", "$1-$2.jar"))
        .map(vendor::resolve)
        .toList();
  }

  private static boolean areThere(List<Path> jars) {
    return jars.stream().allMatch(Files::isReadable);
  }

  /**
   * Compiles a file; what the compiler has to say goes to standard error.
   *
   * @param jar what is written, with the name of the main class in its manifest
   * @return the compiler's exit code
   */
  int compile(Path source, String classPath, Path jar) {
    if (kotlinc != null) {
      List<String> command =
          List.of(
              kotlinc.toString(),
              source.toString(),
              "-include-runtime",
              "-cp",
              classPath,
              "-d",
              jar.toString());
      return JdkTool.run(command);
    }
    List<String> arguments = new ArrayList<>(QUIET);
    arguments.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1", // over before the second compiler would be of use
            "-cp",
            joined(jars),
            "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
            source.toString(),
            "-no-stdlib",
            "-no-reflect",
            "-cp",
            classPath + runtime(),
            "-d",
            jar.toString()));
    return JdkTool.run("java", arguments);
  }

  /** Returns what a compiled program needs beside its jar, to be put behind a class path. */
  String runtime() {
    return jars.isEmpty() ? "" : File.pathSeparator + jars.get(0);
  }

  private static String joined(List<Path> jars) {
    return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
