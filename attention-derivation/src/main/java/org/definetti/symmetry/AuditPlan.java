package org.definetti.symmetry;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * What an audit draws and how strictly it judges.
 *
 * <ul>
 *   <li>Inputs: rows of standard normal numbers at five scales from 1e-3 to 1e3, and two inputs at
 *       scale 1 whose last row is nearly, within 1e-2 and 1e-4, a sum of the others.
 *   <li>Group elements: {@code elements} for every input, and for each component of O(d).
 *   <li>Normal inputs miss what happens only far out or only in a corner: an audit falsifies.
 * </ul>
 *
 * @param tokens n, at least 1
 * @param knowledge k, 0 for none
 * @param dimension d, at least 1
 * @param elements how many group elements are tried on each input, at least 1
 * @param tolerance what passes and what fails
 */
public record AuditPlan(
    int tokens, int knowledge, int dimension, int elements, Tolerance tolerance) {

  private static final int ELEMENTS = 20;
  private static final double[] SCALES = {1e-3, 0.1, 1, 10, 1e3};
  // Not nearer: what cancels in a function, such as a cross product, costs it as many digits.
  private static final double[] NEARLY = {1e-2, 1e-4};

  /** Checks the sizes. */
  public AuditPlan {
    Check.atLeast("tokens", 1, tokens);
    Check.atLeast("knowledge", 0, knowledge);
    Check.atLeast("dimension", 1, dimension);
    Check.atLeast("elements", 1, elements);
  }

  /** Returns the plan for n tokens and k knowledge rows of width d, in double precision. */
  public static AuditPlan of(int tokens, int knowledge, int dimension) {
    return new AuditPlan(tokens, knowledge, dimension, ELEMENTS, Tolerance.DOUBLE);
  }

  /** Returns this plan with another number of group elements for each input. */
  public AuditPlan withElements(int newElements) {
    return new AuditPlan(tokens, knowledge, dimension, newElements, tolerance);
  }

  /** Returns this plan with another tolerance. */
  public AuditPlan withTolerance(Tolerance newTolerance) {
    return new AuditPlan(tokens, knowledge, dimension, elements, newTolerance);
  }

  /** Returns one input of standard normal numbers. */
  public AuditInput input(RandomGenerator rng) {
    return input(1, rng);
  }

  private AuditInput input(double scale, RandomGenerator rng) {
    return new AuditInput(
        normal(tokens, scale, rng), normal(knowledge, scale, rng), "scale " + scale);
  }

  /** Returns the inputs of an audit, as described above; seven of them. */
  public List<AuditInput> inputs(RandomGenerator rng) {
    List<AuditInput> inputs = new ArrayList<>();
    for (double scale : SCALES) {
      inputs.add(input(scale, rng));
    }
    for (double distance : NEARLY) {
      inputs.add(nearlyDependent(distance, rng));
    }
    return inputs;
  }

  /** Returns an input whose last row is the sum of the others over their number, and a little. */
  private AuditInput nearlyDependent(double distance, RandomGenerator rng) {
    AuditInput input = input(rng);
    int rows = tokens + knowledge;
    double[] v = input.stacked().getDDRM().data.clone();
    int last = (rows - 1) * dimension;
    for (int j = 0; j < dimension && rows > 1; j++) {
      double sum = 0;
      for (int i = 0; i < rows - 1; i++) {
        sum += v[i * dimension + j];
      }
      v[last + j] = sum / (rows - 1) + distance * v[last + j];
    }
    SimpleMatrix stacked = new SimpleMatrix(rows, dimension, true, v);
    return new AuditInput(
        Stacked.rows(stacked, 0, tokens),
        Stacked.rows(stacked, tokens, rows),
        "rows dependent within " + distance);
  }

  private SimpleMatrix normal(int rows, double scale, RandomGenerator rng) {
    double[] numbers = new double[rows * dimension];
    Normal.fill(numbers, 0, numbers.length, rng);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= scale;
    }
    return new SimpleMatrix(rows, dimension, true, numbers);
  }
}
