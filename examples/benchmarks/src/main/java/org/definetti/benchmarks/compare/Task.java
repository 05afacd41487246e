package org.definetti.benchmarks.compare;

import java.util.List;

/**
 * One row of the comparison: which work, on which shape, with how many threads.
 *
 * <p>Nominal work counts what the model cannot do without, multiplication and addition each one
 * operation; exponentials, norms and recomputation are not counted. A training step counts three
 * times its forward pass.
 *
 * <pre>{@code
 * block         forward  B L (24 d² + 4 L d)
 * single query  forward  B (4 L d + 8 d²)
 * }</pre>
 */
record Task(Work work, Shape shape, int threads) {

  private static final int TRAINING = 3;

  /** Returns the nominal operations of one step. */
  double operations() {
    double b = shape.batch();
    double l = shape.length();
    double d = shape.dimension();
    return switch (work) {
      case TRAIN -> TRAINING * b * l * (24 * d * d + 4 * l * d);
      case INFER -> b * l * (24 * d * d + 4 * l * d);
      // Of the tokens only the logits' and values' gradients are asked for: twice, not three times.
      case SINGLE_QUERY_TRAIN -> b * (2 * 4 * l * d + TRAINING * 8 * d * d);
    };
  }

  /** Returns the bytes of the batch's tokens, which a step reads at least once. */
  double bytes() {
    double tokens = (double) shape.batch() * shape.length() * shape.dimension() * Float.BYTES;
    return work.isBlock() ? tokens : 2 * tokens;
  }

  /** Returns the words a worker is started with. */
  List<String> arguments() {
    return List.of(work.label(), shape.toString(), Integer.toString(threads));
  }

  /** Returns the task of a worker's words, from the given one on. */
  static Task of(String[] arguments, int from) {
    return new Task(
        Work.of(arguments[from]),
        Shape.parse(arguments[from + 1]).get(0),
        Integer.parseInt(arguments[from + 2]));
  }
}
