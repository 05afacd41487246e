package org.definetti.symmetry;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.random.Haar;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * All homogeneous polynomial maps from m rows of d numbers to one row, and those among them that
 * commute with given matrices: the class in which an audit is a proof. (S6, S7)
 *
 * <pre>{@code
 * f(V) = e(V)ᵀ F,   e_α(V) = √(p! / α!) V^α,   F of shape (monomials, d)
 * f commutes with Q  ⇔  e(V Q)ᵀ F - e(V)ᵀ F Q = 0 for all V
 * generated: the span of v_i <v_a, v_b> <v_c, v_e> …, p odd, (p - 1) / 2 inner products
 * }</pre>
 *
 * <ul>
 *   <li>Complete: with two generic rotations and a reflection, which generate a dense subgroup of
 *       O(d), the first space has the dimension of the second. So at this degree every equivariant
 *       map is a sum of rows with coefficients polynomial in the Gram matrix.
 *   <li>The condition is linear in F; it is asked at more generic points of the unit sphere than
 *       there are monomials, where a polynomial that vanishes is zero.
 *   <li>Dimension for m &lt;= d: {@link #independent}; for m &gt; d the vanishing (d + 1)-minors of
 *       the Gram matrix are relations among the generators, and it is smaller.
 *   <li>Cost: the singular values of a matrix with {@code d · monomials} columns and a few times as
 *       many rows; {@code C(m d + p - 1, p)} monomials, at most 1000 unknowns.
 *   <li>Source: that C can be chosen polynomial [source: Blum-Smith-2022, abstract, for the general
 *       recipe]; dimension and program [derived] (statement ES3).
 * </ul>
 */
public final class PolynomialMaps {

  private static final int MOST_UNKNOWNS = 1000;
  private static final double MORE_POINTS = 1.3;

  private final int rows;
  private final int dimension;
  private final int degree;
  private final List<int[]> exponents;

  private PolynomialMaps(int rows, int dimension, int degree) {
    this.rows = rows;
    this.dimension = dimension;
    this.degree = degree;
    this.exponents = new ArrayList<>();
    list(new int[rows * dimension], 0, degree);
  }

  /**
   * Returns the maps of m rows of width d, homogeneous of degree p.
   *
   * @param rows m, at least 1
   * @param dimension d, at least 1
   * @param degree p, at least 1
   * @throws IllegalArgumentException if they have more than 1000 coefficients
   */
  public static PolynomialMaps of(int rows, int dimension, int degree) {
    Check.atLeast("rows", 1, rows);
    Check.atLeast("dimension", 1, dimension);
    Check.atLeast("degree", 1, degree);
    double unknowns = dimension * choose(rows * dimension + degree - 1, degree);
    if (unknowns > MOST_UNKNOWNS) {
      throw new IllegalArgumentException(
          "degree: expected a space of at most "
              + MOST_UNKNOWNS
              + " coefficients, got "
              + unknowns);
    }
    return new PolynomialMaps(rows, dimension, degree);
  }

  private void list(int[] exponent, int from, int left) {
    if (from == exponent.length - 1) {
      int[] done = exponent.clone();
      done[from] = left;
      exponents.add(done);
      return;
    }
    for (int e = 0; e <= left; e++) {
      exponent[from] = e;
      list(exponent, from + 1, left - e);
    }
    exponent[from] = 0;
  }

  private static double choose(int n, int k) {
    double product = 1;
    for (int i = 1; i <= k; i++) {
      product = product * (n - k + i) / i;
    }
    return Math.rint(product);
  }

  /** Returns the number of coefficients of a map. */
  public int unknowns() {
    return exponents.size() * dimension;
  }

  /**
   * Returns the dimension of the equivariant maps if m &lt;= d: {@code m C(m (m + 1) / 2 + r - 1,
   * r)} for {@code p = 2 r + 1}, and 0 for even p.
   */
  public int independent() {
    int r = (degree - 1) / 2;
    return degree % 2 == 0 ? 0 : (int) (rows * choose(rows * (rows + 1) / 2 + r - 1, r));
  }

  /**
   * Returns two generic rotations and, if asked for, a reflection; with it they generate a dense
   * subgroup of O(d), without it of SO(d).
   */
  public List<SimpleMatrix> generators(boolean reflection, RandomGenerator rng) {
    List<SimpleMatrix> generators = new ArrayList<>();
    generators.add(Haar.rotation(dimension, rng));
    generators.add(Haar.rotation(dimension, rng));
    if (reflection) {
      generators.add(Haar.reflection(dimension, rng));
    }
    return generators;
  }

  /**
   * The maps that commute with some matrices.
   *
   * @param dimension how many independent ones there are
   * @param gap the factor between the singular values that count and those that do not
   * @param basis their coefficients, orthonormal columns, shape (unknowns, dimension)
   */
  public record Commuting(int dimension, double gap, SimpleMatrix basis) {

    /** Returns a random one, with normal coordinates in the basis. */
    public SimpleMatrix draw(RandomGenerator rng) {
      double[] coordinates = new double[dimension];
      Normal.fill(coordinates, 0, dimension, rng);
      return basis.mult(new SimpleMatrix(dimension, 1, true, coordinates));
    }
  }

  /**
   * Returns the maps with {@code f(V Q) = f(V) Q} for all given Q, each (d, d).
   *
   * @param rng draws the points at which this is asked
   */
  public Commuting commuting(List<SimpleMatrix> matrices, RandomGenerator rng) {
    Check.atLeast("number of matrices", 1, matrices.size());
    int points = (int) (MORE_POINTS * exponents.size()) + 8;
    int width = unknowns();
    double[] equations = new double[matrices.size() * points * dimension * width];
    int row = 0;
    for (SimpleMatrix q : matrices) {
      Check.matrix("matrices", q, dimension, dimension);
      for (int s = 0; s < points; s++) {
        SimpleMatrix v = point(rng);
        double[] here = monomials(v);
        double[] there = monomials(v.mult(q));
        for (int j = 0; j < dimension; j++, row++) {
          for (int a = 0; a < here.length; a++) {
            int start = row * width + a * dimension;
            equations[start + j] += there[a];
            for (int b = 0; b < dimension; b++) {
              equations[start + b] -= here[a] * q.get(b, j);
            }
          }
        }
      }
    }
    SimpleMatrix matrix = new SimpleMatrix(row, width, true, equations);
    Nullspace found = Nullspace.of(matrix, matrix.normF() / Math.sqrt(width));
    return new Commuting(found.dimension(), found.gap(), found.basis());
  }

  /** Returns rows uniform on the unit sphere of all entries together. */
  private SimpleMatrix point(RandomGenerator rng) {
    double[] v = new double[rows * dimension];
    Normal.fill(v, 0, v.length, rng);
    SimpleMatrix point = new SimpleMatrix(rows, dimension, true, v);
    return point.divide(point.normF());
  }

  private double[] monomials(SimpleMatrix v) {
    double[] entries = v.getDDRM().data;
    double[] values = new double[exponents.size()];
    for (int a = 0; a < values.length; a++) {
      int[] exponent = exponents.get(a);
      double value = 1;
      int used = 0;
      for (int c = 0; c < exponent.length; c++) {
        for (int e = 1; e <= exponent[c]; e++) {
          used++;
          value *= entries[c] * Math.sqrt((double) used / e); // √(p! / α!) in all
        }
      }
      values[a] = value;
    }
    return values;
  }

  /**
   * Returns a map as a function of sequences: its m rows are tokens and knowledge, its output one
   * row.
   *
   * @param coefficients F, its rows one after another, shape (unknowns, 1)
   */
  public SequenceFunction function(SimpleMatrix coefficients) {
    Check.matrix("coefficients", coefficients, unknowns(), 1);
    SimpleMatrix f =
        new SimpleMatrix(exponents.size(), dimension, true, coefficients.getDDRM().data.clone());
    return (tokens, knowledge) -> {
      SimpleMatrix v = Stacked.of(tokens, knowledge);
      Check.matrix("tokens and knowledge", v, rows, dimension);
      return new SimpleMatrix(1, exponents.size(), true, monomials(v)).mult(f);
    };
  }

  /** Returns the rank of the maps that the form generates, as functions. */
  public int generated(RandomGenerator rng) {
    return degree % 2 == 0 ? 0 : Nullspace.rank(generators(points(unknowns(), rng)));
  }

  /**
   * Returns how well a function is one of the generated maps: coefficients are fitted on half of
   * the points, and the relative residual is taken on the other half.
   *
   * @param function of m rows, tokens and knowledge together; one output row, of width d
   * @return 0 up to rounding if the function is generated; about 1 if it has nothing to do with
   *     them, and for even p
   */
  public double residual(RandomGenerator rng, SequenceFunction function) {
    if (degree % 2 == 0) {
      return 1;
    }
    List<SimpleMatrix> fitted = points(unknowns(), rng);
    List<SimpleMatrix> held = points(unknowns(), rng);
    SimpleMatrix coefficients =
        PseudoInverse.of(generators(fitted)).matrix().mult(values(fitted, function));
    SimpleMatrix truth = values(held, function);
    return Distance.relative(generators(held).mult(coefficients), truth);
  }

  private List<SimpleMatrix> points(int count, RandomGenerator rng) {
    List<SimpleMatrix> points = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      points.add(point(rng));
    }
    return points;
  }

  private SimpleMatrix values(List<SimpleMatrix> points, SequenceFunction function) {
    double[] values = new double[points.size() * dimension];
    for (int s = 0; s < points.size(); s++) {
      SimpleMatrix output = function.transform(points.get(s), new SimpleMatrix(0, dimension));
      Check.matrix("output", output, 1, dimension);
      System.arraycopy(output.getDDRM().data, 0, values, s * dimension, dimension);
    }
    return new SimpleMatrix(values.length, 1, true, values);
  }

  /** Returns a column a generator, a row an entry of its value at a point. */
  private SimpleMatrix generators(List<SimpleMatrix> points) {
    int columns = independent();
    double[] matrix = new double[points.size() * dimension * columns];
    for (int s = 0; s < points.size(); s++) {
      SimpleMatrix v = points.get(s);
      double[] products = products(v.mult(v.transpose()));
      for (int i = 0; i < rows; i++) {
        for (int g = 0; g < products.length; g++) {
          for (int j = 0; j < dimension; j++) {
            matrix[(s * dimension + j) * columns + i * products.length + g] =
                v.get(i, j) * products[g];
          }
        }
      }
    }
    return new SimpleMatrix(points.size() * dimension, columns, true, matrix);
  }

  /** Returns all products of (p - 1) / 2 entries of the upper triangle of a Gram matrix. */
  private double[] products(SimpleMatrix gram) {
    List<Double> entries = new ArrayList<>();
    for (int a = 0; a < rows; a++) {
      for (int b = a; b < rows; b++) {
        entries.add(gram.get(a, b));
      }
    }
    List<Double> products = new ArrayList<>();
    multiply(entries, 0, (degree - 1) / 2, 1, products);
    return products.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void multiply(
      List<Double> entries, int from, int left, double product, List<Double> products) {
    if (left == 0) {
      products.add(product);
      return;
    }
    for (int e = from; e < entries.size(); e++) {
      multiply(entries, e, left - 1, product * entries.get(e), products);
    }
  }
}
