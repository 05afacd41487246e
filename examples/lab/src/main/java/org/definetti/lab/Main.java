package org.definetti.lab;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.definetti.experiment.CellFailedException;
import org.definetti.lab.command.AuditCommand;
import org.definetti.lab.command.BenchCommand;
import org.definetti.lab.command.BoundCommand;
import org.definetti.lab.command.ClaimsCommand;
import org.definetti.lab.command.ClassPathCommand;
import org.definetti.lab.command.ConfigFile;
import org.definetti.lab.command.DeriveCommand;
import org.definetti.lab.command.DiagnoseCommand;
import org.definetti.lab.command.ExportCommand;
import org.definetti.lab.command.FitCommand;
import org.definetti.lab.command.JshellCommand;
import org.definetti.lab.command.ModelsCommand;
import org.definetti.lab.command.PosteriorCommand;
import org.definetti.lab.command.ReferenceCommand;
import org.definetti.lab.command.ReportCommand;
import org.definetti.lab.command.RunCommand;
import org.definetti.lab.command.SampleCommand;
import org.definetti.lab.command.ScoreCommand;
import org.definetti.lab.command.SweepCommand;
import org.definetti.lab.command.TrainCommand;
import org.definetti.lab.command.VerifyCommand;
import org.definetti.lab.run.ProgressLine;
import org.definetti.train.NonFiniteLossException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code definetti} command.
 *
 * <p>Exit codes: 0 done; 1 a verdict contradicts what the claim expects, or a control is missed; 2
 * wrong usage or configuration; 3 input/output or numerical failure; 130 interrupted, resumable.
 * Errors are one line on standard error that names the argument, what was expected and what came.
 */
@Command(
    name = "definetti",
    description = "When does attention compute the posterior?",
    footer = {
      "",
      "Exit codes: 0 done; 1 a verdict is not the expected one, or a control is missed; 2 wrong",
      "usage; 3 input/output or numerical failure; 130 interrupted, to be continued by --resume."
    },
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
      DeriveCommand.class,
      AuditCommand.class,
      BoundCommand.class,
      FitCommand.class,
      ScoreCommand.class,
      ReferenceCommand.class,
      DiagnoseCommand.class,
      TrainCommand.class,
      ExportCommand.class,
      BenchCommand.class,
      ReportCommand.class,
      RunCommand.class,
      JshellCommand.class,
      ClassPathCommand.class
    })
public final class Main implements Runnable {

  /** The exit code of wrong usage or configuration. */
  public static final int USAGE = 2;

  /** The exit code of an input/output or numerical failure. */
  public static final int FAILURE = 3;

  /** The exit code of an interrupted, resumable run. */
  public static final int INTERRUPTED = 130;

  private static final int HELP_WIDTH = 100;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Interruption interruption = Interruption.listen();
    int code = execute(out, err, arguments);
    out.flush();
    err.flush();
    LauncherFilter.drain();
    interruption.done();
    System.exit(code);
  }

  /**
   * Runs the command with the given streams.
   *
   * @return the exit code
   */
  public static int execute(PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine command =
        new CommandLine(new Main())
            .setOut(out)
            .setErr(err)
            .setUsageHelpWidth(HELP_WIDTH)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(Main::wrongUsage)
            .setExecutionExceptionHandler((e, failed, parsed) -> failure(e, failed));
    // What follows the name of a script is for the script, options too.
    for (String verb : List.of("run", "jshell")) {
      Objects.requireNonNull(command.getSubcommands().get(verb)).setStopAtPositional(true);
    }
    String[] all;
    try {
      all = ConfigFile.expand(command, arguments);
    } catch (IllegalArgumentException e) {
      return failure(e, command);
    }
    try {
      return command.execute(all);
    } catch (OutOfMemoryError e) {
      long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
      String more = "DEFINETTI_JAVA_OPTIONS=-Xmx" + 2 * mebibytes + "m gives twice as many";
      print(command, "memory: expected to do with " + mebibytes + " MiB, got out of it; " + more);
      return FAILURE;
    } catch (StackOverflowError e) {
      print(command, e.toString());
      return FAILURE;
    }
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String help = " (see '" + command.getCommandSpec().qualifiedName() + " --help')";
    ArgSpec argument = e.getArgSpec();
    String value = e.getValue();
    if (e instanceof UnmatchedArgumentException unmatched && isCommand(command, unmatched)) {
      String expected = "command: expected one of " + command.getSubcommands().keySet();
      print(command, expected + ", got " + unmatched.getUnmatched().get(0) + help);
    } else if (argument != null && value != null) {
      print(command, name(argument) + ": expected " + kind(argument) + ", got " + value + help);
    } else if (e instanceof UnmatchedArgumentException unmatched) {
      String what =
          unmatched.isUnknownOption()
              ? "option: expected a known one"
              : "argument: expected none more";
      print(command, what + ", got " + unmatched.getUnmatched().get(0) + help);
    } else if (e instanceof MissingParameterException missing && missing.getMissing().size() == 1) {
      ArgSpec absent = missing.getMissing().get(0);
      print(
          command, name(absent) + ": expected a value for " + usage(absent) + ", got none" + help);
    } else {
      String choice = "^Error: Missing required argument [(]specify one of these[)]: (.*)";
      String message = String.valueOf(e.getMessage());
      print(command, message.replaceFirst(choice, "argument: expected one of $1, got none") + help);
    }
    return USAGE;
  }

  /** Whether what was not understood stands where the name of a command should. */
  private static boolean isCommand(CommandLine command, UnmatchedArgumentException unmatched) {
    return !command.getSubcommands().isEmpty() && !unmatched.isUnknownOption();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? option.longestName().substring("--".length())
        : argument.paramLabel();
  }

  private static String usage(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static String kind(ArgSpec argument) {
    Class<?> type = argument.type();
    if (type.isEnum()) {
      return "one of "
          + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT).replace('_', '-');
    }
    if (type == int.class || type == long.class) {
      return "a whole number";
    }
    return type == double.class ? "a number" : "a value for " + argument.paramLabel();
  }

  private static int failure(Exception e, CommandLine command) {
    print(command, e.getMessage() == null ? e.toString() : e.getMessage());
    Throwable cause = e instanceof CellFailedException && e.getCause() != null ? e.getCause() : e;
    if (cause instanceof CancellationException) {
      return INTERRUPTED;
    }
    if (cause instanceof IllegalArgumentException
        || cause instanceof UnsupportedOperationException) {
      return USAGE;
    }
    if (cause instanceof UncheckedIOException
        || cause instanceof ArithmeticException
        || cause instanceof VirtualMachineError
        || cause instanceof NonFiniteLossException) {
      return FAILURE;
    }
    // Anything else is a defect, of ours or of a user's class: a report of it needs the trace.
    e.printStackTrace(command.getErr());
    return FAILURE;
  }

  private static void print(CommandLine command, String message) {
    ProgressLine.clear(command.getErr());
    command.getErr().println("definetti: " + message.replaceAll("\\s*\\R\\s*", " "));
  }
}
