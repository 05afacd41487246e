/**
 * First-order optimisers and learning-rate schedules.
 *
 * <pre>{@code
 * m ← β1 m + (1 - β1) g,   v ← β2 v + (1 - β2) g²,   θ ← θ - η m̂ / (sqrt(v̂) + ε)
 * }</pre>
 *
 * <p>Configuration and state are apart: an {@link org.definetti.optimise.Optimiser} is an immutable
 * value, its {@link org.definetti.optimise.OptimiserState} is what a checkpoint saves.
 */
@NullMarked
package org.definetti.optimise;

import org.jspecify.annotations.NullMarked;
