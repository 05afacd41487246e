package org.definetti.lab.compare;

import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.latent.Check;

/**
 * Both sides of the identity of claim S16 for a trained network, over whole orbits: all orders of
 * the first k tokens of every sequence.
 *
 * <pre>{@code  R(f) - R(S f) = 1/2 E_(g, X) ‖f(g X) - f(X)‖²,    S f(X) = mean over g of f(g X)  }
 * </pre>
 *
 * <ul>
 *   <li>The left side is two risks against a target, the exact answer, one of the network and one
 *       of its average over orders; the right side compares the network with itself and knows no
 *       answer.
 *   <li>Equal to rounding if the exact answer does not depend on the order of those tokens, since
 *       then it is one number on an orbit; otherwise not, which is the control.
 *   <li>Cost: k! passes a sequence.
 *   <li>Source: [derived] (check S16).
 * </ul>
 *
 * @param risk R(f), squared distance to the target, mean over orbits
 * @param symmetrised R(S f), the same of the average over orders
 * @param halfDefect half the mean square difference of the outputs at two orders
 */
public record OrderRisk(double risk, double symmetrised, double halfDefect) {

  /**
   * Measures both sides.
   *
   * @param count how many of the test sequences to use, at least 1
   * @param k how many of the first tokens to permute, at least 2
   * @param target what the risks are measured against: the exact answer, or for a control something
   *     that depends on order
   */
  public static OrderRisk of(TestSet tests, Network network, int count, int k, Predictor target) {
    Batch batch = tests.batch();
    Check.atLeast("count", 1, count);
    Check.atLeast("k", 2, k);
    List<int[]> orders = Orders.all(k);
    int n = orders.size();
    Batch orbit = Batch.zeros(batch.widths(), n, batch.length());
    double risk = 0;
    double symmetrised = 0;
    double half = 0;
    for (int b = 0; b < Math.min(count, batch.size()); b++) {
      for (int g = 0; g < n; g++) {
        orbit.copySample(g, batch, b);
        Orders.apply(orders.get(g), batch, b, orbit, g);
      }
      double[][] outputs = network.predict(orbit);
      double[] mean = new double[outputs[0].length];
      for (double[] output : outputs) {
        for (int j = 0; j < mean.length; j++) {
          mean[j] += output[j] / n;
        }
      }
      for (int g = 0; g < n; g++) {
        double[] exact = target.predict(orbit, g);
        risk += Scale.SQUARED.divergence(exact, outputs[g]) / n;
        symmetrised += Scale.SQUARED.divergence(exact, mean) / n;
      }
      half += halfDefect(outputs);
    }
    int used = Math.min(count, batch.size());
    return new OrderRisk(risk / used, symmetrised / used, half / used);
  }

  /** Half the mean over all pairs of orders: f at one and at another drawn independently. */
  private static double halfDefect(double[][] outputs) {
    int n = outputs.length;
    double sum = 0;
    for (int g = 0; g < n; g++) {
      for (int h = 0; h < g; h++) {
        sum += Scale.SQUARED.divergence(outputs[g], outputs[h]);
      }
    }
    return sum / n / n; // each pair twice, and half
  }

  /** Returns the risk that averaging over orders removes. */
  public double removed() {
    return risk - symmetrised;
  }

  /** Returns by how much the two sides differ, as a share of the risk. */
  public double difference() {
    return Math.abs(removed() - halfDefect) / Math.max(risk, Double.MIN_NORMAL);
  }
}
