package org.definetti.lab.compare;

import java.util.Map;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.experiment.Estimate;
import org.definetti.layer.MessageLayer;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * What else is measured of a network on hidden states: its excess risk when it is shown the tokens
 * in a random order, its risk above that of the derived form with the model's own weights, and, of
 * a {@link MessageLayer}, how far its laws are from the model's.
 *
 * <p>States have no names, so laws are compared in the order of the states that fits best.
 *
 * @param task the model
 */
public record DerivedProbe(HiddenStatesTask task) implements Probe {

  /** Excess risk of answers to shuffled tokens over the exact answers to those in order. */
  public static final String SHUFFLED = "shuffled-excess";

  /** Risk above that of the derived form with the model's own weights, on the same sequences. */
  public static final String ABOVE_OWN = "above-own-weights";

  /** The largest difference of an entry of the laws A and B; 0 of a layer without. */
  public static final String DEVIATION = "largest-deviation";

  @Override
  public Map<String, Estimate> measure(Network network, TestSet tests, Seed seed) {
    MessageLayer form = MessageLayer.of(task.widths(), task.plan(), task.states());
    Parameters own = Parameters.of(form.shapes(), task.weights(1));
    return Map.of(
        SHUFFLED,
        tests.excess(network.predict(shuffled(tests.batch(), seed))),
        ABOVE_OWN,
        tests.above(tests.of(network), tests.of(new Network(task, form, own, 0, 0))),
        DEVIATION,
        Estimate.exact(
            network.layer() instanceof MessageLayer
                ? deviation(task.weights(1), network.parameters())
                : 0));
  }

  private static Batch shuffled(Batch batch, Seed seed) {
    Batch moved = Batch.zeros(batch.widths(), batch.size(), batch.length());
    for (int b = 0; b < batch.size(); b++) {
      moved.copySample(b, batch, b);
      int[] order = Orders.draw(batch.length(b), seed.child(b).generator());
      Orders.apply(order, batch, b, moved, b);
    }
    return moved;
  }

  /**
   * Returns the largest difference of an entry of A or B, the states put in the order in which it
   * is least.
   *
   * @param exact logits by name
   */
  public static double deviation(Map<String, SimpleMatrix> exact, Parameters learned) {
    double[][] edge = laws(learned.matrix("edge.logit"));
    double[][] emission = laws(learned.matrix("emission.logit"));
    SimpleMatrix edges = exact.getOrDefault("edge.logit", SimpleMatrix.identity(edge.length));
    SimpleMatrix looks = exact.getOrDefault("emission.logit", SimpleMatrix.identity(edge.length));
    double[][] trueEdge = laws(edges);
    double[][] trueEmission = laws(looks);
    double least = Double.POSITIVE_INFINITY;
    for (int[] order : Orders.all(edge.length)) {
      double largest = 0;
      for (int i = 0; i < order.length; i++) {
        for (int j = 0; j < order.length; j++) {
          largest = Math.max(largest, Math.abs(edge[order[i]][order[j]] - trueEdge[i][j]));
        }
        for (int w = 0; w < emission[i].length; w++) {
          largest = Math.max(largest, Math.abs(emission[order[i]][w] - trueEmission[i][w]));
        }
      }
      least = Math.min(least, largest);
    }
    return least;
  }

  private static double[][] laws(SimpleMatrix logits) {
    double[][] laws = new double[logits.getNumRows()][];
    for (int i = 0; i < laws.length; i++) {
      laws[i] = Scale.CATEGORICAL.mean(logits.extractVector(true, i).getDDRM().data);
    }
    return laws;
  }
}
