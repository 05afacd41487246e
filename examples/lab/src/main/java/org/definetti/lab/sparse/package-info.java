/**
 * Networks trained on sparse functions of bit strings: what the claims about learning run.
 *
 * <p>{@link org.definetti.lab.sparse.TrainingSet} draws a hidden function and labelled strings,
 * {@link org.definetti.lab.sparse.Descent} trains, {@link org.definetti.lab.sparse.HeadWeights}
 * looks at where the heads attend, {@link org.definetti.lab.sparse.CriticalSize} finds how many
 * samples half of the networks need.
 */
@NullMarked
package org.definetti.lab.sparse;

import org.jspecify.annotations.NullMarked;
