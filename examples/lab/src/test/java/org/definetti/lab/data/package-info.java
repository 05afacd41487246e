/** Tests of the formats of sequences. */
@NullMarked
package org.definetti.lab.data;

import org.jspecify.annotations.NullMarked;
