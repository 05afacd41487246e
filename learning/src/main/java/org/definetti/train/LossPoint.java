package org.definetti.train;

/**
 * One entry of the loss log.
 *
 * @param step steps taken so far
 * @param loss mean training loss over the steps since the entry before
 * @param learningRate learning rate of the last of these steps
 */
public record LossPoint(long step, double loss, double learningRate) {}
