package org.definetti.lab.command;

import java.io.File;
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

  /** Returns the class path of this process, with the user's own classes behind it. */
  String withLibrary() {
    String library = ClassPathCommand.classPath();
    return classPath == null ? library : library + File.pathSeparator + classPath;
  }
}
