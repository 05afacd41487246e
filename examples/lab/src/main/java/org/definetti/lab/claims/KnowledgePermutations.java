package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.random.Seed;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.KnowledgeOrderAudit;
import org.definetti.symmetry.RowOrder;
import org.ejml.simple.SimpleMatrix;

/**
 * S11: knowledge is a set.
 *
 * <pre>{@code
 * f(X, P Z) = f(X, Z)
 * softmax(X Zᵀ M Z Xᵀ) X Zᵀ N Z:  P M Pᵀ = M and P N Pᵀ = N for all P  ⇔  M, N in span{I, 1 1ᵀ}
 * }</pre>
 *
 * <ul>
 *   <li>Parts: attention to knowledge; weights of knowledge with such M and N; the dimension of the
 *       matrices that commute with all orders, counted. Controls: generic M and N; knowledge that
 *       is told apart by its place; orders that are shifts only.
 *   <li>Source: [derived] (statement P3).
 * </ul>
 */
public final class KnowledgePermutations implements Claim {

  private static final NamedFunction COMMUTING =
      new NamedFunction(
          "commuting-weights",
          plan -> {
            int k = plan.knowledge();
            double scale = 1.0 / (k * plan.dimension());
            SimpleMatrix ones = SimpleMatrix.ones(k, k);
            SimpleMatrix scores = SimpleMatrix.identity(k).plus(ones.scale(0.3)).scale(scale);
            SimpleMatrix values = SimpleMatrix.identity(k).minus(ones.scale(0.2)).scale(scale);
            return GramAttention.weighted(scores, values);
          });

  private static final NamedFunction FIRST =
      new NamedFunction(
          "first knowledge row added to every token",
          plan ->
              (x, z) ->
                  x.plus(SimpleMatrix.ones(x.getNumRows(), 1).mult(z.extractVector(true, 0))));

  /** Returns the claim. */
  public KnowledgePermutations() {}

  @Override
  public String id() {
    return "S11";
  }

  @Override
  public String slug() {
    return "knowledge-permutations";
  }

  @Override
  public String statement() {
    return "Knowledge is read as a set by attention to it, and by weights made of it exactly if"
        + " their forms are combinations of the identity and the all-ones matrix.";
  }

  @Override
  public Source source() {
    return Source.derived("check S11: statement P3; knowledge is unordered in Ma-2022, abstract");
  }

  @Override
  public String prediction() {
    return "relative error <= 1e-12 over exchanges of neighbours and random orders; commutant of dimension 2";
  }

  @Override
  public List<String> tags() {
    return List.of("symmetry", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 1;
          case FULL -> 30;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    AuditParts audited =
        AuditParts.of(
            new KnowledgeOrderAudit(), AuditParts.plans(budget), AuditParts.REORDERING, seed);
    return ClaimResult.of(
        audited.part(NamedFunction.KNOWLEDGE, FIRST),
        audited.part(COMMUTING, NamedFunction.WEIGHTED),
        commutant(budget));
  }

  /** Counts the matrices that commute with all orders; shifts alone leave more. */
  private static ClaimPart commutant(Budget budget) {
    Deviation all = new Deviation();
    Deviation shifts = new Deviation();
    for (int k = 3; k <= (budget == Budget.FULL ? 10 : 5); k++) {
      all.add(commuting(k, RowOrder.adjacent(k)), 2);
      shifts.add(commuting(k, List.of(RowOrder.cyclic(k, 1))), 2);
    }
    return ClaimPart.of("commutant-dimension-2", all.atMost(0))
        .withControl(
            Control.of(
                shifts.atMost(0),
                String.format(
                    Locale.ROOT, "cyclic shifts only: off by %.2g of 2", shifts.largest())));
  }

  /** Returns the dimension of the solutions of {@code M[o(i)][o(j)] = M[i][j]} for all orders o. */
  private static int commuting(int k, List<int[]> orders) {
    int unknowns = k * k;
    double[] equations = new double[orders.size() * unknowns * unknowns];
    int row = 0;
    for (int[] order : orders) {
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          equations[row * unknowns + order[i] * k + order[j]] += 1;
          equations[row * unknowns + i * k + j] -= 1;
          row++;
        }
      }
    }
    int rank = new SimpleMatrix(row, unknowns, true, equations).svd(true).rank();
    return unknowns - rank;
  }
}
