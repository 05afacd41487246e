package org.definetti.attention;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class TransformerBlockTest {

  /** Sums of a few dozen terms of order one in another order. */
  private static final double TOLERANCE = 1e-12;

  private static final int N = 5;
  private static final int D = 6;
  private static final int HIDDEN = 4;
  private static final int HEADS = 2;

  private static Map<String, SimpleMatrix> parameters(boolean nullToken, boolean rms) {
    RandomGenerator rng = Seed.of(21).generator();
    Map<String, SimpleMatrix> all = new LinkedHashMap<>();
    for (String name : new String[] {"query", "key", "value", "output"}) {
      all.put(name + ".map", normal(D, D, rng));
      all.put(name + ".bias", normal(1, D, rng));
    }
    if (nullToken) {
      all.put("null.logit", normal(1, HEADS, rng));
      all.put("null.value", normal(1, D, rng));
    }
    all.put("expand.map", normal(HIDDEN, D, rng));
    all.put("expand.bias", normal(1, HIDDEN, rng));
    all.put("contract.map", normal(D, HIDDEN, rng));
    all.put("contract.bias", normal(1, D, rng));
    for (String norm : new String[] {"attention.norm", "mlp.norm"}) {
      all.put(norm + ".gain", normal(1, D, rng));
      if (!rms) {
        all.put(norm + ".bias", normal(1, D, rng));
      }
    }
    return all;
  }

  private static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers).scale(0.7);
  }

  private static SimpleMatrix rows() {
    return normal(N, D, Seed.of(22).generator());
  }

  private static SimpleMatrix biases() {
    return normal(N, 1, Seed.of(23).generator());
  }

  @Test
  void agreesWithTheFormulaNumberByNumber() {
    for (int options = 0; options < 16; options++) {
      boolean preNorm = (options & 1) != 0;
      boolean causal = (options & 2) != 0;
      Map<String, SimpleMatrix> parameters = parameters((options & 4) != 0, (options & 8) != 0);
      TransformerBlock block = TransformerBlock.of(parameters, HEADS);
      block = preNorm ? block.withPreNorm() : block;
      block = causal ? block.withCausalMask() : block;
      SimpleMatrix found = block.transform(rows(), biases());
      double[][] expected = new Formula(parameters, preNorm, causal).transform(rows(), biases());
      for (int i = 0; i < N; i++) {
        for (int j = 0; j < D; j++) {
          assertEquals(expected[i][j], found.get(i, j), TOLERANCE, block + " " + i + " " + j);
        }
      }
    }
  }

  /** The formula of the class comment in loops over single numbers. */
  private static final class Formula {

    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

    private final Map<String, SimpleMatrix> parameters;
    private final boolean preNorm;
    private final boolean causal;

    Formula(Map<String, SimpleMatrix> parameters, boolean preNorm, boolean causal) {
      this.parameters = parameters;
      this.preNorm = preNorm;
      this.causal = causal;
    }

    double[][] transform(SimpleMatrix rows, SimpleMatrix biases) {
      double[][] x = rows.toArray2();
      double[][] a = preNorm ? norm("attention.norm", x) : x;
      double[][] u = sum(x, attention(a, biases));
      u = preNorm ? u : norm("attention.norm", u);
      double[][] c = preNorm ? norm("mlp.norm", u) : u;
      double[][] hidden = affine("expand", c);
      for (double[] row : hidden) {
        for (int j = 0; j < row.length; j++) {
          row[j] *= NORMAL.cumulativeProbability(row[j]);
        }
      }
      double[][] y = sum(u, affine("contract", hidden));
      return preNorm ? y : norm("mlp.norm", y);
    }

    private double[][] attention(double[][] a, SimpleMatrix biases) {
      double[][] q = affine("query", a);
      double[][] k = affine("key", a);
      double[][] v = affine("value", a);
      double[][] mixed = new double[N][D];
      int width = D / HEADS;
      for (int j = 0; j < D; j++) {
        int head = j / width;
        for (int i = 0; i < N; i++) {
          double above = 0;
          double below = 0;
          if (parameters.containsKey("null.logit")) {
            below = Math.exp(need("null.logit").get(0, head));
            above = below * need("null.value").get(0, j);
          }
          for (int l = 0; l < (causal ? i + 1 : N); l++) {
            double logit = biases.get(l, 0);
            for (int c = head * width; c < (head + 1) * width; c++) {
              logit += q[i][c] * k[l][c] / Math.sqrt(width);
            }
            below += Math.exp(logit);
            above += Math.exp(logit) * v[l][j];
          }
          mixed[i][j] = above / below;
        }
      }
      return affine("output", mixed);
    }

    private SimpleMatrix need(String name) {
      return requireNonNull(parameters.get(name));
    }

    private double[][] affine(String name, double[][] x) {
      SimpleMatrix map = need(name + ".map");
      double[][] y = new double[x.length][map.getNumRows()];
      for (int i = 0; i < x.length; i++) {
        for (int o = 0; o < map.getNumRows(); o++) {
          y[i][o] = need(name + ".bias").get(0, o);
          for (int k = 0; k < x[i].length; k++) {
            y[i][o] += map.get(o, k) * x[i][k];
          }
        }
      }
      return y;
    }

    private double[][] norm(String name, double[][] x) {
      boolean rms = !parameters.containsKey(name + ".bias");
      double[][] y = new double[x.length][D];
      for (int i = 0; i < x.length; i++) {
        double first = 0;
        double second = 0;
        for (int j = 0; j < D; j++) {
          first += x[i][j] / D;
          second += x[i][j] * x[i][j] / D;
        }
        double mean = rms ? 0 : first;
        double deviation = Math.sqrt(second - mean * mean + 1e-5);
        for (int j = 0; j < D; j++) {
          double bias = rms ? 0 : need(name + ".bias").get(0, j);
          y[i][j] = need(name + ".gain").get(0, j) * (x[i][j] - mean) / deviation + bias;
        }
      }
      return y;
    }

    private static double[][] sum(double[][] a, double[][] b) {
      double[][] out = new double[a.length][D];
      for (int i = 0; i < a.length; i++) {
        for (int j = 0; j < D; j++) {
          out[i][j] = a[i][j] + b[i][j];
        }
      }
      return out;
    }
  }

  @Test
  void causalRowsIgnoreLaterOnesExactly() {
    TransformerBlock block = TransformerBlock.of(parameters(false, false), HEADS);
    SimpleMatrix first = rows().rows(0, 3);
    SimpleMatrix causal = block.withCausalMask().transform(rows(), biases());
    SimpleMatrix prefix = block.withCausalMask().transform(first, biases().rows(0, 3));
    assertTrue(causal.rows(0, 3).isIdentical(prefix, 0));
    SimpleMatrix open = block.transform(rows(), biases());
    assertTrue(!open.rows(0, 3).isIdentical(block.transform(first, biases().rows(0, 3)), 1e-3));
  }

  @Test
  void noRowsGiveNoRows() {
    TransformerBlock block = TransformerBlock.of(parameters(false, false), HEADS);
    SimpleMatrix none = new SimpleMatrix(0, D);
    assertEquals(0, block.transform(none, new SimpleMatrix(0, 1)).getNumRows());
  }

  @Test
  void refusesWhatDoesNotFit() {
    Map<String, SimpleMatrix> parameters = parameters(true, false);
    assertThrows(IllegalArgumentException.class, () -> TransformerBlock.of(parameters, 4));
    Map<String, SimpleMatrix> more = new LinkedHashMap<>(parameters);
    more.put("more", new SimpleMatrix(1, 1));
    assertThrows(IllegalArgumentException.class, () -> TransformerBlock.of(more, HEADS));
    Map<String, SimpleMatrix> less = new LinkedHashMap<>(parameters);
    less.remove("key.bias");
    assertThrows(IllegalArgumentException.class, () -> TransformerBlock.of(less, HEADS));
    Map<String, SimpleMatrix> wide = new LinkedHashMap<>(parameters);
    wide.put("output.map", new SimpleMatrix(D, D + 1));
    assertThrows(ShapeMismatchException.class, () -> TransformerBlock.of(wide, HEADS));
    TransformerBlock block = TransformerBlock.of(parameters, HEADS);
    assertThrows(
        ShapeMismatchException.class, () -> block.transform(rows().cols(0, D - 1), biases()));
    assertThrows(ShapeMismatchException.class, () -> block.transform(rows(), biases().rows(0, 2)));
    assertEquals(
        "TransformerBlock[width 6, heads 2, hidden 4, post-norm, null tokens]", block.toString());
  }

  @Test
  void normsHaveTheirMoments() {
    SimpleMatrix gain = SimpleMatrix.ones(1, 3);
    SimpleMatrix row = new SimpleMatrix(new double[][] {{1, 2, 6}, {4, 4, 4}});
    SimpleMatrix layer = Normalisation.LAYER.normalise(row, gain, gain.scale(2));
    // Mean 3, variance 14/3.
    assertEquals(2 - 2 / Math.sqrt(14 / 3.0 + 1e-5), layer.get(0, 0), 1e-14);
    assertEquals(2, layer.get(1, 1), 1e-14, "equal numbers become the bias");
    SimpleMatrix rms = Normalisation.RMS.normalise(row, gain, null);
    assertEquals(6 / Math.sqrt(41 / 3.0 + 1e-5), rms.get(0, 2), 1e-14);
    assertThrows(
        IllegalArgumentException.class, () -> Normalisation.RMS.normalise(row, gain, gain));
  }

  /**
   * Rotary positions: one unseen row in front moves all others by one and changes nothing, another
   * order of the rows does.
   */
  @Test
  void rotaryPositionsKnowDistancesAndNoPlaces() {
    TransformerBlock block = TransformerBlock.of(parameters(false, false), 1).withRotaryPositions();
    SimpleMatrix out = block.transform(rows(), new SimpleMatrix(N, 1));
    SimpleMatrix front = normal(1, D, Seed.of(23).generator());
    SimpleMatrix unseen = new SimpleMatrix(1, 1, true, -1e9);
    SimpleMatrix moved =
        block.transform(front.concatRows(rows()), unseen.concatRows(new SimpleMatrix(N, 1)));
    assertTrue(out.isIdentical(moved.rows(1, N + 1), TOLERANCE));
    SimpleMatrix turned = rows().rows(1, N).concatRows(rows().rows(0, 1));
    SimpleMatrix other = block.transform(turned, new SimpleMatrix(N, 1));
    assertTrue(out.rows(0, 1).minus(other.rows(N - 1, N)).normF() > 1e-3);
    assertThrows(
        IllegalArgumentException.class,
        () -> TransformerBlock.of(parameters(false, false), HEADS).withRotaryPositions());
  }
}
