package org.definetti.lab.command;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.lab.claims.Claims;
import org.definetti.lab.run.ProgressLine;
import org.definetti.lab.run.Sources;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the claims. */
@Command(
    name = "claims",
    description = "Lists the claims: id, name, tags, statement, source, prediction, cost.")
public final class ClaimsCommand implements Callable<Integer> {

  private static final String INDENT = "     ";

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (Claim claim : Claims.ALL) {
      out.printf("%-4s %s %s%n", claim.id(), claim.slug(), claim.tags());
      out.print(Wrapping.wrap(INDENT, claim.statement()));
      out.print(Wrapping.wrap(INDENT, "source: " + Sources.text(claim.source())));
      out.print(Wrapping.wrap(INDENT, "predicted: " + claim.prediction()));
      out.print(Wrapping.wrap(INDENT, "cost: " + costs(claim)));
      out.println();
    }
    return 0;
  }

  private static String costs(Claim claim) {
    StringBuilder text = new StringBuilder();
    for (Budget budget : Budget.values()) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(budget.name().toLowerCase(Locale.ROOT))
          .append(' ')
          .append(ProgressLine.duration(claim.cost(budget).toNanos()));
    }
    return text.toString();
  }
}
