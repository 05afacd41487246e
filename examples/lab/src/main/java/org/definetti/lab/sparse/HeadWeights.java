package org.definetti.lab.sparse;

import java.util.Arrays;
import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.layer.SymbolStringLayer;
import org.definetti.layer.Workspace;

/**
 * Where the heads of a network on strings attend, each averaged over strings.
 *
 * <pre>{@code
 * mass_h    = mean over strings of Σ_(i in I) a_h,i         uniform: s / (T + 1)
 * top_h     = mean over strings of the s largest a_h,t added
 * entropy_h = mean over strings of -Σ_t a_h,t ln a_h,t      uniform: ln(T + 1)
 * }</pre>
 *
 * <p>Where: a_h the weights of head h on the T tokens and [CLS], I the relevant positions. Source:
 * [derived] (check V19).
 *
 * @param mass one number a head
 * @param top one number a head
 * @param entropy one number a head, in nats
 * @param profiles one list a head: the mean weight of each token, [CLS] last
 */
public record HeadWeights(
    List<Double> mass, List<Double> top, List<Double> entropy, List<List<Double>> profiles) {

  /** Copies the lists. */
  public HeadWeights {
    mass = List.copyOf(mass);
    top = List.copyOf(top);
    entropy = List.copyOf(entropy);
    profiles = profiles.stream().map(List::copyOf).toList();
  }

  /**
   * Measures a network on strings.
   *
   * @param relevant I
   */
  public static HeadWeights of(
      SymbolStringLayer layer, Parameters parameters, Batch strings, List<Integer> relevant) {
    Workspace workspace = layer.workspace(strings.size(), strings.length());
    layer.prepare(parameters, workspace);
    layer.forward(parameters, strings, 0, strings.size(), workspace);
    int heads = layer.weights(workspace, 0).length;
    double[] mass = new double[heads];
    double[] top = new double[heads];
    double[] entropy = new double[heads];
    double[][] profiles = new double[heads][strings.length() + 1];
    for (int b = 0; b < strings.size(); b++) {
      float[][] weights = layer.weights(workspace, b);
      for (int h = 0; h < heads; h++) {
        float[] row = weights[h];
        for (int position : relevant) {
          mass[h] += row[position] / strings.size();
        }
        for (int t = 0; t < row.length; t++) {
          profiles[h][t] += row[t] / strings.size();
          entropy[h] -= row[t] > 0 ? row[t] * Math.log(row[t]) / strings.size() : 0;
        }
        Arrays.sort(row);
        for (int i = 1; i <= relevant.size(); i++) {
          top[h] += row[row.length - i] / strings.size();
        }
      }
    }
    return new HeadWeights(
        list(mass),
        list(top),
        list(entropy),
        Arrays.stream(profiles).map(HeadWeights::list).toList());
  }

  private static List<Double> list(double[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  /** Returns the profile of the first head with the largest mass. */
  public List<Double> profile() {
    return profiles.get(mass.indexOf(bestMass()));
  }

  /** Returns the largest mass of a head. */
  public double bestMass() {
    return mass.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /** Returns the mean over heads of the mass of their s largest weights. */
  public double meanTop() {
    return top.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** Returns the mean over heads of the entropy, in nats. */
  public double meanEntropy() {
    return entropy.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }
}
