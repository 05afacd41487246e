/**
 * Checks that any model or learned predictor can be given: does it treat its tokens as
 * exchangeable, and what does a statistic of them keep?
 *
 * <pre>{@code
 * P(x^1..x^L) = P(x^π(1)..x^π(L))                        exchangeability (A1)
 * Σ_a P(a | X) P(b | X, a) = P(b | X)                    martingale (A2)
 * P(a | X) P(b | X, a) = P(b | X) P(a | X, b)            two-step symmetry (A3)
 * Cov(f(x^1), f(x^2)) = Var(E[f(x) | z])                 a latent is behind (A4)
 * I(T(X); y) = I(X; y)                                   sufficiency (A5), minimality (A6)
 * r(X, X) ≠ r(X)                                         the length is kept (A7)
 * }</pre>
 *
 * <p>Others ask how fast and how far a posterior closes in: {@link
 * org.definetti.audit.Concentration} (A8), {@link org.definetti.audit.PosteriorSpread} (A9), {@link
 * org.definetti.audit.Evidence} (B6).
 *
 * <p>Read {@link org.definetti.audit.Exchangeability} first; {@link
 * org.definetti.audit.Coherence#largest} is what to give a learned predictor. {@link
 * org.definetti.audit.Predictors} brings models into the form of a predictor. An audit returns the
 * largest violation as a number, or an estimate with its standard error; what is small enough is
 * for the caller to say.
 */
@NullMarked
package org.definetti.audit;

import org.jspecify.annotations.NullMarked;
