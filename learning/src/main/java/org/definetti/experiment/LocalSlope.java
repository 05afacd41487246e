package org.definetti.experiment;

/**
 * The slope of the log error between two neighbouring values of the swept axis.
 *
 * @param values the two values
 * @param slope {@code (log error(high) - log error(low)) / (x(high) - x(low))}, x as in {@link
 *     Rate}
 * @param interval its interval over seeds; unknown with one seed
 */
public record LocalSlope(Interval values, double slope, Interval interval) {}
