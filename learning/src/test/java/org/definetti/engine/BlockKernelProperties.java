package org.definetti.engine;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.definetti.attention.TransformerBlock;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/** The block's float32 kernels against its double-precision reference form, on random shapes. */
class BlockKernelProperties {

  /** float32 rounding (6e-8) through some hundred operations on numbers of order one. */
  private static final double OUTPUT_TOLERANCE = 3e-5;

  /** Largest relative Frobenius error of one parameter's gradient. */
  private static final double GRADIENT_TOLERANCE = 1e-4;

  /** Errors below this share of the largest gradient are rounding of terms of its size. */
  private static final double FLOOR = 1e-6;

  /** Of central differences in double precision: error about step² and 1e-16 / step. */
  private static final double STEP = 1e-5;

  private static List<BlockKernels> kernels() {
    return List.of(BlockKernels.plain(), Kernels.inUse().blocks());
  }

  @Property(tries = 30, seed = "20261127")
  void outputAndGradientsAgreeWithTheReference(
      @ForAll @IntRange(min = 1, max = 4) int heads,
      @ForAll @IntRange(min = 1, max = 4) int headWidth,
      @ForAll @IntRange(min = 1, max = 9) int hidden,
      @ForAll @IntRange(min = 1, max = 9) int length,
      @ForAll @IntRange(min = 0, max = 63) int options,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    // A norm of two or three numbers is ill-conditioned: it divides by differences near zero.
    Assume.that(heads * headWidth >= 4);
    RandomGenerator rng = Seed.of(seed).generator();
    BlockShape shape = shape(heads * headWidth, heads, hidden, options);
    float[] bias = (options & 16) == 0 ? null : random(length, rng);
    boolean all = rng.nextBoolean();
    int from = all ? 0 : rng.nextInt(length);
    int to = all ? length : from + 1 + rng.nextInt(length - from);
    Case drawn = new Case(shape, length, bias, rng);
    Map<String, SimpleMatrix> differences = drawn.differences(from, to);
    for (BlockKernels kernels : kernels()) {
      drawn.check(kernels, from, to, differences);
    }
  }

  private static BlockShape shape(int width, int heads, int hidden, int options) {
    BlockShape shape = BlockShape.of(width, heads).withHidden(hidden);
    shape = (options & 1) == 0 ? shape : shape.withPreNorm();
    shape = (options & 2) == 0 ? shape : shape.withCausalMask();
    shape = (options & 4) == 0 ? shape : shape.withNullToken();
    shape = (options & 32) == 0 || width / heads % 2 == 1 ? shape : shape.withRotaryPositions();
    return (options & 8) == 0 ? shape : shape.withRmsNorm();
  }

  private static float[] random(int count, RandomGenerator rng) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) Normal.draw(rng);
    }
    return numbers;
  }

  /** One block with drawn parameters, input and output gradient. */
  private static final class Case {

    /** What stands before and after the block's own numbers in every array. */
    private static final int MARGIN = 3;

    private final BlockShape shape;
    private final int length;
    private final float @Nullable [] bias;
    private final Parameters theta;
    private final float[] x;
    private final float[] dy;

    Case(BlockShape shape, int length, float @Nullable [] bias, RandomGenerator rng) {
      this.shape = shape;
      this.length = length;
      this.bias = bias;
      this.theta = parameters(shape, rng);
      this.x = random(MARGIN + length * shape.width(), rng);
      this.dy = random(MARGIN + length * shape.width(), rng);
    }

    /** Of the size of initial ones: with larger maps one key takes all and little is tested. */
    private static Parameters parameters(BlockShape shape, RandomGenerator rng) {
      Parameters parameters = Parameters.zeros(shape.parameters(""));
      for (ParameterShape parameter : shape.parameters("")) {
        int at = parameters.offset(parameter.name());
        double scale = parameter.rows() == 1 ? 0.3 : 1 / Math.sqrt(parameter.columns());
        double mean = parameter.name().endsWith(".gain") ? 1 : 0;
        for (int i = 0; i < parameter.size(); i++) {
          parameters.data()[at + i] = (float) (mean + scale * Normal.draw(rng));
        }
      }
      return parameters;
    }

    void check(BlockKernels kernels, int from, int to, Map<String, SimpleMatrix> differences) {
      String what = kernels + " " + shape + " rows " + from + ".." + to + " of " + length;
      int d = shape.width();
      BlockKernel kernel = kernels.make(shape, 1, length + 2).get(0);
      float[] padded = new float[MARGIN + theta.size()];
      System.arraycopy(theta.data(), 0, padded, MARGIN, theta.size());
      kernel.prepare(padded, MARGIN);
      float[] y = new float[MARGIN + length * d];
      kernel.infer(x, MARGIN, bias, length, from, to, y, MARGIN);
      float[] again = new float[MARGIN + length * d];
      kernel.forward(x, MARGIN, bias, length, from, to, again, MARGIN);
      assertArrayEquals(again, y, what + ": infer and forward differ");
      SimpleMatrix expected = transform(theta.matrices(), matrix(x));
      for (int i = 0; i < length * d; i++) {
        boolean asked = i >= from * d && i < to * d;
        double value = asked ? expected.get(i / d, i % d) : 0;
        double tolerance = OUTPUT_TOLERANCE * Math.max(1, Math.abs(value));
        assertEquals(value, y[MARGIN + i], tolerance, what);
      }
      float[] dx = new float[MARGIN + length * d];
      float[] gradient = new float[MARGIN + theta.size()];
      kernel.backward(x, MARGIN, dy, MARGIN, dx, MARGIN, gradient, MARGIN);
      checkGradients(gradient, dx, differences, what);

      // Added to, without the input's, and from the same activations: twice as much.
      kernel.forward(x, MARGIN, bias, length, from, to, again, MARGIN);
      kernel.backward(x, MARGIN, dy, MARGIN, null, 0, gradient, MARGIN);
      kernel.forward(x, MARGIN, bias, length, from, to, again, MARGIN);
      float[] once = new float[gradient.length];
      float[] own = dy.clone();
      kernel.backward(x, MARGIN, own, MARGIN, own, MARGIN, once, MARGIN);
      for (int i = 0; i < once.length; i++) {
        assertEquals(2 * once[i], gradient[i], 1e-3 * (1 + Math.abs(once[i])), what);
      }
      for (int i = MARGIN; i < dx.length; i++) {
        assertEquals(dx[i], own[i], what + ": dx in place of dy");
      }
    }

    private void checkGradients(
        float[] gradient, float[] dx, Map<String, SimpleMatrix> differences, String what) {
      double largest =
          differences.values().stream().mapToDouble(SimpleMatrix::normF).max().orElseThrow();
      differences.forEach(
          (name, expected) -> {
            SimpleMatrix found = name.equals("x") ? matrix(dx) : gradientOf(name, gradient);
            double error = expected.minus(found).normF();
            double bound = Math.max(GRADIENT_TOLERANCE * expected.normF(), FLOOR * largest);
            assertTrue(
                error <= bound, () -> name + ": " + error + " above " + bound + " in " + what);
          });
    }

    private SimpleMatrix gradientOf(String name, float[] gradient) {
      ParameterShape parameter = theta.shape(name);
      return matrix(gradient, MARGIN + theta.offset(name), parameter.rows(), parameter.columns());
    }

    /** The central differences of Σ dy·y over the asked rows, for every parameter and for x. */
    Map<String, SimpleMatrix> differences(int from, int to) {
      Map<String, SimpleMatrix> all = new LinkedHashMap<>(theta.matrices());
      all.put("x", matrix(x));
      Map<String, SimpleMatrix> differences = new LinkedHashMap<>();
      all.keySet().forEach(name -> differences.put(name, difference(all, name, from, to)));
      return differences;
    }

    private SimpleMatrix difference(Map<String, SimpleMatrix> all, String name, int from, int to) {
      SimpleMatrix point = requireNonNull(all.get(name));
      SimpleMatrix difference = new SimpleMatrix(point.getNumRows(), point.getNumCols());
      for (int i = 0; i < point.getNumElements(); i++) {
        double up = objective(all, name, i, STEP, from, to);
        double down = objective(all, name, i, -STEP, from, to);
        difference.getDDRM().data[i] = (up - down) / (2 * STEP);
      }
      return difference;
    }

    private double objective(
        Map<String, SimpleMatrix> all, String name, int index, double step, int from, int to) {
      Map<String, SimpleMatrix> moved = new LinkedHashMap<>(all);
      SimpleMatrix matrix = requireNonNull(all.get(name)).copy();
      matrix.getDDRM().data[index] += step;
      moved.put(name, matrix);
      SimpleMatrix input = requireNonNull(moved.remove("x"));
      SimpleMatrix y = transform(moved, input);
      int d = shape.width();
      double sum = 0;
      for (int i = from * d; i < to * d; i++) {
        sum += dy[MARGIN + i] * y.getDDRM().data[i];
      }
      return sum;
    }

    private SimpleMatrix transform(Map<String, SimpleMatrix> parameters, SimpleMatrix rows) {
      TransformerBlock block = TransformerBlock.of(parameters, shape.heads());
      block = shape.preNorm() ? block.withPreNorm() : block;
      block = shape.causal() ? block.withCausalMask() : block;
      block = shape.rotary() ? block.withRotaryPositions() : block;
      SimpleMatrix biases = bias == null ? new SimpleMatrix(length, 1) : matrix(bias, 0, length, 1);
      return block.transform(rows, biases);
    }

    private SimpleMatrix matrix(float[] rows) {
      return matrix(rows, MARGIN, length, shape.width());
    }

    private static SimpleMatrix matrix(float[] numbers, int at, int rows, int columns) {
      SimpleMatrix matrix = new SimpleMatrix(rows, columns);
      for (int i = 0; i < rows * columns; i++) {
        matrix.getDDRM().data[i] = numbers[at + i];
      }
      return matrix;
    }
  }
}
