package org.definetti.train;

import org.definetti.latent.Check;

/**
 * How long and how fast to train. The defaults fit one softmax head on data like this library's.
 *
 * @param steps optimiser steps, at least 1
 * @param learningRate peak learning rate, above zero
 * @param warmup steps of linear warm-up before the cosine decay, at least 0
 * @param chunkSize samples whose gradients are summed in one buffer, at least 1; part of what fixes
 *     the bits of the result
 * @param threads threads that work on the chunks of a step, at least 1; changes no bit of the
 *     result
 * @param checkpointEvery steps between checkpoints, or 0 for none before the end
 * @param logEvery steps between entries of the loss log, at least 1
 */
public record TrainingOptions(
    int steps,
    double learningRate,
    int warmup,
    int chunkSize,
    int threads,
    int checkpointEvery,
    int logEvery) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public TrainingOptions {
    Check.atLeast("steps", 1, steps);
    Check.positive("learningRate", learningRate);
    Check.atLeast("warmup", 0, warmup);
    Check.atLeast("chunkSize", 1, chunkSize);
    Check.atLeast("threads", 1, threads);
    Check.atLeast("checkpointEvery", 0, checkpointEvery);
    Check.atLeast("logEvery", 1, logEvery);
  }

  /** Returns 2000 steps, rate 0.03 after 100 steps of warm-up, chunks of 8, one thread. */
  public static TrainingOptions withDefaults() {
    return new TrainingOptions(2000, 0.03, 100, 8, 1, 500, 50);
  }

  /** Returns these options with another number of steps; warm-up at most a tenth of them. */
  public TrainingOptions withSteps(int steps) {
    int shorter = Math.min(warmup, steps / 10);
    return new TrainingOptions(
        steps, learningRate, shorter, chunkSize, threads, checkpointEvery, logEvery);
  }

  /** Returns these options with another peak learning rate. */
  public TrainingOptions withLearningRate(double learningRate) {
    return new TrainingOptions(
        steps, learningRate, warmup, chunkSize, threads, checkpointEvery, logEvery);
  }

  /** Returns these options with another warm-up. */
  public TrainingOptions withWarmup(int warmup) {
    return new TrainingOptions(
        steps, learningRate, warmup, chunkSize, threads, checkpointEvery, logEvery);
  }

  /** Returns these options with another chunk size. */
  public TrainingOptions withChunkSize(int chunkSize) {
    return new TrainingOptions(
        steps, learningRate, warmup, chunkSize, threads, checkpointEvery, logEvery);
  }

  /** Returns these options with another number of threads. */
  public TrainingOptions withThreads(int threads) {
    return new TrainingOptions(
        steps, learningRate, warmup, chunkSize, threads, checkpointEvery, logEvery);
  }

  /** Returns these options with a checkpoint every so many steps, 0 for none before the end. */
  public TrainingOptions withCheckpointEvery(int checkpointEvery) {
    return new TrainingOptions(
        steps, learningRate, warmup, chunkSize, threads, checkpointEvery, logEvery);
  }

  /** Returns these options with a log entry every so many steps. */
  public TrainingOptions withLogEvery(int logEvery) {
    return new TrainingOptions(
        steps, learningRate, warmup, chunkSize, threads, checkpointEvery, logEvery);
  }

  /** Returns all that changes a number of the result, as text. */
  public String identity() {
    return "steps="
        + steps
        + ", learningRate="
        + learningRate
        + ", warmup="
        + warmup
        + ", chunkSize="
        + chunkSize
        + ", logEvery="
        + logEvery;
  }
}
