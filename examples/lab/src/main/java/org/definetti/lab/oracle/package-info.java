/**
 * Exact answers by brute force, sharing no code with what they check.
 *
 * <p>Slow on purpose: the joint covariance of all tokens is written out and conditioned on, or the
 * posterior is integrated on a grid. No ridge, no closed form of a posterior.
 */
@NullMarked
package org.definetti.lab.oracle;

import org.jspecify.annotations.NullMarked;
