package org.definetti.lab.claims;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.experiment.Estimate;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Sample;
import org.definetti.layer.Layer;
import org.definetti.layer.Workspace;
import org.definetti.objective.DistributionHead;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * What a predictor of the next token loses at every position over the exact predictive, on
 * sequences of its own.
 *
 * <pre>{@code
 * excess_t = KL(P(x^(t+1) | x^1..x^t) ‖ p_t)                         mean over sequences, in nats
 * regret_t = Σ_{s ≤ t} [log P(x^(s+1) | …) - log p_s(x^(s+1))]       its expectation is Σ excess_s
 * }</pre>
 *
 * <p>The sum of the exact losses is minus the log evidence, so the regret is against the evidence
 * (B6). Sequences are those that training would draw from the same seed.
 */
final class NextTokenScores {

  /** How an output row is read as a law of the next token. */
  enum Reading {
    /** The probability of each category, or of a one. */
    PROBABILITIES {
      @Override
      double excess(Predictive exact, double[] out) {
        double[] p = categories(exact.mean().getDDRM().data);
        double[] q = categories(out);
        double sum = 0;
        for (int w = 0; w < p.length; w++) {
          sum += p[w] > 0 ? p[w] * Math.log(p[w] / q[w]) : 0;
          sum += q[w] - p[w]; // zero but for outputs that do not add up to one
        }
        return sum;
      }

      @Override
      double regret(Predictive exact, double[] target, double[] out) {
        double[] q = categories(out);
        // A target is not made positive: its zeros count nothing.
        double[] x = target.length == 1 ? new double[] {1 - target[0], target[0]} : target;
        double sum = 0;
        for (int w = 0; w < q.length; w++) {
          sum -= x[w] * Math.log(q[w]);
        }
        return sum + exact.logProbability(target);
      }
    },

    /** Logits of the categories, or the log-odds of a one. */
    LOGITS {
      @Override
      double excess(Predictive exact, double[] out) {
        return PROBABILITIES.excess(exact, softmax(out));
      }

      @Override
      double regret(Predictive exact, double[] target, double[] out) {
        return PROBABILITIES.regret(exact, target, softmax(out));
      }
    },

    /** The mean of a normal law with the exact predictive's own variance. */
    MEAN {
      @Override
      double excess(Predictive exact, double[] out) {
        double[] mean = exact.mean().getDDRM().data;
        return squaredDistance(mean, out) / (2 * exact.covariance().get(0, 0));
      }

      @Override
      double regret(Predictive exact, double[] target, double[] out) {
        double[] mean = exact.mean().getDDRM().data;
        return (squaredDistance(target, out) - squaredDistance(target, mean))
            / (2 * exact.covariance().get(0, 0));
      }
    };

    abstract double excess(Predictive exact, double[] out);

    /** Returns the loss at the target over that of the exact predictive. */
    abstract double regret(Predictive exact, double[] target, double[] out);

    private static final double LEAST = 1e-7; // a float32 output of zero

    /** One number is the probability of a one. */
    private static double[] categories(double[] numbers) {
      double[] all = numbers.length == 1 ? new double[] {1 - numbers[0], numbers[0]} : numbers;
      double[] positive = new double[all.length];
      for (int w = 0; w < all.length; w++) {
        positive[w] = Math.max(LEAST, all[w]);
      }
      return positive;
    }

    private static double[] softmax(double[] logits) {
      if (logits.length == 1) {
        return new double[] {1 / (1 + Math.exp(-logits[0]))};
      }
      return DistributionHead.categorical(logits.length).law(logits).mean().getDDRM().data;
    }

    private static double squaredDistance(double[] a, double[] b) {
      double sum = 0;
      for (int j = 0; j < a.length; j++) {
        sum += (a[j] - b[j]) * (a[j] - b[j]);
      }
      return sum;
    }
  }

  /**
   * How many sequences of how many shown tokens.
   *
   * @param length L; L + 1 tokens are predicted
   */
  record Size(int length, int count) {}

  private final double[][] excess; // (position, sequence)
  private final double[][] regret; // (position, sequence): summed up to the position
  private final double[][] exact; // (position, sequence): loss of the exact predictive

  private NextTokenScores(Size size) {
    excess = new double[size.length + 1][size.count];
    regret = new double[size.length + 1][size.count];
    exact = new double[size.length + 1][size.count];
  }

  /** Returns the scores of a layer at every prefix. */
  static <Z> NextTokenScores of(
      LatentModel<Z> model,
      Layer layer,
      Parameters parameters,
      Reading reading,
      Size size,
      Seed seed) {
    return of(model, layer, parameters, reading, size, 0, seed);
  }

  /**
   * Returns the scores of a layer whose row t is taken from row {@code t + ahead}, or the last.
   *
   * @param ahead 0, but for a planted leak
   */
  static <Z> NextTokenScores of(
      LatentModel<Z> model,
      Layer layer,
      Parameters parameters,
      Reading reading,
      Size size,
      int ahead,
      Seed seed) {
    NextTokenScores scores = new NextTokenScores(size);
    Workspace workspace = layer.workspace(1, size.length);
    layer.prepare(parameters, workspace);
    int targets = Objective.NEXT_TOKEN.widths(model).target();
    Batch shown = Batch.zeros(Objective.NEXT_TOKEN.widths(model), 1, size.length, size.length + 1);
    Batch batch = Batch.zeros(layer.widths(), 1, size.length, size.length + 1);
    for (int i = 0; i < size.count; i++) {
      RandomGenerator rng = seed.child(i).generator();
      Objective.NEXT_TOKEN.fill(model, shown, 0, Objective.Group.single(), rng);
      copy(shown, batch);
      layer.forward(parameters, batch, 0, 1, workspace);
      Sample<Z> sample = model.sample(size.length, seed.child(i).generator());
      Belief<Z> belief = model.prior();
      for (int t = 0; t <= size.length; t++) {
        Predictive predictive = belief.predictive(query(model, shown, t));
        int row = Math.min(t + ahead, size.length);
        double[] out = numbers(workspace.output(), row * layer.widths().target(), layer);
        double[] target = numbers(shown.targets(), t * targets, targets);
        scores.excess[t][i] = reading.excess(predictive, out);
        double before = t == 0 ? 0 : scores.regret[t - 1][i];
        scores.regret[t][i] = before + reading.regret(predictive, target, out);
        scores.exact[t][i] = -predictive.logProbability(target);
        if (t < size.length) {
          belief = belief.observe(sample.tokens().slice(t, t + 1));
        }
      }
    }
    return scores;
  }

  /** Copies what is shown; the layer's targets may be wider, and are not read. */
  private static void copy(Batch in, Batch out) {
    for (int j = 0; j < in.keys().length; j++) {
      System.arraycopy(in.keys(j), 0, out.keys(j), 0, in.keys(j).length);
    }
    for (int j = 0; j < in.values().length; j++) {
      System.arraycopy(in.values(j), 0, out.values(j), 0, in.values(j).length);
    }
    System.arraycopy(in.queries(), 0, out.queries(), 0, in.queries().length);
  }

  private static SimpleMatrix query(LatentModel<?> model, Batch shown, int t) {
    SimpleMatrix query = model.tokenSpace().emptyQuery();
    for (int j = 0; model.tokenSpace().hasQueries() && j < query.getNumCols(); j++) {
      query.getDDRM().data[j] = t < shown.length() ? shown.keys(j)[t] : shown.queries()[j];
    }
    return query;
  }

  private static double[] numbers(float[] numbers, int at, Layer layer) {
    return numbers(numbers, at, layer.widths().target());
  }

  private static double[] numbers(float[] numbers, int at, int count) {
    double[] out = new double[count];
    for (int j = 0; j < count; j++) {
      out[j] = numbers[at + j];
    }
    return out;
  }

  /** Returns the number of predicted tokens. */
  int positions() {
    return excess.length;
  }

  /** Returns the mean excess at position t, counted from 0. */
  Estimate excess(int t) {
    return Estimate.of(excess[t]);
  }

  /** Returns the mean loss of the exact predictive at position t. */
  Estimate exact(int t) {
    return Estimate.of(exact[t]);
  }

  /** Returns the mean regret after position t, as drawn. */
  Estimate drawnRegret(int t) {
    return Estimate.of(regret[t]);
  }

  /** Returns the expected regret after position t: the excesses so far, summed. */
  Estimate regret(int t) {
    double[] sums = new double[excess[0].length];
    for (int s = 0; s <= t; s++) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += excess[s][i];
      }
    }
    return Estimate.of(sums);
  }

  /** Returns what a curve shows at position t: excess and regret. */
  Map<String, Estimate> metrics(int t) {
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    metrics.put("excess-nats", excess(t));
    metrics.put("regret-nats", regret(t));
    return metrics;
  }
}
