/**
 * The claims that {@code definetti verify} checks, one class each, named by what they state.
 *
 * <p>An identity is judged by its largest deviation from an oracle that shares no code with what it
 * checks; a rate by a sweep. Each claim carries a control that must fail.
 */
@NullMarked
package org.definetti.lab.claims;

import org.jspecify.annotations.NullMarked;
