package org.definetti.train;

import java.util.Objects;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.objective.DistributionHead;

/**
 * The samples of another source with target rows as wide as a head's output, so that a layer that
 * says a law can be trained on them: the target's own numbers first, then zeros that no loss reads.
 *
 * <p>Cost: a copy of each sample's numbers.
 */
public final class HeadTargets implements DataSource {

  private final DataSource source;
  private final DistributionHead head;
  private final Widths widths;

  private HeadTargets(DataSource source, DistributionHead head) {
    this.source = Objects.requireNonNull(source, "source");
    this.head = Objects.requireNonNull(head, "head");
    Widths own = source.widths();
    if (own.target() != head.targets()) {
      throw new ShapeMismatchException(
          "source: expected targets of width "
              + head.targets()
              + " (as the head), got "
              + own.target());
    }
    this.widths = new Widths(own.key(), own.value(), head.outputs());
  }

  /**
   * Returns the source's samples for a layer of this head.
   *
   * @throws ShapeMismatchException if the source's targets are not as wide as the head's
   */
  public static HeadTargets of(DataSource source, DistributionHead head) {
    return new HeadTargets(source, head);
  }

  @Override
  public Widths widths() {
    return widths;
  }

  @Override
  public int batchSize() {
    return source.batchSize();
  }

  @Override
  public int length(long step) {
    return source.length(step);
  }

  @Override
  public int maxLength() {
    return source.maxLength();
  }

  @Override
  public int rows(int length) {
    return source.rows(length);
  }

  @Override
  public void fill(long step, int first, Batch part) {
    Batch narrow = Batch.zeros(source.widths(), part.size(), part.length(), part.rows());
    source.fill(step, first, narrow);
    copy(narrow.keys(), part.keys());
    copy(narrow.values(), part.values());
    System.arraycopy(narrow.queries(), 0, part.queries(), 0, narrow.queries().length);
    int p = head.targets();
    for (int row = 0; row < part.size() * part.rows(); row++) {
      System.arraycopy(narrow.targets(), row * p, part.targets(), row * head.outputs(), p);
    }
    for (int i = 0; i < part.size(); i++) {
      part.setLength(i, narrow.length(i));
    }
  }

  private static void copy(float[][] source, float[][] target) {
    for (int j = 0; j < source.length; j++) {
      System.arraycopy(source[j], 0, target[j], 0, source[j].length);
    }
  }

  @Override
  public String toString() {
    return "HeadTargets[" + source + ", " + head + "]";
  }
}
