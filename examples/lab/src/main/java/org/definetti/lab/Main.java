package org.definetti.lab;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import org.definetti.lab.command.ClaimsCommand;
import org.definetti.lab.command.ClassPathCommand;
import org.definetti.lab.command.ModelsCommand;
import org.definetti.lab.command.PosteriorCommand;
import org.definetti.lab.command.ReportCommand;
import org.definetti.lab.command.RunCommand;
import org.definetti.lab.command.SampleCommand;
import org.definetti.lab.command.SweepCommand;
import org.definetti.lab.command.TrainCommand;
import org.definetti.lab.command.VerifyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * The {@code definetti} command.
 *
 * <p>Exit codes: 0 done; 1 a verdict contradicts what the claim expects, or a control is missed; 2
 * wrong usage or configuration; 3 input/output or numerical failure; 130 interrupted, resumable.
 */
@Command(
    name = "definetti",
    description = "When does attention compute the posterior?",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    subcommands = {
      ModelsCommand.class,
      ClaimsCommand.class,
      VerifyCommand.class,
      SweepCommand.class,
      SampleCommand.class,
      PosteriorCommand.class,
      TrainCommand.class,
      ReportCommand.class,
      RunCommand.class,
      ClassPathCommand.class
    })
public final class Main implements Runnable {

  /** The exit code of wrong usage or configuration. */
  public static final int USAGE = 2;

  /** The exit code of an input/output or numerical failure. */
  public static final int FAILURE = 3;

  /** The exit code of an interrupted, resumable run. */
  public static final int INTERRUPTED = 130;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = execute(out, err, arguments);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /**
   * Runs the command with the given streams.
   *
   * @return the exit code
   */
  public static int execute(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::wrongUsage)
        .setExecutionExceptionHandler((e, command, parsed) -> failure(e, command))
        .execute(arguments);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    print(command, e.getMessage());
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return USAGE;
  }

  private static int failure(Exception e, CommandLine command) {
    if (e instanceof CancellationException) {
      print(command, e.getMessage());
      return INTERRUPTED;
    }
    print(command, e.getMessage() == null ? e.toString() : e.getMessage());
    if (e instanceof IllegalArgumentException || e instanceof UnsupportedOperationException) {
      return USAGE;
    }
    if (e instanceof UncheckedIOException || e instanceof ArithmeticException) {
      return FAILURE;
    }
    // Anything else is a defect of ours: the trace is what a bug report needs.
    e.printStackTrace(command.getErr());
    return FAILURE;
  }

  private static void print(CommandLine command, String message) {
    command.getErr().println("definetti: " + message.replace('\n', ' '));
  }
}
