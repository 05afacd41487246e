package org.definetti.symmetry;

import java.util.ArrayList;
import java.util.List;
import org.definetti.latent.Check;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * Violations of a known size, planted to see whether an audit finds them: the audit of an audit.
 *
 * <pre>{@code  f_eps = f + eps ‖f‖ b / ‖b‖,   error of f_eps = c eps,  slope 1 in log-log  }</pre>
 *
 * <p>An audit that measures what it should answers a planted violation in proportion, from the
 * largest down to where rounding begins; one that measures something else, or nothing, has another
 * slope. Source: [derived] (check S18).
 */
public final class Mutation {

  private Mutation() {}

  /**
   * Returns a function with a violation of a known relative size.
   *
   * @param size eps, finite and not negative
   * @param violation b, of the shape of the function's outputs; where it is zero nothing is planted
   */
  public static SequenceFunction planted(
      double size, SequenceFunction violation, SequenceFunction function) {
    Check.notNegative("size", size);
    return (tokens, knowledge) -> {
      SimpleMatrix output = function.transform(tokens, knowledge);
      SimpleMatrix b = violation.transform(tokens, knowledge);
      double norm = b.normF();
      return norm == 0 ? output : output.plus(b.scale(size * output.normF() / norm));
    };
  }

  /**
   * Returns the error that an audit finds in each function, on the same inputs and group elements.
   *
   * @param violated functions with violations of several sizes, as {@link #planted} makes them
   */
  public static List<Double> response(
      Audit audit, AuditPlan plan, Seed seed, List<SequenceFunction> violated) {
    List<Double> errors = new ArrayList<>();
    for (SequenceFunction function : violated) {
      errors.add(audit.examine(plan, seed.generator(), function).measured());
    }
    return errors;
  }

  /**
   * Returns the least-squares slope of log error over log size.
   *
   * @return NaN if an error is zero or not a number: an audit that saw nothing
   */
  public static double slope(List<Double> sizes, List<Double> errors) {
    int count = Check.atLeast("number of sizes", 2, sizes.size());
    Check.width("errors", count, errors.stream().mapToDouble(Double::doubleValue).toArray());
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < count; i++) {
      meanX += Math.log(sizes.get(i)) / count;
      meanY += Math.log(errors.get(i)) / count;
    }
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < count; i++) {
      double x = Math.log(sizes.get(i)) - meanX;
      covariance += x * (Math.log(errors.get(i)) - meanY);
      variance += x * x;
    }
    double slope = covariance / variance;
    return Double.isFinite(slope) ? slope : Double.NaN;
  }
}
