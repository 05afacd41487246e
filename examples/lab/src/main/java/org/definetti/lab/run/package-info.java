/** What every run has: a directory, a manifest, a progress line, verdict rows. */
@NullMarked
package org.definetti.lab.run;

import org.jspecify.annotations.NullMarked;
