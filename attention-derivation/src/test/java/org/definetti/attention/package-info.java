/** Tests of the reference forms of attention, and the contract that every attention must pass. */
@NullMarked
package org.definetti.attention;

import org.jspecify.annotations.NullMarked;
