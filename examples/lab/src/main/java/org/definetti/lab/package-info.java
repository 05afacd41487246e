/** The {@code definetti} command: start at {@link org.definetti.lab.Main}. */
@NullMarked
package org.definetti.lab;

import org.jspecify.annotations.NullMarked;
