package org.definetti.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The kernels in use against their plain twin, over awkward sizes; trivial without the module. */
class FastBlockKernelTest {

  /**
   * Relative error in the Euclidean norm. Both sides round: 6e-8 an operation, in sums of up to 600
   * terms that grow like their square root, through four norms and products that amplify it.
   */
  private static final double TOLERANCE = 3e-5;

  private static final int[] LENGTHS = {1, 2, 3, 7, 8, 13, 31, 64, 73, 100, 513};

  /** Widths and heads: whole panels, parts of panels, odd heads, several panels a head. */
  private static final List<BlockShape> SHAPES =
      List.of(
          BlockShape.of(64, 4),
          BlockShape.of(20, 4),
          BlockShape.of(24, 2).withHidden(37),
          BlockShape.of(10, 5),
          BlockShape.of(48, 1),
          BlockShape.of(6, 2).withHidden(3));

  @Test
  void agreesWithItsPlainTwin() {
    for (int length : LENGTHS) {
      for (int i = 0; i < SHAPES.size(); i++) {
        if (length < 513 || i == 1) {
          Seed seed = Seed.of(20261127).child(length).child(i);
          check(SHAPES.get(i), length, 1, seed.generator());
          check(options(SHAPES.get(i), length + i), length, 1, seed.child("options").generator());
        }
      }
    }
  }

  /** Logits in the hundreds: the bound fails and the rows' maxima are needed. */
  @Test
  void agreesWhereAttentionIsSharp() {
    for (int length : new int[] {1, 13, 64, 530}) {
      BlockShape shape = BlockShape.of(16, 2);
      check(shape, length, 30, Seed.of(5).child(length).generator());
      check(shape.withCausalMask(), length, 30, Seed.of(6).child(length).generator());
    }
  }

  @Test
  void whatWasComputedBeforeDoesNotShow() {
    BlockShape shape = BlockShape.of(20, 4).withCausalMask();
    Case fresh = new Case(shape, 31, 1, Seed.of(7).generator());
    BlockKernel kernel = Kernels.inUse().blocks().make(shape, 1, 80).get(0);
    float[][] first = fresh.run(kernel);
    new Case(shape, 80, 9, Seed.of(8).generator()).run(kernel);
    float[][] second = fresh.run(kernel);
    for (int i = 0; i < first.length; i++) {
      assertArrayEquals(first[i], second[i]);
    }
  }

  @Test
  void memoryOfLongSamplesGrowsLinearly() {
    long[] memory = new long[3];
    for (int i = 0; i < memory.length; i++) {
      memory[i] = Kernels.inUse().blocks().make(BlockShape.of(16, 4), 1, 1024 << i).get(0).memory();
    }
    double slope = (double) (memory[2] - memory[1]) / (memory[1] - memory[0]);
    assertTrue(Math.abs(slope - 2) < 0.01, "growth of memory when length doubles: " + slope);
    assertTrue(memory[2] < 4096L * 4096L / 2, "numbers held: " + memory[2]);
  }

  private static BlockShape options(BlockShape shape, int code) {
    BlockShape with = code % 2 == 0 ? shape.withPreNorm() : shape.withCausalMask();
    with = code % 5 < 3 && shape.headWidth() % 2 == 0 ? with.withRotaryPositions() : with;
    with = code % 3 == 0 ? with.withRmsNorm() : with;
    return code % 3 == 1 ? with.withNullToken() : with;
  }

  private static void check(BlockShape shape, int length, double sharpness, RandomGenerator rng) {
    Case drawn = new Case(shape, length, sharpness, rng);
    float[][] expected = drawn.run(BlockKernels.plain().make(shape, 1, length).get(0));
    float[][] found = drawn.run(Kernels.inUse().blocks().make(shape, 1, length + 1).get(0));
    for (int i = 0; i < expected.length; i++) {
      double error = distance(found[i], expected[i]);
      double bound = TOLERANCE * sharpness * distance(new float[expected[i].length], expected[i]);
      assertTrue(
          error <= bound + 1e-30, shape + " length " + length + ": " + error + " > " + bound);
    }
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  /** One block with drawn parameters, input, bias and output gradient. */
  private static final class Case {

    private final BlockShape shape;
    private final int length;
    private final int from;
    private final int to;
    private final float[] theta;
    private final float[] x;
    private final float[] dy;
    private final float @Nullable [] bias;

    Case(BlockShape shape, int length, double sharpness, RandomGenerator rng) {
      this.shape = shape;
      this.length = length;
      this.from = rng.nextBoolean() ? 0 : rng.nextInt(length);
      this.to = from == 0 ? length : from + 1 + rng.nextInt(length - from);
      this.theta = new float[shape.parameterCount()];
      for (ParameterShape parameter : shape.parameters("")) {
        boolean query = parameter.name().equals("query.map");
        double scale = (query ? sharpness : 1) / Math.sqrt(Math.max(9, parameter.columns()));
        double mean = parameter.name().endsWith(".gain") ? 1 : 0;
        int at = shape.offset(parameter.name());
        for (int i = at; i < at + parameter.size(); i++) {
          theta[i] = (float) (mean + scale * Normal.draw(rng));
        }
      }
      this.x = draw(length * shape.width(), rng);
      this.dy = draw(length * shape.width(), rng);
      this.bias = rng.nextBoolean() ? null : draw(length, rng);
    }

    private static float[] draw(int count, RandomGenerator rng) {
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (float) Normal.draw(rng);
      }
      return numbers;
    }

    /** Returns output, input gradient and parameter gradient. */
    float[][] run(BlockKernel kernel) {
      float[] y = new float[x.length];
      float[] inferred = new float[x.length];
      float[] dx = new float[x.length];
      float[] gradient = new float[theta.length];
      kernel.prepare(theta, 0);
      kernel.infer(x, 0, bias, length, from, to, inferred, 0);
      kernel.forward(x, 0, bias, length, from, to, y, 0);
      assertArrayEquals(inferred, y, shape + ": infer and forward differ");
      kernel.backward(x, 0, dy, 0, dx, 0, gradient, 0);
      return new float[][] {y, dx, gradient};
    }
  }
}
