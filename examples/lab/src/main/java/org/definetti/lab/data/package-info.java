/** Sequences of tokens in files: CSV, JSON Lines and NumPy arrays. */
@NullMarked
package org.definetti.lab.data;

import org.jspecify.annotations.NullMarked;
