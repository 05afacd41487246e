/**
 * The library's training and inference beside a peer's: same data, same initial weights, same
 * losses, one run.
 *
 * <p>{@link org.definetti.benchmarks.compare.SideBySide} is what {@code definetti bench} runs.
 * Every side works in a process of its own ({@link org.definetti.benchmarks.compare.Worker}),
 * because the code of one changes how the virtual machine compiles that of another; the sides take
 * turns, so that a machine that slows down slows both.
 */
@NullMarked
package org.definetti.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
