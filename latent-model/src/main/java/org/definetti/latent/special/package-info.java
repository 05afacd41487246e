/**
 * The special functions that closed forms of beliefs need.
 *
 * <p>The only package of this module that uses Commons Math.
 */
@NullMarked
package org.definetti.latent.special;

import org.jspecify.annotations.NullMarked;
