package org.definetti.attention;

/** What linear attention divides its sum over tokens by. */
public enum Divisor {

  /** By nothing: the sum grows with the length. */
  NONE,

  /** By the number of tokens, a token of log bias b counting as exp(b); zero for no tokens. */
  LENGTH,

  /** By the sum of the weights, which must be positive; an empty context is then refused. */
  WEIGHTS
}
