package org.definetti.lab.command;

import org.definetti.lab.model.UserClasses;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the user's own classes are. */
final class ClassPathOption {

  @Option(
      names = "--class-path",
      paramLabel = "PATH",
      description = "Jars and folders with classes of your own.")
  @Nullable String classPath;

  UserClasses classes() {
    return UserClasses.of(classPath);
  }
}
