/**
 * Attention, convolution and recurrence on tasks whose best prediction is known.
 *
 * <p>A {@link org.definetti.lab.compare.Task} draws sequences and knows two exact answers: the best
 * of all predictions, and the best that a model of limited {@link org.definetti.lab.compare.Sight}
 * can make. An {@link org.definetti.lab.compare.Architecture} makes a layer of any width and says
 * what it can see. {@link org.definetti.lab.compare.Comparison} trains them all under one protocol:
 * the same learning rates, trials and data for every one, equal parameters or equal work.
 *
 * <pre>{@code  excess risk of a model  >=  excess risk of the best of its sight  >=  0  }</pre>
 *
 * <p>The protocol and what is expected are fixed in {@code docs/preregistration/inductive-bias.md}.
 */
@NullMarked
package org.definetti.lab.compare;

import org.jspecify.annotations.NullMarked;
