package org.definetti.lab.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.latent.Check;

/** Orders of the first tokens of a sequence. */
final class Orders {

  private Orders() {}

  /** Returns all k! orders of k things, the first one as they are. */
  static List<int[]> all(int k) {
    Check.atLeast("k", 0, k);
    List<int[]> orders = new ArrayList<>();
    extend(new int[k], 0, orders);
    return orders;
  }

  private static void extend(int[] order, int filled, List<int[]> orders) {
    if (filled == order.length) {
      orders.add(order.clone());
      return;
    }
    for (int next = 0; next < order.length; next++) {
      boolean used = false;
      for (int i = 0; i < filled; i++) {
        used |= order[i] == next;
      }
      if (!used) {
        order[filled] = next;
        extend(order, filled + 1, orders);
      }
    }
  }

  /** Draws an order of k things, all equally likely. */
  static int[] draw(int k, RandomGenerator rng) {
    int[] order = new int[k];
    for (int i = 0; i < k; i++) {
      int j = (int) rng.nextLong(i + 1L);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /**
   * Writes the first tokens of one sample to another in a new order; the rest stays.
   *
   * @param order token i of the result is token order[i] of the source
   * @param to Modified.
   */
  static void apply(int[] order, Batch from, int source, Batch to, int index) {
    SampleRows old = new SampleRows(from, source);
    SampleRows moved = new SampleRows(to, index);
    for (int l = 0; l < order.length; l++) {
      for (int j = 0; j < from.widths().key(); j++) {
        moved.setKey(l, j, old.key(order[l], j));
      }
      for (int j = 0; j < from.widths().value(); j++) {
        moved.setValue(l, j, old.value(order[l], j));
      }
    }
  }
}
