package org.definetti.engine.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The sum of a vector's lanes in an order of our own.
 *
 * <pre>{@code  ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7))   for eight lanes  }</pre>
 *
 * <p>The API leaves the order of {@code reduceLanes(ADD)} open for floats, and on later JDKs the
 * compiler takes another one than the interpreter: the bits of a sum would then depend on when its
 * loop was compiled. Halves are added to halves instead, each step one permutation and one
 * addition.
 */
final class LaneSum {

  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final int WIDTH = LANES.length();
  private static final VectorShuffle<Float> BY_8 = partners(8);
  private static final VectorShuffle<Float> BY_4 = partners(4);
  private static final VectorShuffle<Float> BY_2 = partners(2);
  private static final VectorShuffle<Float> BY_1 = partners(1);

  private LaneSum() {}

  /** Returns the shuffle that swaps each lane with the one this power of two away. */
  static VectorShuffle<Float> partners(int distance) {
    return VectorShuffle.fromOp(LANES, lane -> (lane ^ distance) % WIDTH);
  }

  /** Returns the sum of the lanes of a vector of the preferred width, 4, 8 or 16 lanes. */
  static float of(FloatVector v) {
    FloatVector sums = v;
    if (WIDTH > 8) {
      sums = sums.add(sums.rearrange(BY_8));
    }
    if (WIDTH > 4) {
      sums = sums.add(sums.rearrange(BY_4));
    }
    sums = sums.add(sums.rearrange(BY_2));
    sums = sums.add(sums.rearrange(BY_1));
    return sums.lane(0);
  }
}
