package org.definetti.objective;

/**
 * The loss of one output against its target, with its gradient.
 *
 * <p>Implementations are immutable values whose {@code toString} tells them apart. An output row is
 * {@code width} numbers from its offset, the target likewise.
 */
public interface Loss {

  /** Returns the loss of one output row. */
  double value(float[] output, int outputAt, float[] target, int targetAt, int width);

  /**
   * Writes the gradient of {@code scale} times the loss of one output row.
   *
   * @param gradient receives the gradient at the output row's place. Modified.
   */
  void gradient(
      float[] output,
      int outputAt,
      float[] target,
      int targetAt,
      int width,
      float scale,
      float[] gradient);

  /** Returns the squared error {@code ||out - y||²}; its minimiser is E[y | input]. */
  static Loss squaredError() {
    return new SquaredError();
  }

  /**
   * Returns the cross-entropy of a head whose output is itself a probability vector, with outputs
   * below 1e-6 continued by the tangent; see {@link #crossEntropy(double)}.
   */
  static Loss crossEntropy() {
    return crossEntropy(1e-6);
  }

  /**
   * Returns the cross-entropy of a head whose output is itself a probability vector.
   *
   * <pre>{@code  loss = -Σ_j y_j log out_j + Σ_j out_j - Σ_j y_j  }</pre>
   *
   * <p>On probability vectors this is the cross-entropy, in nats. The last two sums make it proper
   * for any positive output, so that a head whose null value is free cannot lower the loss by
   * growing its total mass; its minimiser is E[y | input] [derived: Bregman divergence of Σ x log
   * x].
   *
   * @param floor outputs below it are judged by the tangent at the floor: finite loss and gradient
   *     for zero or negative outputs; above zero
   */
  static Loss crossEntropy(double floor) {
    return new CrossEntropy(floor);
  }

  /**
   * Returns the cross-entropy of labels y in [0, 1] under log-odds, summed over coordinates.
   *
   * <pre>{@code  loss = Σ_j log(1 + e^(out_j)) - y_j out_j  }</pre>
   *
   * <p>Its minimiser is the log-odds of E[y | input]. Never infinite for finite outputs.
   */
  static Loss logistic() {
    return new LogisticLoss();
  }

  /**
   * Returns the hinge loss of labels y, 0 or 1, summed over coordinates.
   *
   * <pre>{@code  loss = Σ_j max(0, 1 - (2 y_j - 1) out_j)  }</pre>
   *
   * <p>Its minimiser has the sign of E[y | input] - 1/2.
   */
  static Loss hinge() {
    return new HingeLoss();
  }
}
