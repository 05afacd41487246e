package org.definetti.lab.sparse;

import org.definetti.engine.Batch;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.SparseBoolean;
import org.definetti.latent.finite.SparseRule;
import org.definetti.latent.finite.VersionSpace;
import org.ejml.simple.SimpleMatrix;

/**
 * The Bayes predictor on the strings a network was trained and judged on: the label that more of
 * the posterior is for.
 *
 * <pre>{@code  ŷ(b) = 1 if P(label = 1 | training strings, b) > 1/2, else 0  }</pre>
 *
 * <p>On average over hidden subsets and strings no predictor makes fewer errors; on one hidden
 * subset others may. Source: [derived] (check V23), from {@link SparseBoolean}.
 */
public final class PosteriorVote {

  private PosteriorVote() {}

  /**
   * Returns the share of held-out strings that the vote of the version space of s-conjunctions
   * labels wrongly; see {@link VersionSpace}.
   *
   * @param train labelled without noise by a conjunction of s bits. Not modified.
   * @param heldOut strings of as many bits. Not modified.
   * @param relevant s
   */
  public static double error(Batch train, Batch heldOut, int relevant) {
    VersionSpace left = VersionSpace.of(SparseRule.CONJUNCTION, relevant, tokens(train));
    return error(heldOut, left::probabilityOfOne);
  }

  /**
   * Returns the same for a posterior that believes in another number of relevant bits, and in
   * labels flipped with a small probability, so that it has an answer where nothing is consistent:
   * the control.
   *
   * @param believed the number of relevant bits it believes in
   * @param noise the probability of a flip, above 0
   */
  public static double errorBelieving(Batch train, Batch heldOut, int believed, double noise) {
    var belief =
        SparseBoolean.of(SparseRule.CONJUNCTION, train.length(), believed)
            .withNoise(noise)
            .prior()
            .observe(tokens(train));
    return error(heldOut, query -> belief.predictive(query).mean().get(0, 0));
  }

  /** What P(label = 1) is for some bits. */
  private interface Probability {
    double of(SimpleMatrix bits);
  }

  private static double error(Batch heldOut, Probability one) {
    int wrong = 0;
    for (int i = 0; i < heldOut.size(); i++) {
      boolean said = one.of(new SimpleMatrix(1, heldOut.length(), true, bits(heldOut, i))) > 0.5;
      wrong += said == heldOut.targets()[i] > 0.5f ? 0 : 1;
    }
    return (double) wrong / heldOut.size();
  }

  private static double[] bits(Batch batch, int string) {
    double[] bits = new double[batch.length()];
    for (int t = 0; t < bits.length; t++) {
      bits[t] = batch.values(1)[string * bits.length + t] > 0.5f ? 1 : 0;
    }
    return bits;
  }

  private static Tokens tokens(Batch strings) {
    int length = strings.length();
    PairTokens space = new PairTokens(length, 1);
    double[] rows = new double[strings.size() * space.width()];
    for (int i = 0; i < strings.size(); i++) {
      System.arraycopy(bits(strings, i), 0, rows, i * space.width(), length);
      rows[i * space.width() + length] = strings.targets()[i] > 0.5f ? 1 : 0;
    }
    return Tokens.ofRows(space, rows);
  }
}
