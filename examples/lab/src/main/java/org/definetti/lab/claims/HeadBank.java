package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.List;
import org.definetti.attention.Divisor;
import org.definetti.attention.FeatureMap;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.directional.FiniteRotationRegression;
import org.definetti.layer.Layer;
import org.definetti.layer.LinearAttentionLayer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.risk.LayerOutputs;
import org.definetti.train.FixedDataSet;

/**
 * A fixed bank of random heads of bounded norms, and how far the empirical risk of the worst of
 * them is from its risk.
 *
 * <pre>{@code  sup over f in the bank of |R_n(f) - R(f)|  }</pre>
 *
 * <p>Keys, values and targets are unit vectors, so a bounded softmax head has bounded loss at any
 * length. R is the mean over a large sample of its own; on a sample of N it adds a share of about
 * n/2N to the deviation.
 */
final class HeadBank {

  private static final FiniteRotationRegression MODEL =
      FiniteRotationRegression.ofSignedPermutations(3, 6);
  private static final Objective OBJECTIVE = Objective.MASKED;
  private static final double NORM = 2; // Frobenius, of every map

  private final List<Layer> layers = new ArrayList<>();
  private final List<Parameters> parameters = new ArrayList<>();

  private HeadBank(Layer layer, int count, Seed seed) {
    for (int h = 0; h < count; h++) {
      layers.add(layer);
      parameters.add(bounded(layer.initial(seed.child(h).generator())));
    }
  }

  /** Returns the model's name. */
  static String model() {
    return MODEL.description().name();
  }

  /** Returns random softmax heads. */
  static HeadBank softmax(int count, Seed seed) {
    return new HeadBank(SoftmaxHeadLayer.of(widths()), count, seed);
  }

  /** Returns heads of linear attention that divide by nothing. */
  static HeadBank sums(int count, Seed seed) {
    Layer layer = LinearAttentionLayer.of(widths()).withFeatures(FeatureMap.IDENTITY, Divisor.NONE);
    return new HeadBank(layer, count, seed);
  }

  private static Widths widths() {
    return OBJECTIVE.widths(MODEL);
  }

  /** Scales every map to the norm. */
  private static Parameters bounded(Parameters drawn) {
    Parameters bounded = drawn;
    for (ParameterShape shape : drawn.shapes()) {
      if (shape.name().endsWith(".map")) {
        double norm = drawn.matrix(shape.name()).normF();
        bounded = bounded.with(shape.name(), drawn.matrix(shape.name()).scale(NORM / norm));
      }
    }
    return bounded;
  }

  /**
   * Returns the mean over data sets of the largest deviation, for each number of samples.
   *
   * <p>The first n samples of a data set are the data set of n.
   *
   * @param counts increasing numbers n of samples. Not modified.
   */
  double[] deviations(int length, int[] counts, Size size, Seed seed) {
    double[] risks = new double[layers.size()];
    FixedDataSet population = draw(size.population, length, seed.child("population"));
    for (int h = 0; h < risks.length; h++) {
      risks[h] = outputs(h, population).risk(Loss.squaredError(), size.population);
    }
    double[] deviations = new double[counts.length];
    for (int t = 0; t < size.dataSets; t++) {
      double[] worst = worst(draw(counts[counts.length - 1], length, seed.child(t)), counts, risks);
      for (int i = 0; i < counts.length; i++) {
        deviations[i] += worst[i] / size.dataSets;
      }
    }
    return deviations;
  }

  /**
   * How much is drawn.
   *
   * @param population samples that stand for the population
   * @param dataSets data sets over which a deviation is averaged
   */
  record Size(int population, int dataSets) {}

  private double[] worst(FixedDataSet data, int[] counts, double[] risks) {
    double[] worst = new double[counts.length];
    for (int h = 0; h < risks.length; h++) {
      LayerOutputs outputs = outputs(h, data);
      for (int i = 0; i < counts.length; i++) {
        double empirical = outputs.risk(Loss.squaredError(), counts[i]);
        worst[i] = Math.max(worst[i], Math.abs(empirical - risks[h]));
      }
    }
    return worst;
  }

  private LayerOutputs outputs(int head, FixedDataSet data) {
    return LayerOutputs.of(layers.get(head), parameters.get(head), data);
  }

  private static FixedDataSet draw(int count, int length, Seed seed) {
    return FixedDataSet.draw(MODEL, OBJECTIVE, new FixedDataSet.Size(count, length), seed);
  }
}
