package org.definetti.symmetry;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.definetti.latent.Check;

/** Orders of n rows: {@code order[i]} is the old index of the row that comes to place i. */
public final class RowOrder {

  private static final int LARGEST_LISTED = 8; // 40 320 orders

  private RowOrder() {}

  /** Returns the order that changes nothing. */
  public static int[] identity(int length) {
    return IntStream.range(0, length).toArray();
  }

  /**
   * Returns the exchange of rows i and i + 1, for each i: n - 1 orders, which generate all. None
   * for n below 2.
   */
  public static List<int[]> adjacent(int length) {
    List<int[]> orders = new ArrayList<>();
    for (int i = 0; i + 1 < length; i++) {
      int[] order = identity(length);
      order[i] = i + 1;
      order[i + 1] = i;
      orders.add(order);
    }
    return orders;
  }

  /** Returns a uniform random order: Fisher-Yates, from the inside out. */
  public static int[] draw(int length, RandomGenerator rng) {
    int[] order = new int[length];
    for (int i = 0; i < length; i++) {
      int j = rng.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Returns the order in which row i comes from i - shift, around the end. */
  public static int[] cyclic(int length, int shift) {
    return IntStream.range(0, length).map(i -> Math.floorMod(i - shift, length)).toArray();
  }

  /**
   * Returns all n! orders in lexicographic order, the identity first.
   *
   * @param length n, from 0 to 8
   */
  public static List<int[]> all(int length) {
    Check.atLeast("length", 0, length);
    if (length > LARGEST_LISTED) {
      throw new IllegalArgumentException(
          "length: expected <= " + LARGEST_LISTED + ", got " + length);
    }
    List<int[]> orders = new ArrayList<>();
    extend(new int[length], 0, 0, orders);
    return orders;
  }

  private static void extend(int[] order, int placed, int used, List<int[]> orders) {
    if (placed == order.length) {
      orders.add(order.clone());
      return;
    }
    for (int i = 0; i < order.length; i++) {
      if ((used >> i & 1) == 0) {
        order[placed] = i;
        extend(order, placed + 1, used | 1 << i, orders);
      }
    }
  }
}
