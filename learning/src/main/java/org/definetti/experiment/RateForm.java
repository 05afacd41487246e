package org.definetti.experiment;

/** How an error is expected to fall along the swept axis L; declared before it is measured. */
public enum RateForm {
  /** {@code error = a · L^S}: log error is linear in log L with slope S. */
  POWER_LAW,
  /** {@code error = a · L^S + c}, c &gt;= 0: a power law down to what never vanishes. */
  POWER_LAW_WITH_FLOOR,
  /** {@code error = a · exp(S · L)}: log error is linear in L with slope S. */
  EXPONENTIAL
}
