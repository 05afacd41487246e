/**
 * Filling in masked patches of a small picture: its pixels as (position, value) tokens under a
 * Gaussian-process prior.
 *
 * <p>Read {@link org.definetti.lab.image.PatchFilling} first.
 */
@NullMarked
package org.definetti.lab.image;

import org.jspecify.annotations.NullMarked;
