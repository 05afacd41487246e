package org.definetti.symmetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * How much of a function's risk goes away if it is made symmetric: its mean-square defect, halved.
 *
 * <pre>{@code
 * R(f) = E ‖f(X) - f*(X)‖²,   f* and the law of X have the symmetry
 * R(f) - R(S f) = E ‖f - S f‖² = 1/2 E_(g, X) ‖f(g X) - g f(X)‖²
 * }</pre>
 *
 * <ul>
 *   <li>A property of f and of the law of X; the target f* does not occur. So half the defect of a
 *       trained network is a lower bound on how far its risk is from the best, {@code R(f) - R* >=
 *       value}, without knowing the best: the Bayes map of an invariant model has the symmetry.
 *   <li>Why: S f is the orthogonal projection of f on the functions with the symmetry, and f* is
 *       one of them. On an orbit the numbers {@code g⁻¹ f(g X)} have mean S f(X); the mean square
 *       of the difference of two of them is twice their variance.
 *   <li>False if the law of X lacks the symmetry: the control of claim S16.
 *   <li>Source: that symmetrising lowers the risk [source: Elesedy-2021, abstract]; the identity as
 *       written [derived].
 * </ul>
 *
 * @param value the risk that symmetrising removes, summed over the numbers of an output
 * @param standardError its sampling error; 0 where whole orbits were enumerated
 * @param meanSquare E ‖f(X)‖², to compare with
 */
public record RemovableRisk(double value, double standardError, double meanSquare) {

  /**
   * Returns the removable risk under the law that is uniform on the orbits of these inputs,
   * exactly: every element of the group is tried on every input.
   *
   * <p>Cost: |G| calls an input.
   *
   * @param inputs one of each orbit, at least one
   * @throws UnsupportedOperationException if the group is continuous
   */
  public static RemovableRisk onOrbits(
      SymmetryGroup group, List<AuditInput> inputs, SequenceFunction function) {
    Check.atLeast("number of inputs", 1, inputs.size());
    double removable = 0;
    double square = 0;
    List<Move> moves = group.elements();
    for (AuditInput input : inputs) {
      List<SimpleMatrix> outputs = new ArrayList<>();
      for (Move move : moves) {
        outputs.add(SymmetryGroup.moved(move, input, function));
      }
      SimpleMatrix mean = outputs.get(0);
      for (SimpleMatrix output : outputs.subList(1, outputs.size())) {
        mean = mean.plus(output);
      }
      mean = mean.divide(moves.size());
      for (SimpleMatrix output : outputs) {
        removable += square(output.minus(mean));
        square += square(output);
      }
    }
    double count = (double) inputs.size() * moves.size();
    return new RemovableRisk(removable / count, 0, square / count);
  }

  /**
   * Estimates the removable risk from independent inputs, each moved by one element drawn for it.
   *
   * <p>Unbiased for every number of inputs, with the standard error of a mean. Cost: two calls an
   * input.
   *
   * @param inputs independent draws, at least 2, of a law that has the group's symmetry; else the
   *     number is half a defect and no risk
   */
  public static RemovableRisk estimate(
      SymmetryGroup group,
      List<AuditInput> inputs,
      RandomGenerator rng,
      SequenceFunction function) {
    int count = Check.atLeast("number of inputs", 2, inputs.size());
    double[] halves = new double[count];
    double mean = 0;
    double square = 0;
    for (int n = 0; n < count; n++) {
      Move move = group.draw(rng);
      SimpleMatrix output = inputs.get(n).outputOf(function);
      SimpleMatrix moved = move.input().apply(inputs.get(n)).outputOf(function);
      halves[n] = square(moved.minus(move.output().apply(output))) / 2;
      mean += halves[n] / count;
      square += square(output) / count;
    }
    double spread = 0;
    for (double half : halves) {
      spread += (half - mean) * (half - mean);
    }
    return new RemovableRisk(mean, Math.sqrt(spread / (count - 1) / count), square);
  }

  private static double square(SimpleMatrix matrix) {
    double norm = matrix.normF();
    return norm * norm;
  }

  /** Returns the value as a share of the mean square of the output; 0 if that is zero. */
  public double share() {
    return meanSquare == 0 ? 0 : value / meanSquare;
  }

  /** Returns value, standard error and share in one line. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.4g ± %.1g, %.1f%% of the mean square", value, standardError, 100 * share());
  }
}
