package org.definetti.experiment;

/** How much work a check may do. */
public enum Budget {
  /** Small sizes; no slope decides. All claims within two minutes on two cores. */
  SMOKE,
  /** The full shape on a smaller grid, with tolerances that follow from it. */
  STANDARD,
  /** The numbers a claim is stated for; INCONCLUSIVE counts as a failure. */
  FULL
}
