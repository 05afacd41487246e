package org.definetti.lab.claims;

import java.util.List;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.transfer.LatentTarget;
import org.definetti.transfer.PosteriorLaw;
import org.definetti.transfer.Transfer;
import org.ejml.simple.SimpleMatrix;

/**
 * A question about which of the three dice was thrown, G of shape (dy, 3).
 *
 * @param name in words
 * @param question G
 */
record DownstreamTask(String name, SimpleMatrix question) {

  /** The downstream target of the notes. */
  static final DownstreamTask ORDER =
      new DownstreamTask("order", new SimpleMatrix(new double[][] {{-1, 0, 1}}));

  static final DownstreamTask MIDDLE =
      new DownstreamTask("middle", new SimpleMatrix(new double[][] {{0, 1, 0}}));

  static final DownstreamTask POSTERIOR = new DownstreamTask("posterior", SimpleMatrix.identity(3));

  static final List<DownstreamTask> ALL = List.of(ORDER, MIDDLE, POSTERIOR);

  static DownstreamTask named(String name) {
    return ALL.stream().filter(task -> task.name.equals(name)).findFirst().orElseThrow();
  }

  /** Returns the pair of one masked face of these dice and this question. */
  Transfer transfer(CategoricalConcepts dice) {
    return Transfer.of(LatentTarget.maskedToken(dice).means(), question);
  }

  /** Returns y* of every cell of a law, shape (S, dy). */
  SimpleMatrix exact(PosteriorLaw law) {
    return law.posteriors().mult(question.transpose());
  }
}
