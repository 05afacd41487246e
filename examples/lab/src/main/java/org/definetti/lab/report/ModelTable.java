package org.definetti.lab.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.definetti.experiment.AtomicFile;
import org.definetti.lab.model.BuiltInModel;
import org.definetti.lab.model.Models;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * Keeps the page of the models: prose by hand, tables from the catalogue and from a run of claim M.
 *
 * <p>Two regions of the page are written, each between a pair of comments: {@code models}, one row
 * a model with what is exact, its limit, its oracle and how far the two were apart; {@code
 * unanswered}, what a belief does not say and why, found by asking it.
 */
public final class ModelTable {

  private static final String CLAIM = "M.";
  private static final int TOKENS = 3;

  private ModelTable() {}

  /**
   * Writes both regions.
   *
   * @param run directory of a run of {@code verify} that checked claim M
   * @param page the page; begun if missing
   * @return the page
   * @throws IllegalArgumentException if the run has no result of claim M
   */
  public static Path write(Path run, Path page) {
    RunFiles files = RunFiles.read(run);
    Map<String, Row> parts = new LinkedHashMap<>();
    for (Row row : files.verdicts()) {
      if (row.text("claim").startsWith(CLAIM)) {
        parts.put(row.text("claim").substring(CLAIM.length()), row);
      }
    }
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("run: expected one of claim M, got none in " + run);
    }
    String text = Files.exists(page) ? ClaimPages.read(page) : "# Models\n";
    text =
        ClaimPages.withRegion(text, "models", ClaimPages.run(files.manifest(), "M") + rows(parts));
    AtomicFile.write(page, ClaimPages.withRegion(text, "unanswered", unanswered()));
    return page;
  }

  private static String rows(Map<String, Row> parts) {
    StringBuilder table = new StringBuilder();
    table.append(
        "| model | formula | exact | longest input | oracle | largest deviation | control |\n");
    table.append("|---|---|---|---|---|---|---|\n");
    for (BuiltInModel model : Models.ALL) {
      Row part = parts.get(model.name());
      List<String> cells =
          List.of(
              "`" + model.name() + "`",
              "`" + model.formula() + "`",
              model.exact(),
              model.limit(),
              part == null ? "–" : part.text("reason"),
              part == null ? "–" : measured(part),
              part == null ? "–" : ClaimPages.control(part));
      for (String cell : cells) {
        table.append("| ").append(ClaimPages.cell(cell)).append(' ');
      }
      table.append("|\n");
    }
    return table.toString();
  }

  private static String measured(Row part) {
    String number = Numbers.text(part.number("measured"), 2);
    boolean confirmed = part.text("verdict").equals("CONFIRMED");
    return number + " (" + part.text("prediction") + (confirmed ? ")" : ", **not met**)");
  }

  private static String unanswered() {
    StringBuilder table = new StringBuilder("| model | no answer | reason |\n|---|---|---|\n");
    for (BuiltInModel entry : Models.ALL) {
      // One row a reason: several questions often fail for the same one.
      Map<String, String> byReason = new LinkedHashMap<>();
      reasons(entry.build(""))
          .forEach((question, why) -> byReason.merge(why, question, (a, b) -> a + ", " + b));
      byReason.forEach(
          (why, questions) ->
              table
                  .append("| `")
                  .append(entry.name())
                  .append("` | ")
                  .append(questions)
                  .append(" | ")
                  .append(ClaimPages.cell(why))
                  .append(" |\n"));
    }
    return table.toString();
  }

  /** Returns the questions that a belief after three tokens refuses, with its reason. */
  static <Z> Map<String, String> reasons(LatentModel<Z> model) {
    Belief<Z> prior = model.prior();
    Belief<Z> belief =
        prior.observe(model.sample(TOKENS, Seed.of(1).child("tokens").generator()).tokens());
    Z latent = model.drawLatent(Seed.of(1).child("latent").generator());
    SimpleMatrix query = model.drawQuery(Seed.of(1).child("query").generator());
    Map<String, Consumer<Belief<Z>>> questions = new LinkedHashMap<>();
    questions.put("mean", Belief::mean);
    questions.put("covariance", Belief::covariance);
    questions.put("evidence", Belief::logEvidence);
    questions.put("density", b -> b.logDensity(latent));
    questions.put("entropy", Belief::entropyNats);
    questions.put("divergence", b -> b.klNats(prior));
    questions.put("draw of z", b -> b.sample(Seed.of(1).generator()));
    questions.put("merge", b -> b.merge(prior));
    questions.put("predictive mean", b -> b.predictive(query).mean());
    questions.put("predictive covariance", b -> b.predictive(query).covariance());
    questions.put("predictive draw", b -> b.predictive(query).draw(Seed.of(1).generator()));
    questions.put("label", b -> model.drawLabel(latent, Seed.of(1).generator()));
    Map<String, String> reasons = new LinkedHashMap<>();
    questions.forEach(
        (name, question) -> {
          try {
            question.accept(belief);
          } catch (UnsupportedOperationException none) {
            reasons.put(name, String.valueOf(none.getMessage()));
          }
        });
    return reasons;
  }
}
