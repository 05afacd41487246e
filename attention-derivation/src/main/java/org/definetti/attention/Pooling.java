package org.definetti.attention;

/** How a set of rows becomes one row. A token of log bias b counts as exp(b) tokens. */
public enum Pooling {

  /** Their average; it forgets how many they were. An empty set is refused. */
  MEAN,

  /** Their sum, zero for none. */
  SUM
}
