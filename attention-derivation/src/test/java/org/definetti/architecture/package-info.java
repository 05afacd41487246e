/** Tests. */
@NullMarked
package org.definetti.architecture;

import org.jspecify.annotations.NullMarked;
