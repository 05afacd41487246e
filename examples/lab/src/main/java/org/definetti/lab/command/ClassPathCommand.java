package org.definetti.lab.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the class path of the library, for {@code java}, {@code kotlinc} or a notebook. */
@Command(
    name = "class-path",
    description = "Prints the library's class path, for java, kotlinc or a notebook.")
public final class ClassPathCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  /** Returns the class path this process runs with. */
  static String classPath() {
    return System.getProperty("java.class.path", "");
  }

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(classPath());
    return 0;
  }
}
