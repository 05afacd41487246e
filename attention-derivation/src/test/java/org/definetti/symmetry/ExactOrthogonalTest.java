package org.definetti.symmetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class ExactOrthogonalTest {

  @Test
  void signedPermutationsAreAllAndExact() {
    int[] orders = {2, 8, 48, 384};
    for (int d = 1; d <= 4; d++) {
      assertGroup(ExactOrthogonal.signedPermutations(d), orders[d - 1]);
    }
  }

  @Test
  void hadamardGroupIsExact() {
    List<SimpleMatrix> group = ExactOrthogonal.hadamardGroup();
    assertGroup(group, 1152);
    for (SimpleMatrix q : group) {
      for (double entry : q.getDDRM().data) {
        assertEquals(Math.rint(2 * entry), 2 * entry);
      }
    }
  }

  private static void assertGroup(List<SimpleMatrix> group, int order) {
    int d = group.get(0).getNumRows();
    SimpleMatrix identity = SimpleMatrix.identity(d);
    assertTrue(group.get(0).isIdentical(identity, 0));
    Set<List<Double>> distinct = new HashSet<>();
    double determinants = 0;
    for (SimpleMatrix q : group) {
      assertTrue(q.mult(q.transpose()).isIdentical(identity, 0), "no rounding in Q Qᵀ");
      distinct.add(Arrays.stream(q.getDDRM().data).mapToObj(x -> x + 0.0).toList());
      determinants += q.determinant();
    }
    assertEquals(order, distinct.size());
    assertEquals(order, group.size());
    assertEquals(0, determinants, 1e-9, "half of each determinant");
  }

  @Test
  void groupAveragesAreThoseOfHaar() {
    // E[Q_11²] = 1 / d for every group that acts irreducibly.
    double sum = 0;
    for (SimpleMatrix q : ExactOrthogonal.hadamardGroup()) {
      sum += q.get(0, 0) * q.get(0, 0);
    }
    assertEquals(1152 / 4.0, sum);
  }

  @Test
  void drawsAndBlocksAreExact() {
    RandomGenerator rng = Seed.of(103).generator();
    SimpleMatrix drawn = ExactOrthogonal.signedPermutation(9, rng);
    assertTrue(drawn.mult(drawn.transpose()).isIdentical(SimpleMatrix.identity(9), 0));
    SimpleMatrix block = ExactOrthogonal.hadamardGroup().get(1);
    SimpleMatrix wide = ExactOrthogonal.blockwise(block, 10);
    assertTrue(wide.mult(wide.transpose()).isIdentical(SimpleMatrix.identity(10), 0));
    assertEquals(block.get(0, 1), wide.get(4, 5));
    assertEquals(1, wide.get(9, 9));
  }

  @Test
  void otherSizesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> ExactOrthogonal.signedPermutations(7));
    SimpleMatrix block = SimpleMatrix.identity(4);
    assertThrows(IllegalArgumentException.class, () -> ExactOrthogonal.blockwise(block, 3));
    assertThrows(IllegalArgumentException.class, () -> RowOrder.all(9));
  }

  @Test
  void ordersAreWhatTheySay() {
    assertEquals(24, RowOrder.all(4).stream().map(Arrays::toString).distinct().count());
    assertEquals(3, RowOrder.adjacent(4).size());
    assertEquals(0, RowOrder.adjacent(1).size());
    assertEquals("[3, 0, 1, 2]", Arrays.toString(RowOrder.cyclic(4, 1)));
    int[] drawn = RowOrder.draw(6, Seed.of(104).generator());
    Arrays.sort(drawn);
    assertEquals("[0, 1, 2, 3, 4, 5]", Arrays.toString(drawn));
  }
}
