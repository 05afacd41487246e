/** The {@code definetti} command. Read {@link org.definetti.lab.Main} first. */
@NullMarked
package org.definetti.lab;

import org.jspecify.annotations.NullMarked;
