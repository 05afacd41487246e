/**
 * The training loop: data by seed and step, gradients by chunk, checkpoints, the loss log.
 *
 * <p>Read {@link org.definetti.train.Trainer} first. A fit has the same bits whatever the number of
 * threads and whether or not it was interrupted and resumed: the batch of a step follows from seed
 * and step, each chunk of samples has a gradient buffer of its own, and the buffers are summed in
 * the chunks' order.
 */
@NullMarked
package org.definetti.train;

import org.jspecify.annotations.NullMarked;
