package org.definetti.lab.oracle;

import org.definetti.latent.Tokens;

/**
 * A sequence told token by token: each prediction is worked out anew from the whole past, and
 * {@code log P(X) = Σ_l log P(x^l | x^1..x^(l-1))}.
 */
public final class TokenByToken implements Oracle {

  /** The prediction of the next token. */
  public interface Law {
    /** Returns the probability or density of the next token. */
    double next(Tokens past, double[] token);

    /** Returns the mean of the next token's value. */
    double[] mean(Tokens past);
  }

  private final Law law;

  /** Keeps the law. */
  public TokenByToken(Law law) {
    this.law = law;
  }

  @Override
  public double logEvidence(Tokens tokens) {
    double sum = 0;
    for (int l = 0; l < tokens.length(); l++) {
      sum += Math.log(law.next(tokens.prefix(l), tokens.get(l).coordinates()));
    }
    return sum;
  }

  @Override
  public double[] predictiveMean(Tokens tokens, double[] query) {
    return law.mean(tokens);
  }
}
