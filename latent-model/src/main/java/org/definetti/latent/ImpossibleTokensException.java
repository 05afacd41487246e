package org.definetti.latent;

/**
 * Thrown by questions about z when the tokens seen have probability zero under every latent.
 *
 * <pre>{@code  P(z | X) = P(z) P(X | z) / P(X)   has no value where P(X) = 0  }</pre>
 *
 * <p>The evidence of such tokens does have a value: {@link Belief#logEvidence} is minus infinity.
 */
public final class ImpossibleTokensException extends ArithmeticException {

  private static final long serialVersionUID = 1L;

  /**
   * Says whose tokens are impossible.
   *
   * @param model the name of the model
   * @param count the tokens seen
   */
  public ImpossibleTokensException(String model, double count) {
    super(
        model
            + ", tokens: expected possible under some latent of positive prior probability, got "
            + count
            + " tokens of probability zero, so there is no posterior");
  }
}
