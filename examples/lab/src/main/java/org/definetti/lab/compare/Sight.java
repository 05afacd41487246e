package org.definetti.lab.compare;

import java.util.Locale;
import org.definetti.latent.Check;

/**
 * What of a sequence a model can see, whatever its weights.
 *
 * @param kind how it looks at the tokens
 * @param window R, the number of last tokens seen beside the query; 0 unless the kind is {@link
 *     Kind#WINDOW}
 */
public record Sight(Kind kind, int window) {

  /** How a model looks at tokens. */
  public enum Kind {
    /** Everything, order included. */
    EVERYTHING,
    /** The query and the multiset of tokens: attention without positions and mask, deep sets. */
    UNORDERED,
    /** The query and the last R tokens in their order: a convolution read out at the query. */
    WINDOW,
    /** An affine map of the mean of the values, without the query: mean pooling. */
    POOLED
  }

  /**
   * Checks the window.
   *
   * @throws IllegalArgumentException unless it is at least 1 for a window and 0 otherwise
   */
  public Sight {
    if (kind == Kind.WINDOW ? window < 1 : window != 0) {
      throw new IllegalArgumentException(
          "window: expected >= 1 for WINDOW, else 0, got " + window + " for " + kind);
    }
  }

  /** Returns the sight of the whole sequence in its order. */
  public static Sight everything() {
    return new Sight(Kind.EVERYTHING, 0);
  }

  /** Returns the sight of the query and the tokens without their order. */
  public static Sight unordered() {
    return new Sight(Kind.UNORDERED, 0);
  }

  /** Returns the sight of the query and the last {@code tokens} tokens, at least 1. */
  public static Sight window(int tokens) {
    return new Sight(Kind.WINDOW, Check.atLeast("tokens", 1, tokens));
  }

  /** Returns the sight of an affine map of the mean value. */
  public static Sight pooled() {
    return new Sight(Kind.POOLED, 0);
  }

  /** Returns a short name: {@code unordered}, {@code window 5}. */
  @Override
  public String toString() {
    String word = kind.name().toLowerCase(Locale.ROOT);
    return kind == Kind.WINDOW ? word + " " + window : word;
  }
}
