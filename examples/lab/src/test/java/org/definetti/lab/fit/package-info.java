/** Fitting against numerical maximisation, an independent library and the truth. */
@NullMarked
package org.definetti.lab.fit;

import org.jspecify.annotations.NullMarked;
