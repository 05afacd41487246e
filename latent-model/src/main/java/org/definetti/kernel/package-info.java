/**
 * Positive-definite kernels κ(q, k), the covariances of linear-Gaussian latents and the similarity
 * of attention.
 *
 * <p>Read {@link org.definetti.kernel.Kernel} first.
 */
@NullMarked
package org.definetti.kernel;

import org.jspecify.annotations.NullMarked;
