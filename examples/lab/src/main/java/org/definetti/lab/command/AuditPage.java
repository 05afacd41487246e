package org.definetti.lab.command;

import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.SequenceFunction;
import org.definetti.symmetry.SymmetryAlgebra;
import org.ejml.simple.SimpleMatrix;

/** The words of {@code definetti audit}. */
final class AuditPage {

  private static final int INPUTS = 1;

  private AuditPage() {}

  /**
   * Returns a line on the continuous symmetries, found and not asked for; nothing where outputs are
   * no vectors of the tokens' space.
   */
  static String algebra(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    SimpleMatrix output = plan.input(rng).outputOf(function);
    if (output.getNumCols() != plan.dimension()) {
      return "";
    }
    return "\ncontinuous symmetries: "
        + SymmetryAlgebra.of(plan.withElements(INPUTS), rng, function)
        + "\n";
  }

  /** Returns the influence matrix: a row an output, a column a token; 0 is exactly nothing. */
  static String influence(SimpleMatrix influence) {
    StringBuilder text = new StringBuilder("\ninfluence: how far an output (row) moves, at most,");
    text.append(" when a token (column) is replaced\n");
    for (int i = 0; i < influence.getNumRows(); i++) {
      for (int j = 0; j < influence.getNumCols(); j++) {
        double value = influence.get(i, j);
        text.append(
            value == 0 ? String.format(" %8s", "0") : String.format(Locale.ROOT, " %8.1e", value));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
