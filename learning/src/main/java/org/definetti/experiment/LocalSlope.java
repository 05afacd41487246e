package org.definetti.experiment;

/**
 * The slope of the log error between two neighbouring values of the swept axis.
 *
 * @param from the lower value
 * @param to the next value
 * @param slope {@code (log error(to) - log error(from)) / (x(to) - x(from))}, x as in {@link Rate}
 * @param interval its interval over seeds; unknown with one seed
 */
public record LocalSlope(double from, double to, double slope, Interval interval) {}
