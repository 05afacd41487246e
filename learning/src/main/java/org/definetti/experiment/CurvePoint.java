package org.definetti.experiment;

/**
 * A curve at one value of the swept axis, pooled over seeds.
 *
 * @param value the value of the swept axis
 * @param mean the mean over seeds of the means of the seeds
 * @param standardError the standard error of the mean over seeds; with one seed, over its trials
 * @param interval the 95 % interval of the mean from Student's t; unknown where the standard error
 *     is
 * @param count the trials of all seeds together
 */
public record CurvePoint(
    double value, double mean, double standardError, Interval interval, long count) {}
