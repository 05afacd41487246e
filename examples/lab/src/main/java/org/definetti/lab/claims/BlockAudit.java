package org.definetti.lab.claims;

import java.util.random.RandomGenerator;
import org.definetti.random.Haar;
import org.definetti.symmetry.Audit;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.AuditResult;
import org.definetti.symmetry.OrthogonalAudit;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * Does a function of pairs commute with turning keys by one orthogonal matrix and values by
 * another?
 *
 * <pre>{@code  Q = [Q_k, 0; 0, Q_v],  Q_k in O(dk), Q_v in O(dv);  rows are (key, value)  }</pre>
 *
 * @param mixed whether Q is any matrix of O(dk + dv) instead, which makes keys of values
 */
record BlockAudit(boolean mixed) implements Audit {

  @Override
  public String name() {
    return mixed ? "keys and values mixed" : "keys and values, each by its own matrix";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    return plan.dimension() < 2 ? "no room for a key and a value" : "";
  }

  /** Returns dk: half of the width, rounded up. */
  static int keyWidth(int width) {
    return (width + 1) / 2;
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    int d = plan.dimension();
    double worst = 0;
    for (AuditInput input : plan.inputs(rng)) {
      for (int n = 0; n < plan.elements(); n++) {
        SimpleMatrix q = mixed ? Haar.orthogonal(d, rng) : blocks(d, rng);
        worst = Math.max(worst, OrthogonalAudit.error(input, q, function));
      }
    }
    return AuditResult.of(name(), worst, plan.tolerance(), "");
  }

  private static SimpleMatrix blocks(int width, RandomGenerator rng) {
    int dk = keyWidth(width);
    SimpleMatrix keys = Haar.orthogonal(dk, rng);
    SimpleMatrix values = Haar.orthogonal(width - dk, rng);
    SimpleMatrix above = keys.concatColumns(new SimpleMatrix(dk, width - dk));
    return above.concatRows(new SimpleMatrix(width - dk, dk).concatColumns(values));
  }
}
