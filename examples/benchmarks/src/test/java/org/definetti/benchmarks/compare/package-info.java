@NullMarked
package org.definetti.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
