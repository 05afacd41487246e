/** From a plan to a verdict: sweep, journal, curve, rate and verdict. */
@NullMarked
package org.definetti.experiment;

import org.jspecify.annotations.NullMarked;
