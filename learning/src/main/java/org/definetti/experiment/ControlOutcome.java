package org.definetti.experiment;

/** Whether a check noticed the control that must fail. */
public enum ControlOutcome {
  /** The check failed on the control, as it must. */
  CAUGHT,
  /** The check passed on the control, so its verdicts are worth nothing. */
  MISSED
}
