package org.definetti.layer;

/** What tells a transformer where in the sequence a token stands. */
public enum Positions {
  /** Nothing: without a causal mask the order of tokens carries no meaning. */
  NONE,

  /** A learned row for each position up to a greatest length, added to the token's row. */
  LEARNED,

  /**
   * Fixed sines and cosines, added to the token's row; see {@link
   * org.definetti.attention.Transformer#sinusoids}.
   */
  SINUSOIDAL
}
