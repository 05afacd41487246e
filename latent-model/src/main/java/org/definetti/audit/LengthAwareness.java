package org.definetti.audit;

import java.util.Arrays;
import java.util.function.Function;
import org.definetti.latent.Check;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/** Does a representation know how many tokens it saw? (A7) */
public final class LengthAwareness {

  private LengthAwareness() {}

  /**
   * Returns how much a representation changes when every token is seen several times.
   *
   * <pre>{@code  max_i |r(X, X, .., X)_i - r(X)_i|  }</pre>
   *
   * <ul>
   *   <li>Twice the evidence gives a sharper posterior, so a representation without a change cannot
   *       be sufficient for sequences of different length. Mean pooling of anything has none; a
   *       softmax head with a null token has.
   *   <li>Cost: two calls of the representation.
   *   <li>Source: two copies of one token [source: audit of Wakayama-2025; derived].
   * </ul>
   *
   * @param tokens X, at least one
   * @param copies how often each token is seen, at least 2
   * @param representation r, a row of numbers
   */
  public static double copiesGap(
      Tokens tokens, int copies, Function<Tokens, SimpleMatrix> representation) {
    Check.atLeast("tokens", 1, tokens.length());
    Check.atLeast("copies", 2, copies);
    int size = tokens.length() * tokens.space().width();
    double[] rows = new double[copies * size];
    for (int c = 0; c < copies; c++) {
      tokens.copyRows(rows, c * size);
    }
    SimpleMatrix once = Check.matrix("representation", representation.apply(tokens), 1, -1);
    SimpleMatrix often = representation.apply(Tokens.owning(tokens.space(), rows));
    Check.matrix("representation", often, 1, once.getNumCols());
    return Arrays.stream(often.minus(once).getDDRM().data).map(Math::abs).max().orElse(0);
  }
}
