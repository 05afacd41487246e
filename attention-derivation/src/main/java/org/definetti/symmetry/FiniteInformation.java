package org.definetti.symmetry;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;
import org.ejml.simple.SimpleSVD;

/**
 * Three readings of a "finite information principle", as audits: how little of the knowledge, and
 * of the other rows, an output needs. (S13)
 *
 * <p>Ma and Ying name such a principle; its definition is not known to us. The three are this
 * project's own, and differ:
 *
 * <pre>{@code
 * F1  sparse access       each output row uses at most s knowledge rows, ‖B_i‖₀ <= s
 * F2  finite summary      weights know pairs, and the other rows by r sums only
 * F3  knowledge-mediated  f(X, Z) = g(X Zᵀ, Z Zᵀ) Z: tokens are seen by the knowledge only
 * }</pre>
 *
 * <p>Source: the name [source: Ma-2022, abstract]; readings and tests [derived].
 */
public sealed interface FiniteInformation extends Audit {

  /** Returns the reading: F1, F2 or F3. */
  String reading();

  /**
   * F1: each output row uses at most s knowledge rows.
   *
   * <pre>{@code  error = (s + 1)-th largest |B_il| of a row / largest / max(1, cond V)  }</pre>
   *
   * <p>B from the canonical coefficients, unique if V has full row rank, n + k &lt;= d. Passes for
   * hard attention, fails for dense.
   *
   * @param rows s, at least 1
   */
  record SparseAccess(int rows) implements FiniteInformation {

    /** Checks the number. */
    public SparseAccess {
      Check.atLeast("rows", 1, rows);
    }

    @Override
    public String reading() {
      return "F1";
    }

    @Override
    public String name() {
      return "F1 (ours): knowledge rows used: " + rows;
    }

    @Override
    public String whyNot(AuditPlan plan, SimpleMatrix output) {
      String vectors = unique(plan, output);
      return vectors.isEmpty() && plan.knowledge() <= rows
          ? "no more knowledge rows than " + rows
          : vectors;
    }

    @Override
    public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
      Worst worst = new Worst();
      for (int trial = 0; trial < plan.elements(); trial++) {
        AuditInput input = plan.input(rng);
        CanonicalCoefficients found = CanonicalCoefficients.of(input, function);
        for (int i = 0; i < found.matrix().getNumRows(); i++) {
          double[] weights = new double[plan.knowledge()];
          for (int l = 0; l < weights.length; l++) {
            weights[l] = Math.abs(found.matrix().get(i, plan.tokens() + l));
          }
          Arrays.sort(weights);
          double largest = weights[weights.length - 1];
          double next = weights[weights.length - 1 - rows];
          double error = largest == 0 ? 0 : next / largest / Math.max(1, found.condition());
          worst.add(error, input.text());
        }
      }
      return worst.result(name(), plan.tolerance());
    }
  }

  /**
   * F2: weights know pairs of rows, and the other rows by r sums only.
   *
   * <pre>{@code
   * D_jl = ∂C_ij / ∂<x_i, v_l>,   x_i moved by Vᵀ G⁻¹ e_l, which changes no other product
   * error = σ_(r+1) / σ_1 of D[J, L], / cond V,   J and L disjoint, r + 1 rows each
   * }</pre>
   *
   * <ul>
   *   <li>If {@code C_ij = w(s_ij, ρ)}, {@code ρ = Σ_l φ(s_il)} has r entries, D is diagonal plus a
   *       matrix of rank r, so blocks off the diagonal have rank r. Softmax has r = 1: {@code D_jl
   *       = -α_j α_l}.
   *   <li>The derivative is a difference of order eight, so it works for any smooth lambda and
   *       misses about 1e-12; needs n + k &lt;= d. Twenty blocks an input, an input for every five
   *       of the plan's group elements, since each takes many calls.
   *   <li>Cost: 8 (n + k) calls an input.
   * </ul>
   *
   * @param sums r, at least 1
   */
  record FiniteSummary(int sums) implements FiniteInformation {

    private static final int BLOCKS = 20;
    private static final int INPUTS = 5; // group elements that an input here costs as much as
    private static final double SMALL = 0.01; // a block this small has no digits to judge

    /** Checks the number. */
    public FiniteSummary {
      Check.atLeast("sums", 1, sums);
    }

    @Override
    public String reading() {
      return "F2";
    }

    @Override
    public String name() {
      return "F2 (ours): sums over others: " + sums;
    }

    @Override
    public String whyNot(AuditPlan plan, SimpleMatrix output) {
      String vectors = unique(plan, output);
      if (!vectors.isEmpty()) {
        return vectors;
      }
      int needed = 2 * (sums + 1) + 1;
      return plan.tokens() + plan.knowledge() < needed
          ? "fewer than " + needed + " rows of tokens and knowledge"
          : new TokenOrderAudit(false).whyNot(plan, output);
    }

    @Override
    public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
      Worst worst = new Worst();
      for (int trial = 0; trial * INPUTS < plan.elements(); trial++) {
        AuditInput input = plan.input(rng);
        int row = rng.nextInt(plan.tokens());
        SimpleMatrix d = sensitivities(input, row, function);
        double condition = PseudoInverse.of(input.stacked()).condition();
        for (int n = 0; n < BLOCKS; n++) {
          int[] order = RowOrder.draw(d.getNumRows() - 1, rng);
          worst.add(rest(d, row, order) / condition, input.text());
        }
      }
      return worst.result(name(), plan.tolerance());
    }

    /** Returns σ_(r+1) / σ_1 of the block with rows and columns from the front of an order. */
    private double rest(SimpleMatrix d, int row, int[] order) {
      int size = sums + 1;
      double[] block = new double[size * size];
      for (int a = 0; a < size; a++) {
        for (int b = 0; b < size; b++) {
          block[a * size + b] = d.get(skip(order[a], row), skip(order[size + b], row));
        }
      }
      SimpleSVD<SimpleMatrix> svd = new SimpleMatrix(size, size, true, block).svd();
      double largest = svd.getSingleValue(0);
      return largest <= SMALL * d.elementMaxAbs() ? 0 : svd.getSingleValue(sums) / largest;
    }

    private static int skip(int index, int row) {
      return index < row ? index : index + 1;
    }

    /**
     * Returns D, shape (m, m), its row and column of x_i itself zero; or zeros where a weight does
     * not move beyond the error of a difference.
     */
    private static SimpleMatrix sensitivities(
        AuditInput input, int row, SequenceFunction function) {
      SimpleMatrix v = input.stacked();
      int m = v.getNumRows();
      SimpleMatrix inverse = PseudoInverse.of(v).matrix(); // (d, m)
      double[] d = new double[m * m];
      double largest = 0;
      for (int l = 0; l < m; l++) {
        if (l == row) {
          continue;
        }
        SimpleMatrix column = inverse.extractVector(false, l);
        double size = Stacked.rows(v, row, row + 1).normF() / 2 / column.normF();
        SimpleMatrix direction = atRow(row, column.scale(size), m);
        SimpleMatrix slope =
            Slope.along(
                t -> {
                  AuditInput moved = plus(input, direction.scale(t));
                  return Stacked.rows(
                      CanonicalCoefficients.of(moved, function).matrix(), row, row + 1);
                });
        for (int j = 0; j < m; j++) {
          d[j * m + l] = j == row ? 0 : slope.get(j) / size;
          largest = Math.max(largest, Math.abs(slope.get(j)));
        }
      }
      boolean still = largest <= Slope.ACCURACY;
      return still ? new SimpleMatrix(m, m) : new SimpleMatrix(m, m, true, d);
    }

    private static SimpleMatrix atRow(int row, SimpleMatrix column, int rows) {
      int d = column.getNumElements();
      double[] out = new double[rows * d];
      System.arraycopy(column.getDDRM().data, 0, out, row * d, d);
      return new SimpleMatrix(rows, d, true, out);
    }

    private static AuditInput plus(AuditInput input, SimpleMatrix step) {
      return input.plus(
          Stacked.rows(step, 0, input.tokens().getNumRows()),
          Stacked.rows(step, input.tokens().getNumRows(), step.getNumRows()));
    }
  }

  /**
   * F3: tokens are seen by the knowledge only.
   *
   * <pre>{@code  f(X + U, Z) = f(X, Z) for all U with U Zᵀ = 0  }</pre>
   *
   * <p>U has normal rows in the complement of the knowledge, so it needs k &lt; d: where the
   * knowledge spans the space the reading says nothing. A skip connection fails.
   */
  record KnowledgeMediated() implements FiniteInformation {

    @Override
    public String reading() {
      return "F3";
    }

    @Override
    public String name() {
      return "F3 (ours): seen through knowledge";
    }

    @Override
    public String whyNot(AuditPlan plan, SimpleMatrix output) {
      if (plan.knowledge() == 0) {
        return "no knowledge";
      }
      return plan.knowledge() < plan.dimension()
          ? ""
          : "knowledge spans the whole space: needs k < d";
    }

    @Override
    public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
      Worst worst = new Worst();
      for (AuditInput input : plan.inputs(rng)) {
        SimpleMatrix output = input.outputOf(function);
        SimpleMatrix onto = PseudoInverse.of(input.knowledge()).rowProjector();
        double size = input.tokens().normF() / Math.sqrt(input.tokens().getNumElements());
        for (int n = 0; n < plan.elements(); n++) {
          double[] numbers = new double[input.tokens().getNumElements()];
          Normal.fill(numbers, 0, numbers.length, rng);
          SimpleMatrix u =
              new SimpleMatrix(plan.tokens(), plan.dimension(), true, numbers).scale(size);
          SimpleMatrix unseen = u.minus(u.mult(onto));
          AuditInput moved = input.plus(unseen, input.knowledge().scale(0));
          worst.add(Distance.relative(moved.outputOf(function), output), input.text());
        }
      }
      return worst.result(name(), plan.tolerance());
    }
  }

  private static String unique(AuditPlan plan, SimpleMatrix output) {
    String vectors = new OrthogonalAudit(1).whyNot(plan, output);
    if (!vectors.isEmpty()) {
      return vectors;
    }
    return plan.tokens() + plan.knowledge() <= plan.dimension()
        ? ""
        : "coefficients are not unique: needs n + k <= d";
  }
}
