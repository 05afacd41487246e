package org.definetti.lab.fit;

import java.util.List;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;

/**
 * A fitted model and where it came from.
 *
 * @param climbs one per restart, in order
 * @param best the index of the climb with the largest objective, the first of equals
 * @param options what it was fitted with
 * @param sequences how many sequences it was fitted to
 * @param tokens how many tokens they had in all
 */
public record Fit(List<Climb> climbs, int best, FitOptions options, int sequences, long tokens) {

  /** Copies the climbs. */
  public Fit {
    climbs = List.copyOf(climbs);
  }

  /** Returns the climb that was kept. */
  public Climb bestClimb() {
    return climbs.get(best);
  }

  /** Returns the fitted model. */
  public LatentModel<?> model() {
    return bestClimb().model();
  }

  /**
   * Returns {@code Σ_s log P(X_s) / Σ_s L_s}: how well a model knows sequences, in nats a token.
   *
   * <p>Sequences that the model was not fitted to make it a fair measure.
   *
   * @throws IllegalArgumentException if there are no tokens
   */
  public static double evidencePerToken(LatentModel<?> model, List<Tokens> sequences) {
    long tokens = sequences.stream().mapToLong(Tokens::length).sum();
    if (tokens == 0) {
      throw new IllegalArgumentException("sequences: expected at least one token, got none");
    }
    double sum = 0;
    for (Tokens sequence : sequences) {
      sum += model.prior().observe(sequence).logEvidence();
    }
    return sum / tokens;
  }
}
