/** The guides and the example scripts: what they show is compiled, run and compared. */
@NullMarked
package org.definetti.lab.guide;

import org.jspecify.annotations.NullMarked;
