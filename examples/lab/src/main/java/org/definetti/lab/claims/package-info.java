/**
 * The claims of the laboratory, one class each, named by the check ids of the theory.
 *
 * <p>Read {@link org.definetti.lab.claims.Claims} first.
 */
@NullMarked
package org.definetti.lab.claims;

import org.jspecify.annotations.NullMarked;
