package org.definetti.symmetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * Which continuous linear changes of the tokens' space a function commutes with, found and not
 * asked: its symmetry Lie algebra. (S9)
 *
 * <pre>{@code  all A in R^(d, d) with  Df(X, Z)[X A, Z A] = f(X, Z) A  for many inputs  }</pre>
 *
 * <ul>
 *   <li>A function that commutes with the group {@code exp(t A)} solves the equation, and the
 *       solutions are a Lie algebra: so(d), of dimension d (d - 1) / 2, for forms of attention;
 *       gl(d) for a mixing of tokens; what is left of so(d) where knowledge is frozen ({@link
 *       SequenceFunction#withKnowledge}).
 *   <li>Linear in A, one unknown an entry: the null space of a matrix with a block of rows an
 *       input, each divided by the norm of the output there. Its singular values, over the root of
 *       the number of inputs, are the violation of a unit A.
 *   <li>Reflections are no part of it; ask {@link OrthogonalAudit} with -1.
 *   <li>Derivatives are differences of order eight: exact to 1e-12 for functions that are analytic
 *       about the inputs. ReLU has kinks: where one is crossed an entry is off, which hides no
 *       symmetry that keeps signs.
 *   <li>Cost: {@code 8 d²} calls an input and the singular values of a (inputs · n' d, d²) matrix.
 *   <li>Source: [derived].
 * </ul>
 *
 * @param dimension of the algebra
 * @param possible d², the dimension of all linear changes
 * @param largestZero the largest violation that counts as none
 * @param smallestOther the smallest violation of what is no symmetry; infinite if all are
 * @param basis of the algebra, each of shape (d, d) and norm 1
 */
public record SymmetryAlgebra(
    int dimension,
    int possible,
    double largestZero,
    double smallestOther,
    List<SimpleMatrix> basis) {

  /** Copies the list. */
  public SymmetryAlgebra {
    basis = List.copyOf(basis);
  }

  /**
   * Returns the algebra of a function.
   *
   * @param plan sizes; its number of elements is the number of inputs, raised if equations are too
   *     few
   * @throws org.definetti.latent.ShapeMismatchException if the outputs are not as wide as tokens
   */
  public static SymmetryAlgebra of(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    int d = plan.dimension();
    SimpleMatrix equations = new SimpleMatrix(0, d * d);
    int inputs = 0;
    while (inputs < plan.elements() || equations.getNumRows() < d * d) {
      AuditInput input = plan.input(rng);
      equations = Stacked.of(equations, equations(input, function));
      inputs++;
    }
    Nullspace found = Nullspace.of(equations, Math.sqrt(inputs));
    List<SimpleMatrix> basis = new ArrayList<>();
    for (int i = 0; i < found.dimension(); i++) {
      double[] entries = found.basis().extractVector(false, i).getDDRM().data;
      basis.add(new SimpleMatrix(d, d, true, entries));
    }
    return new SymmetryAlgebra(
        found.dimension(), d * d, found.largestZero(), found.smallestOther(), basis);
  }

  /** Returns a row an entry of the output, a column an entry of A, (n' d, d²). */
  private static SimpleMatrix equations(AuditInput input, SequenceFunction function) {
    int d = input.tokens().getNumCols();
    SimpleMatrix output = input.outputOf(function);
    input.needVectors(output);
    double norm = output.normF();
    int rows = output.getNumElements();
    double[] equations = new double[rows * d * d];
    for (int a = 0; a < d && norm > 0; a++) {
      for (int b = 0; b < d; b++) {
        SimpleMatrix unit = unit(d, a, b);
        SimpleMatrix left = derivative(input, unit, function).minus(output.mult(unit));
        for (int r = 0; r < rows; r++) {
          equations[r * d * d + a * d + b] = left.get(r) / norm;
        }
      }
    }
    return new SimpleMatrix(rows, d * d, true, equations);
  }

  private static SimpleMatrix derivative(
      AuditInput input, SimpleMatrix unit, SequenceFunction function) {
    SimpleMatrix tokens = input.tokens().mult(unit);
    SimpleMatrix knowledge = input.knowledge().mult(unit);
    return Slope.along(t -> input.plus(tokens.scale(t), knowledge.scale(t)).outputOf(function));
  }

  private static SimpleMatrix unit(int d, int a, int b) {
    double[] unit = new double[d * d];
    unit[a * d + b] = 1;
    return new SimpleMatrix(d, d, true, unit);
  }

  /**
   * Returns the factor between the smallest violation that counts and the largest that does not:
   * how sure the dimension is. Infinite if nothing or everything is a symmetry.
   */
  public double gap() {
    return largestZero == 0 ? Double.POSITIVE_INFINITY : smallestOther / largestZero;
  }

  /**
   * Returns how much of the algebra is no rotation: the largest norm of {@code (A + Aᵀ) / 2} in the
   * basis, 0 for a subalgebra of so(d).
   */
  public double beyondRotations() {
    return basis.stream().mapToDouble(a -> a.plus(a.transpose()).normF() / 2).max().orElse(0);
  }

  /** Returns dimension and gap in one line. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "dimension %d of %d, violations up to %.0e and from %.0e",
        dimension,
        possible,
        largestZero,
        smallestOther);
  }
}
