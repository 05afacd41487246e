/**
 * Where the risk of a trained attention comes from: what the class cannot represent, what n samples
 * cannot tell, what the optimiser did not find.
 *
 * <pre>{@code
 * R(f_trained) - R(Bayes) = approximation + generalisation + optimisation
 * }</pre>
 *
 * <p>Read {@link org.definetti.risk.ErrorDecomposition} first.
 */
@NullMarked
package org.definetti.risk;

import org.jspecify.annotations.NullMarked;
