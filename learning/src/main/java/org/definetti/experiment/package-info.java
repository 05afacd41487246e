/**
 * Experiments: from a fixed plan of cells to curves, rates and verdicts.
 *
 * <pre>{@code
 * Plan  ── Runner(threads, journal) ──►  Results  ──►  Curve  ── RateFit ──►  Rate
 *                                                                              │
 *                                         Expectation ── judge ──►  Verdict ◄──┘
 * }</pre>
 *
 * <p>Nothing here knows what a model is: a {@link org.definetti.experiment.Cell} is a set of named
 * axes, and a {@link org.definetti.experiment.CellTask} turns it into numbers. Read {@link
 * org.definetti.experiment.Runner} first, then {@link org.definetti.experiment.RateFit}.
 *
 * <p>Three rules hold throughout. The unit of statistics is the seed: intervals come from
 * resampling seeds as whole curves. What is expected is written down before it is measured. And the
 * same plan gives the same bytes, whatever the number of threads and however often the run was
 * interrupted.
 */
@NullMarked
package org.definetti.experiment;

import org.jspecify.annotations.NullMarked;
