package org.definetti.symmetry;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.random.Haar;
import org.ejml.simple.SimpleMatrix;

/**
 * Does f commute with a change of the orthonormal basis of tokens and knowledge together? (S1, S8)
 *
 * <pre>{@code  error = ‖f(X Q, Z Q) - f(X, Z) Q‖ / max(‖f(X Q, Z Q)‖, ‖f(X, Z)‖)  }</pre>
 *
 * <ul>
 *   <li>Each component of O(d) has an audit of its own, because a function can commute with all
 *       rotations and with no reflection: {@code det(V) v_1}, the cross product.
 *   <li>Group elements: the plan's number of Haar draws of this determinant for each of the plan's
 *       inputs.
 *   <li>An error between the tolerances is reported beside the size of a planted violation, {@code
 *       f + eps ‖f‖ b} with a fixed unit matrix b, that would show as the same error.
 *   <li>Accuracy: 2e-15 for a form of attention in double precision, d up to 64.
 *   <li>Source: [derived]; both determinants and a relative error after what libraries for
 *       equivariant networks do [source: e3nn/e3nn, mfinzi/equivariant-MLP].
 * </ul>
 *
 * @param determinant 1 or -1
 */
public record OrthogonalAudit(int determinant) implements Audit {

  private static final double PLANTED = 1e-2;

  /**
   * Checks the determinant.
   *
   * @throws IllegalArgumentException unless it is 1 or -1
   */
  public OrthogonalAudit {
    if (determinant != 1 && determinant != -1) {
      throw new IllegalArgumentException("determinant: expected 1 or -1, got " + determinant);
    }
  }

  @Override
  public String name() {
    return determinant == 1 ? "rotations (determinant 1)" : "reflections (determinant -1)";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    return output.getNumCols() == plan.dimension()
        ? ""
        : "outputs are not vectors in the space of the tokens";
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    List<AuditInput> inputs = plan.inputs(rng);
    Worst worst = new Worst();
    for (AuditInput input : inputs) {
      for (int n = 0; n < plan.elements(); n++) {
        worst.add(error(input, draw(plan.dimension(), rng), function), input.text());
      }
    }
    AuditResult result = worst.result(name(), plan.tolerance());
    return result.verdict() == AuditVerdict.INCONCLUSIVE
        ? result.withPlanted(result.measured() / plantedSlope(plan, rng, function))
        : result;
  }

  private SimpleMatrix draw(int dimension, RandomGenerator rng) {
    return determinant == 1 ? Haar.rotation(dimension, rng) : Haar.reflection(dimension, rng);
  }

  /** Returns the relative error of f at one input for one orthogonal matrix. */
  public static double error(AuditInput input, SimpleMatrix q, SequenceFunction function) {
    SimpleMatrix output = input.outputOf(function);
    input.needVectors(output);
    return Distance.relative(input.times(q).outputOf(function), output.mult(q));
  }

  /** Returns the error that a planted violation of size 1 would show as, by one of size 1/100. */
  private double plantedSlope(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    SequenceFunction violated = planted(PLANTED, function);
    double slope = 0;
    for (int n = 0; n < plan.elements(); n++) {
      AuditInput input = plan.input(rng);
      slope = Math.max(slope, error(input, draw(plan.dimension(), rng), violated) / PLANTED);
    }
    return slope;
  }

  /**
   * Returns the function with a violation of a known relative size: {@code f + size ‖f‖ b}, every
   * row of b the same multiple of {@code (1, -1, 1, …)}, {@code ‖b‖ = 1}.
   *
   * @param size finite, not negative
   */
  public static SequenceFunction planted(double size, SequenceFunction function) {
    return Mutation.planted(size, (x, z) -> alternating(function.transform(x, z)), function);
  }

  private static SimpleMatrix alternating(SimpleMatrix output) {
    double[] b = new double[output.getNumElements()];
    for (int i = 0; i < b.length; i++) {
      b[i] = i % output.getNumCols() % 2 == 0 ? 1 : -1;
    }
    return new SimpleMatrix(output.getNumRows(), output.getNumCols(), true, b);
  }
}
