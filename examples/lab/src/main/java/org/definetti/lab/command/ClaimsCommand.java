package org.definetti.lab.command;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.lab.claims.Claims;
import org.definetti.lab.run.Sources;
import org.definetti.lab.run.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the claims. */
@Command(
    name = "claims",
    description = "The claims: id, name, statement, source, prediction, cost per budget.")
public final class ClaimsCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (Claim claim : Claims.ALL) {
      out.printf(
          "%-4s %s %s%n     %s%n     source: %s%n     predicted: %s%n     cost: %s%n%n",
          claim.id(),
          claim.slug(),
          claim.tags(),
          claim.statement(),
          Sources.text(claim.source()),
          claim.prediction(),
          costs(claim));
    }
    return 0;
  }

  private static String costs(Claim claim) {
    StringBuilder text = new StringBuilder();
    for (Budget budget : Budget.values()) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(budget.name().toLowerCase(Locale.ROOT))
          .append(' ')
          .append(TerminalProgress.duration(claim.cost(budget).toNanos()));
    }
    return text.toString();
  }
}
