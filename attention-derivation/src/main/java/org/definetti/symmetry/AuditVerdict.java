package org.definetti.symmetry;

/** What an audit says of a function: three values, because rounding and violation can meet. */
public enum AuditVerdict {
  /** The error is what rounding makes. */
  PASS,
  /** The error is more than rounding makes and less than a violation is sure to make. */
  INCONCLUSIVE,
  /** The property does not hold. */
  FAIL
}
