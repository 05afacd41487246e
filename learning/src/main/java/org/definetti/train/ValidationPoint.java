package org.definetti.train;

/**
 * One evaluation on validation data.
 *
 * @param step steps taken so far
 * @param loss mean validation loss of the solution so far
 */
public record ValidationPoint(long step, double loss) {}
