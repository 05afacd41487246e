package org.definetti.experiment;

import org.jspecify.annotations.Nullable;

/**
 * A rate with what was expected of it, one row of {@code slopes.csv}.
 *
 * @param rate the measured rate
 * @param verdict the verdict, or null where no rate was claimed
 */
public record JudgedRate(Rate rate, @Nullable Verdict verdict) {}
