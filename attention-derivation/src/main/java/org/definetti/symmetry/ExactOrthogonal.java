package org.definetti.symmetry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * Orthogonal matrices without rounding: entries are multiples of 1/2, and {@code Q Qᵀ} is the
 * identity bit for bit.
 *
 * <p>With them a defect is the function's, never that of Q; and since they form finite groups,
 * averages over the group are exact.
 *
 * <p>Source: [derived].
 */
public final class ExactOrthogonal {

  private static final int LARGEST_LISTED = 6; // 46 080 elements

  private ExactOrthogonal() {}

  /**
   * Returns all signed permutation matrices: one entry of 1 or -1 in every row and column.
   *
   * <p>They form a group of order {@code 2^d d!}, half of it of each determinant; the identity is
   * the first.
   *
   * @param dimension d, from 1 to 6
   */
  public static List<SimpleMatrix> signedPermutations(int dimension) {
    if (dimension < 1 || dimension > LARGEST_LISTED) {
      throw new IllegalArgumentException(
          "dimension: expected 1 .. " + LARGEST_LISTED + ", got " + dimension);
    }
    List<SimpleMatrix> group = new ArrayList<>();
    for (int[] order : RowOrder.all(dimension)) {
      for (int signs = 0; signs < 1 << dimension; signs++) {
        group.add(signed(order, signs));
      }
    }
    return group;
  }

  /** Returns one uniform signed permutation matrix of any dimension d &gt;= 1. */
  public static SimpleMatrix signedPermutation(int dimension, RandomGenerator rng) {
    Check.atLeast("dimension", 1, dimension);
    double[] q = new double[dimension * dimension];
    int[] order = RowOrder.draw(dimension, rng);
    for (int i = 0; i < dimension; i++) {
      q[i * dimension + order[i]] = rng.nextLong() < 0 ? -1 : 1;
    }
    return new SimpleMatrix(dimension, dimension, true, q);
  }

  private static SimpleMatrix signed(int[] order, int signs) {
    int d = order.length;
    double[] q = new double[d * d];
    for (int i = 0; i < d; i++) {
      q[i * d + order[i]] = (signs >> i & 1) == 0 ? 1 : -1;
    }
    return new SimpleMatrix(d, d, true, q);
  }

  /**
   * Returns the group, of order 1152, that signed permutations of R⁴ and half the Hadamard matrix
   * generate; d = 4, the identity first.
   *
   * <pre>{@code  H/2 = 1/2 [1 1 1 1; 1 -1 1 -1; 1 1 -1 -1; 1 -1 -1 1]  }</pre>
   *
   * <p>Unlike signed permutations it mixes coordinates, which a function applied coordinate by
   * coordinate cannot follow.
   */
  public static List<SimpleMatrix> hadamardGroup() {
    double[] half = {.5, .5, .5, .5, .5, -.5, .5, -.5, .5, .5, -.5, -.5, .5, -.5, -.5, .5};
    List<SimpleMatrix> generators =
        List.of(
            new SimpleMatrix(4, 4, true, half),
            signed(new int[] {1, 0, 2, 3}, 0),
            signed(new int[] {1, 2, 3, 0}, 0),
            signed(new int[] {0, 1, 2, 3}, 1));
    Map<List<Double>, SimpleMatrix> found = new LinkedHashMap<>();
    Deque<SimpleMatrix> open = new ArrayDeque<>(List.of(SimpleMatrix.identity(4)));
    while (!open.isEmpty()) {
      SimpleMatrix element = open.remove();
      if (found.putIfAbsent(entries(element), element) == null) {
        generators.forEach(generator -> open.add(element.mult(generator)));
      }
    }
    return List.copyOf(found.values());
  }

  /** Returns the entries, 0.0 for -0.0, so that equal elements have equal keys. */
  private static List<Double> entries(SimpleMatrix element) {
    return Arrays.stream(element.getDDRM().data).mapToObj(x -> x + 0.0).toList();
  }

  /**
   * Returns the matrix of the given dimension that acts as a block on as many groups of coordinates
   * as fit, and leaves the rest.
   *
   * @param block shape (b, b), b &lt;= dimension
   */
  public static SimpleMatrix blockwise(SimpleMatrix block, int dimension) {
    int b = block.getNumRows();
    Check.matrix("block", block, b, b);
    Check.atLeast("dimension", b, dimension);
    double[] q = SimpleMatrix.identity(dimension).getDDRM().data;
    for (int start = 0; start + b <= dimension; start += b) {
      for (int i = 0; i < b; i++) {
        for (int j = 0; j < b; j++) {
          q[(start + i) * dimension + start + j] = block.get(i, j);
        }
      }
    }
    return new SimpleMatrix(dimension, dimension, true, q);
  }
}
