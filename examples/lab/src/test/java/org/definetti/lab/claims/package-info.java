/** Tests of the claims: at smoke budget as expected, their controls caught, their oracles right. */
@NullMarked
package org.definetti.lab.claims;

import org.jspecify.annotations.NullMarked;
