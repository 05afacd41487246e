package org.definetti.symmetry;

import org.definetti.latent.Check;

/**
 * Where an error passes, where it fails, and where neither can be said.
 *
 * <p>Rounding of an equivariant function in double precision is 1.8e-16 to 1.9e-15, and 5e-13 where
 * coefficients are recovered from an ill-conditioned input; violations of the controls are 3e-2 and
 * more; a planted bias of relative size eps shows as about eps. So a violation below 1e-10 cannot
 * be told from rounding with safety, and one above 1e-6 is no rounding.
 *
 * @param pass the largest error that passes, above zero
 * @param fail the smallest error that fails, above {@code pass}
 */
public record Tolerance(double pass, double fail) {

  /** For functions in double precision: 1e-10 and 1e-6. */
  public static final Tolerance DOUBLE = new Tolerance(1e-10, 1e-6);

  /** For functions in single precision, whose rounding is 2^29 times as large: 1e-5 and 1e-3. */
  public static final Tolerance SINGLE = new Tolerance(1e-5, 1e-3);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException unless 0 &lt; pass &lt; fail, both finite
   */
  public Tolerance {
    Check.positive("pass", pass);
    Check.positive("fail", fail);
    if (!(pass < fail)) {
      throw new IllegalArgumentException("fail: expected > pass " + pass + ", got " + fail);
    }
  }

  /** Returns the verdict on an error; one that is not a number fails. */
  public AuditVerdict judge(double error) {
    if (error <= pass) {
      return AuditVerdict.PASS;
    }
    return error < fail ? AuditVerdict.INCONCLUSIVE : AuditVerdict.FAIL;
  }
}
