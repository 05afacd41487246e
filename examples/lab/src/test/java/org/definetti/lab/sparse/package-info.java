/** Fitting against numerical maximisation, an independent library and the truth. */
@NullMarked
package org.definetti.lab.sparse;

import org.jspecify.annotations.NullMarked;
