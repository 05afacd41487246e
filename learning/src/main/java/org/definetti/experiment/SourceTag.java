package org.definetti.experiment;

/**
 * Where a statement comes from, so that what is derived here never looks like a paper confirmed.
 */
public enum SourceTag {
  /** Stated in a paper that was read. */
  PAPER,
  /** Known from the literature, but not looked up. */
  RECALLED,
  /** Derived in this project. */
  DERIVED
}
