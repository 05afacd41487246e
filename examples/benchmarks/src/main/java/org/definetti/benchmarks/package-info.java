/**
 * How fast posteriors are. {@link org.definetti.benchmarks.Benchmarks} runs them and prints the
 * tables of {@code docs/performance.md}.
 */
@NullMarked
package org.definetti.benchmarks;

import org.jspecify.annotations.NullMarked;
