/** Masked patches: three ways to fill them in, and what shuffling does. */
@NullMarked
package org.definetti.lab.image;

import org.jspecify.annotations.NullMarked;
