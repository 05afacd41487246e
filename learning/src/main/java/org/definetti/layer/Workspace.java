package org.definetti.layer;

/**
 * Scratch memory of one call chain through a layer, apart from the weights.
 *
 * <p>Made by {@link Layer#workspace} and used by one thread at a time. Between forward and backward
 * it holds what the backward pass needs.
 */
public interface Workspace {

  /** Returns the layer's output, (batch, outputs, target width), written by the forward pass. */
  float[] output();

  /**
   * Returns the loss's gradient of the output, (batch, outputs, target width), read by the backward
   * pass.
   */
  float[] outputGradient();
}
