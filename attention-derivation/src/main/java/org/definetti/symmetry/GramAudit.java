package org.definetti.symmetry;

import java.util.random.RandomGenerator;
import org.definetti.random.Haar;
import org.ejml.simple.SimpleMatrix;

/**
 * Are the coefficients functions of inner products alone? (S4)
 *
 * <pre>{@code
 * C = f(V) V⁺
 * ‖C(V Q) - C(V)‖ relative, for Haar Q
 * ‖f(V') - C(V) V'‖ relative, V' rebuilt from G = V Vᵀ by its eigenvectors, blind to V
 * error = the larger of the two / max(1, cond V)
 * }</pre>
 *
 * <ul>
 *   <li>The second line holds whatever the rank of V; coefficients that are not unique are compared
 *       through what they sum.
 *   <li>Division by cond(V), because an inverse loses as many digits as that has.
 *   <li>Source: [derived].
 * </ul>
 */
public record GramAudit() implements Audit {

  @Override
  public String name() {
    return "coefficients are Gram functions";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    return new OrthogonalAudit(1).whyNot(plan, output);
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    Worst worst = new Worst();
    for (AuditInput input : plan.inputs(rng)) {
      CanonicalCoefficients found = CanonicalCoefficients.of(input, function);
      double scale = Math.max(1, found.condition());
      for (int n = 0; n < plan.elements(); n++) {
        AuditInput turned = input.times(Haar.orthogonal(plan.dimension(), rng));
        SimpleMatrix other = CanonicalCoefficients.of(turned, function).matrix();
        worst.add(Distance.relative(other, found.matrix()) / scale, "turned, " + input.text());
      }
      AuditInput rebuilt = rebuilt(input);
      SimpleMatrix sum = found.matrix().mult(rebuilt.stacked());
      double error = Distance.relative(rebuilt.outputOf(function), sum);
      worst.add(error / scale, "rebuilt from G, " + input.text());
    }
    return worst.result(name(), plan.tolerance());
  }

  /**
   * Returns an input with the Gram matrix of the given one: {@code G = U S Uᵀ}, {@code V' = U √S},
   * of which the first d columns are kept, or zeros appended.
   */
  static AuditInput rebuilt(AuditInput input) {
    Gram gram = Gram.of(input.tokens(), input.knowledge());
    var svd = gram.matrix().svd(true);
    int d = input.tokens().getNumCols();
    double[] v = new double[gram.size() * d];
    for (int i = 0; i < gram.size(); i++) {
      for (int j = 0; j < Math.min(d, gram.size()); j++) {
        v[i * d + j] = svd.getU().get(i, j) * Math.sqrt(svd.getSingleValue(j));
      }
    }
    SimpleMatrix stacked = new SimpleMatrix(gram.size(), d, true, v);
    int n = gram.tokens();
    return new AuditInput(
        Stacked.rows(stacked, 0, n), Stacked.rows(stacked, n, gram.size()), input.text());
  }
}
