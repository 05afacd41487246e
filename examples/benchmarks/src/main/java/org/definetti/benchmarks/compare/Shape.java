package org.definetti.benchmarks.compare;

import java.util.Arrays;
import java.util.List;
import org.definetti.latent.Check;

/**
 * The size of a batch and of the model that takes it.
 *
 * @param batch the number B of sequences
 * @param length the number L of tokens of each
 * @param dimension the width d of a token
 * @param heads the number H of heads, a divisor of d
 */
record Shape(int batch, int length, int dimension, int heads) {

  Shape {
    Check.atLeast("batch", 1, batch);
    Check.atLeast("length", 1, length);
    Check.atLeast("dimension", 1, dimension);
    Check.atLeast("heads", 1, heads);
    if (dimension % heads != 0) {
      throw new IllegalArgumentException(
          "shapes: expected heads that divide the dimension " + dimension + ", got " + heads);
    }
  }

  /** Returns the shapes written as {@code B,L,d,H;B,L,d,H;…}. */
  static List<Shape> parse(String text) {
    return Arrays.stream(text.split(";", -1)).map(Shape::parseOne).toList();
  }

  private static Shape parseOne(String text) {
    try {
      int[] n =
          Arrays.stream(text.split(",", -1))
              .map(String::strip)
              .mapToInt(Integer::parseInt)
              .toArray();
      if (n.length == 4) {
        return new Shape(n[0], n[1], n[2], n[3]);
      }
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
    throw wrong(text);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "shapes: expected batch,length,dimension,heads;… for example 64,64,64,4, got " + text);
  }

  @Override
  public String toString() {
    return batch + "," + length + "," + dimension + "," + heads;
  }
}
