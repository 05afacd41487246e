/**
 * Regression models of (key, value) tokens: the latent is the map from key to value.
 *
 * <pre>{@code  v = z k + ε   }</pre>
 *
 * <p>Read {@link org.definetti.latent.regression.LinearRegression} first.
 */
@NullMarked
package org.definetti.latent.regression;

import org.jspecify.annotations.NullMarked;
