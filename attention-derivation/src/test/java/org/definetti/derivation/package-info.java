/** Tests of the derivations against oracles that share no code with them. */
@NullMarked
package org.definetti.derivation;

import org.jspecify.annotations.NullMarked;
