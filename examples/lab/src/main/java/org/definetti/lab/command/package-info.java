/** The verbs of the {@code definetti} command, one class each. */
@NullMarked
package org.definetti.lab.command;

import org.jspecify.annotations.NullMarked;
