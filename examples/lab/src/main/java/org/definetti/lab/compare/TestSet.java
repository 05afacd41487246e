package org.definetti.lab.compare;

import java.util.Arrays;
import org.definetti.engine.Batch;
import org.definetti.experiment.Estimate;
import org.definetti.latent.Check;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;

/**
 * Test sequences with the exact answer to each, computed once and shared by all that is judged on
 * them: differences between models are paired.
 */
public final class TestSet {

  private final Task task;
  private final Batch batch;
  private final Answer[] answers;
  private final double[][] means; // of the answers

  private TestSet(Task task, Batch batch) {
    this.task = task;
    this.batch = batch;
    this.answers = new Answer[batch.size()];
    this.means = new double[batch.size()][];
    for (int b = 0; b < answers.length; b++) {
      answers[b] = task.exact(batch, b);
      means[b] = answers[b].mean();
    }
  }

  static TestSet of(Task task, Batch batch) {
    return new TestSet(task, batch);
  }

  /** Draws {@code count} sequences of {@code items} each. */
  public static TestSet draw(Task task, int items, int count, Seed seed) {
    Check.atLeast("count", 1, count);
    return new TestSet(task, TaskSamples.of(task, Lengths.fixed(items), count, seed).batch(0));
  }

  /** Returns the sequences. Not to be modified. */
  public Batch batch() {
    return batch;
  }

  /** Returns the mean risk of the exact answers, given the sequences. */
  public double bayesRisk() {
    return Arrays.stream(answers).mapToDouble(Answer::risk).average().orElseThrow();
  }

  /** Returns the mean loss of the exact answers against the targets that were drawn. */
  public double targetLoss() {
    double sum = 0;
    for (int b = 0; b < answers.length; b++) {
      sum += task.scale().loss(means[b], new SampleRows(batch, b).target());
    }
    return sum / answers.length;
  }

  /** Returns the predictions of the best model of a sight. */
  public double[][] best(Sight sight) {
    Predictor best = task.best(sight);
    if (best == null) {
      return means;
    }
    double[][] predictions = new double[batch.size()][];
    for (int b = 0; b < predictions.length; b++) {
      predictions[b] = best.predict(batch, b);
    }
    return predictions;
  }

  /** Returns the predictions of a network. */
  public double[][] of(Network network) {
    return network.predict(batch);
  }

  /** Returns the predictions of a network where the movable tokens were put in random order. */
  public double[][] shuffled(Network network, Seed seed) {
    return network.predict(shuffled(seed));
  }

  /** Returns the sequences with their movable tokens in random order. */
  Batch shuffled(Seed seed) {
    Batch moved = Batch.zeros(batch.widths(), batch.size(), batch.length());
    int movable = task.movable(batch.length());
    for (int b = 0; b < batch.size(); b++) {
      moved.copySample(b, batch, b);
      Orders.apply(Orders.draw(movable, seed.child(b).generator()), batch, b, moved, b);
    }
    return moved;
  }

  /** Returns the excess risk of predictions over the exact answers, over sequences. */
  public Estimate excess(double[][] predictions) {
    double[] excess = new double[predictions.length];
    for (int b = 0; b < excess.length; b++) {
      excess[b] = task.scale().divergence(means[b], predictions[b]);
    }
    return Estimate.of(excess);
  }

  /** Returns by how much the risk of one lies above that of another, paired over sequences. */
  public Estimate above(double[][] predictions, double[][] others) {
    double[] above = new double[predictions.length];
    for (int b = 0; b < above.length; b++) {
      above[b] =
          task.scale().divergence(means[b], predictions[b])
              - task.scale().divergence(means[b], others[b]);
    }
    return Estimate.of(above);
  }

  /** Returns half the mean square difference of two predictions: removable risk (claim S16). */
  public static Estimate halfDefect(double[][] predictions, double[][] moved) {
    double[] half = new double[predictions.length];
    for (int b = 0; b < half.length; b++) {
      half[b] = Scale.SQUARED.divergence(predictions[b], moved[b]) / 2;
    }
    return Estimate.of(half);
  }

  /** Returns the expected share of targets hit by the most probable category. */
  public Estimate accuracy(double[][] predictions) {
    double[] hits = new double[predictions.length];
    for (int b = 0; b < hits.length; b++) {
      hits[b] = means[b][largest(predictions[b])];
    }
    return Estimate.of(hits);
  }

  private static int largest(double[] row) {
    int at = 0;
    for (int j = 1; j < row.length; j++) {
      if (row[j] > row[at]) {
        at = j;
      }
    }
    return at;
  }

  /** Returns the exact means, (sample, target width); not to be modified. */
  double[][] means() {
    return means;
  }
}
