package org.definetti.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * Which inner loop, on how much: the sizes that attention on 64 and 512 tokens of width 64 meets.
 *
 * @param kind what is computed
 * @param rows rows of the result
 * @param inner terms of a product's sums; 1 where there is no product
 * @param columns columns of the result
 */
public record KernelSize(Kind kind, int rows, int inner, int columns) {

  /** What is computed. */
  public enum Kind {
    /** A matrix product. */
    PRODUCT(2),
    /** Exponentials of a softmax, with the sums of its rows. */
    SOFTMAX(13),
    /** LayerNorm, forward. */
    NORM(9),
    /** GELU with its slope. */
    GELU(30),
    /** Softmax attention of one query, forward and backward; rows are samples, columns widths. */
    SINGLE_QUERY(8);

    private final int operations;

    Kind(int operations) {
      this.operations = operations;
    }
  }

  /** What the tables show. */
  static final List<String> NAMES =
      List.of(
          "PRODUCT 64 64 64",
          "PRODUCT 64 64 256",
          "PRODUCT 64 256 64",
          "PRODUCT 64 16 64",
          "PRODUCT 64 64 16",
          "PRODUCT 512 64 64",
          "PRODUCT 40 128 128",
          "SOFTMAX 512 1 16",
          "NORM 64 1 64",
          "GELU 64 1 256",
          "SINGLE_QUERY 1 256 16",
          "SINGLE_QUERY 1 4096 16");

  /** Reads a name such as {@code PRODUCT 64 16 64}. */
  static KernelSize of(String name) {
    String[] words = name.split(" ", -1);
    int[] n = Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
    return new KernelSize(Kind.valueOf(words[0]), n[0], n[1], n[2]);
  }

  /** Returns the operations of one run; of an element-wise kernel, about so many an element. */
  double operations() {
    return (double) kind.operations * rows * inner * columns;
  }

  /** Returns the bytes that one run reads and writes at least. */
  double bytes() {
    double numbers =
        switch (kind) {
          case PRODUCT -> rows * inner + inner * columns + rows * columns;
          case SINGLE_QUERY -> 2.0 * inner * columns;
          case GELU -> 3.0 * rows * columns;
          case SOFTMAX, NORM -> 2.0 * rows * columns;
        };
    return numbers * Float.BYTES;
  }
}
