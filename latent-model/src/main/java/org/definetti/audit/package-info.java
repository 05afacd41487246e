/**
 * Checks that any model or predictor can be given: does it treat its tokens as exchangeable?
 *
 * <pre>{@code
 * P(x^1..x^L) = P(x^π(1)..x^π(L))                        exchangeability
 * Σ_a P(a | X) P(b | X, a) = P(b | X)                    martingale
 * P(a | X) P(b | X, a) = P(b | X) P(a | X, b)            two-step symmetry
 * }</pre>
 *
 * <p>Read {@link org.definetti.audit.Exchangeability} first. An audit returns the largest violation
 * as a number; what is small enough is for the caller to say.
 */
@NullMarked
package org.definetti.audit;

import org.jspecify.annotations.NullMarked;
