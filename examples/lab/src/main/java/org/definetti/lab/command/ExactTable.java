package org.definetti.lab.command;

import java.util.List;
import java.util.Map;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.experiment.Csv;
import org.definetti.lab.data.ExactAnswers;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.LatentModel;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The exact answers about sequences as CSV, a line for each number: {@code
 * sequence,length,quantity,index,exact,attention}. The quantities are those of {@link
 * ExactAnswers}.
 */
final class ExactTable {

  private ExactTable() {}

  /**
   * Returns the table.
   *
   * @param derived what the column {@code attention} says about the predictive mean; null leaves it
   *     empty
   */
  static String csv(
      LatentModel<?> model,
      List<Named> sequences,
      SimpleMatrix query,
      @Nullable Attention derived) {
    Csv csv = Csv.withColumns("sequence", "length", "quantity", "index", "exact", "attention");
    for (Named sequence : sequences) {
      Map<String, SimpleMatrix> answers = ExactAnswers.of(model, sequence.tokens(), query);
      for (var answer : answers.entrySet()) {
        SimpleMatrix attended =
            derived != null && answer.getKey().equals(ExactAnswers.PREDICTIVE_MEAN)
                ? derived.attend(query, Context.of(model, sequence.tokens()))
                : null;
        write(csv, sequence, answer.getKey(), answer.getValue(), attended);
      }
    }
    return csv.text();
  }

  private static void write(
      Csv csv,
      Named sequence,
      String quantity,
      SimpleMatrix exact,
      @Nullable SimpleMatrix attention) {
    for (int i = 0; i < exact.getNumElements(); i++) {
      Object attended = attention == null ? "" : (Object) attention.get(i);
      csv.row(sequence.name(), sequence.tokens().length(), quantity, i, exact.get(i), attended);
    }
  }
}
