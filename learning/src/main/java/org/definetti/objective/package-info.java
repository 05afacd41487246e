/**
 * What a layer is trained to do: the objective that makes samples, and the loss of an output.
 *
 * <pre>{@code
 * masked:      target = value of a hidden token,   minimiser E[v | q, X]
 * supervised:  target = label, a noisy function of z,   minimiser E[y | X]
 * next token:  targets = every token,   minimiser E[v | q, the tokens before it]
 * }</pre>
 *
 * <p>Read {@link org.definetti.objective.Objective} first, then {@link
 * org.definetti.objective.Loss}.
 */
@NullMarked
package org.definetti.objective;

import org.jspecify.annotations.NullMarked;
