/**
 * From a latent model to the attention that infers it, with the exactness or the rate it claims.
 *
 * <p>Read {@link org.definetti.derivation.Derivation} first.
 */
@NullMarked
package org.definetti.derivation;

import org.jspecify.annotations.NullMarked;
