package org.definetti.architecture;

import java.util.List;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.definetti.latent.sequence.HiddenMarkov;
import org.ejml.simple.SimpleMatrix;

/**
 * A network over places (positions of a sequence, nodes of a graph) whose output at each place is a
 * law of the hidden state there.
 *
 * <pre>{@code
 * evidence    b(i, k) = log P(tokens at place i | state there = k)      (n, K)
 * propagate   the network: b in, laws of the states out                (n, K)
 * }</pre>
 *
 * <ul>
 *   <li>Where: n places, K states. The evidence is the embedding of the tokens; everything the
 *       places tell each other is in {@link #propagate}.
 *   <li>Depth counts the steps that must follow one another however many processors there are; a
 *       step looks at neighbours only, unless the network says otherwise.
 *   <li>Source: [derived], from the recursions [recalled] that each network names.
 * </ul>
 *
 * <p>Immutable and safe to share between threads.
 */
public interface Architecture {

  /**
   * Returns the network that computes this model's posterior exactly: {@link GatedRecurrence} of a
   * hidden Markov model, {@link RecursiveNetwork} of a latent tree, {@link LineRecurrence} of a
   * latent grid.
   *
   * @throws IllegalArgumentException if the model is none of these
   */
  static Architecture of(LatentModel<?> model) {
    return all(model).stream()
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "model: expected hidden-markov, latent-tree or latent-grid, got "
                        + model.description().name()
                        + ", for whose tokens' places no network is known"));
  }

  /**
   * Returns every network that is exact for this model at any length, the one of {@link #of} first;
   * none for models whose tokens have no places, or places that no network is known for.
   */
  static List<Architecture> all(LatentModel<?> model) {
    if (model instanceof HiddenMarkov markov) {
      return List.of(
          GatedRecurrence.of(markov), BidirectionalRecurrence.of(markov), ParallelScan.of(markov));
    }
    if (model instanceof LatentTree tree) {
      RecursiveNetwork recursive = RecursiveNetwork.of(tree);
      return List.of(recursive, LocalNetwork.tree(tree, recursive.diameter()));
    }
    if (model instanceof LatentGrid grid) {
      return List.of(LineRecurrence.of(grid));
    }
    return List.of();
  }

  /** Returns the name in lower case with hyphens, for example {@code gated-recurrence}. */
  String name();

  /** Returns what it computes and how, as one line of plain text. */
  String formula();

  /**
   * Returns {@code log P(tokens at place i | state k)} up to a constant a place, shape (n, K); zero
   * where no token is.
   */
  SimpleMatrix evidence(Tokens tokens);

  /**
   * Returns the law of the state at each place, shape (n, K).
   *
   * @param evidence shape (n, K), logs; minus infinity where a state is impossible
   * @throws org.definetti.latent.ImpossibleTokensException if no states explain the evidence
   */
  SimpleMatrix propagate(SimpleMatrix evidence);

  /** Returns the steps that must follow one another for n places. */
  int depth(int places);

  /** Returns {@code propagate(evidence(tokens))}. */
  default SimpleMatrix infer(Tokens tokens) {
    return propagate(evidence(tokens));
  }
}
