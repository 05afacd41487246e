/** Tests of sparse functions, the networks that represent them and their capacity. */
@NullMarked
package org.definetti.sparse;

import org.jspecify.annotations.NullMarked;
