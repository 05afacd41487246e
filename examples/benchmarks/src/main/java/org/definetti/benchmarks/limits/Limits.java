package org.definetti.benchmarks.limits;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The two floors of every kernel: float32 operations per second, and bytes per second.
 *
 * <ul>
 *   <li>Operations: fused multiply-adds on registers alone, enough of them side by side to hide
 *       their latency; each counts two operations.
 *   <li>Bytes: reading an array of a given size again and again, so that one smaller than a cache
 *       measures the cache.
 *   <li>Threads start together; the time is from the first start to the last end. The best of a few
 *       short runs counts, because a limit is what nothing is faster than.
 * </ul>
 *
 * <p>{@link #main} answers lines {@code operations THREADS} and {@code bytes THREADS BYTES}, so
 * that a process of its own can be asked between two other measurements.
 */
public final class Limits {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  // Measured: more are slower again, because the compiler unrolls the loop.
  private static final int SUMS = 10;
  private static final int TRIES = 5;
  private static final int ITERATIONS = 4_000_000;
  private static final double READ_BYTES = 4e8; // each try reads about so much

  /** Where the loops leave their results, so that they are not optimised away. */
  private static volatile float sink;

  private Limits() {}

  /** Answers the lines of standard input, each with one number. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      int threads = Integer.parseInt(words[1]);
      out.println(
          words[0].equals("operations")
              ? operationsPerSecond(threads)
              : bytesPerSecond(threads, Long.parseLong(words[2])));
    }
  }

  /** Returns the largest number of float32 operations per second, in all threads together. */
  public static double operationsPerSecond(int threads) {
    double seconds = best(threads, thread -> sink = multiplyAdd(ITERATIONS));
    return threads * 2.0 * SUMS * SPECIES.length() * ITERATIONS / seconds;
  }

  /**
   * Returns the largest number of bytes per second that all threads together read.
   *
   * @param bytes size of what is read, shared out between the threads
   */
  public static double bytesPerSecond(int threads, long bytes) {
    int step = 8 * SPECIES.length();
    int size = (int) Math.max(step, bytes / Float.BYTES / threads / step * step);
    float[][] parts = new float[threads][size];
    for (float[] part : parts) {
      Arrays.fill(part, 1f);
    }
    int rounds = (int) Math.max(1, READ_BYTES / ((double) threads * size * Float.BYTES));
    double seconds =
        best(
            threads,
            thread -> {
              float sum = 0f;
              for (int i = 0; i < rounds; i++) {
                sum += total(parts[thread]);
              }
              sink = sum;
            });
    return (double) threads * rounds * size * Float.BYTES / seconds;
  }

  /** The part of one thread. */
  private interface Part {
    void run(int thread);
  }

  private static double best(int threads, Part part) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      least = Math.min(least, nanos(threads, part));
    }
    return least * 1e-9;
  }

  private static long nanos(int threads, Part part) {
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      int index = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                  part.run(index);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.start();
      others.add(thread);
    }
    long begin = System.nanoTime();
    start.countDown();
    part.run(0);
    try {
      for (Thread thread : others) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return System.nanoTime() - begin;
  }

  private static float multiplyAdd(int iterations) {
    FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector y = FloatVector.broadcast(SPECIES, 0.001f);
    FloatVector s0 = y;
    FloatVector s1 = y;
    FloatVector s2 = y;
    FloatVector s3 = y;
    FloatVector s4 = y;
    FloatVector s5 = y;
    FloatVector s6 = y;
    FloatVector s7 = y;
    FloatVector s8 = y;
    FloatVector s9 = y;
    for (int i = 0; i < iterations; i++) {
      s0 = s0.fma(x, y);
      s1 = s1.fma(x, y);
      s2 = s2.fma(x, y);
      s3 = s3.fma(x, y);
      s4 = s4.fma(x, y);
      s5 = s5.fma(x, y);
      s6 = s6.fma(x, y);
      s7 = s7.fma(x, y);
      s8 = s8.fma(x, y);
      s9 = s9.fma(x, y);
    }
    FloatVector a = s0.add(s1).add(s2).add(s3).add(s4);
    FloatVector b = s5.add(s6).add(s7).add(s8).add(s9);
    return a.add(b).reduceLanes(VectorOperators.ADD);
  }

  private static float total(float[] numbers) {
    int lanes = SPECIES.length();
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int i = 0; i < numbers.length; i += 8 * lanes) {
      s0 = s0.add(FloatVector.fromArray(SPECIES, numbers, i));
      s1 = s1.add(FloatVector.fromArray(SPECIES, numbers, i + lanes));
      s2 = s2.add(FloatVector.fromArray(SPECIES, numbers, i + 2 * lanes));
      s3 = s3.add(FloatVector.fromArray(SPECIES, numbers, i + 3 * lanes));
      s4 = s4.add(FloatVector.fromArray(SPECIES, numbers, i + 4 * lanes));
      s5 = s5.add(FloatVector.fromArray(SPECIES, numbers, i + 5 * lanes));
      s6 = s6.add(FloatVector.fromArray(SPECIES, numbers, i + 6 * lanes));
      s7 = s7.add(FloatVector.fromArray(SPECIES, numbers, i + 7 * lanes));
    }
    FloatVector a = s0.add(s1).add(s2).add(s3);
    FloatVector b = s4.add(s5).add(s6).add(s7);
    return a.add(b).reduceLanes(VectorOperators.ADD);
  }
}
