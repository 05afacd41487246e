package org.definetti.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.definetti.latent.Belief;
import org.definetti.latent.Tokens;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * All prefix posteriors of one sequence of in-context regression, 16 key coordinates: in one pass,
 * and each from the prior again.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 7)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms4g", "-Xmx4g"})
public class PrefixesBenchmark {

  private static final int DIMENSION = 16;

  /** Tokens of the sequence. */
  @Param({"1000", "10000", "100000"})
  public int length = 1000;

  private final LinearRegression model = LinearRegression.of(DIMENSION, 1, 1, 0.1);
  private Tokens tokens = Tokens.none(model.tokenSpace());
  private int[] lengths = {};

  /** Draws the sequence. */
  @Setup
  public void draw() {
    tokens = model.sample(length, Seed.of(4).generator()).tokens();
    lengths = IntStream.rangeClosed(1, length).toArray();
  }

  /** Returns all of them at once, in one pass. */
  @Benchmark
  public List<Belief<SimpleMatrix>> onePass() {
    return model.prior().prefixes(tokens, lengths);
  }

  /** Visits each and keeps none but the last: what a filter or a regret needs. */
  @Benchmark
  public void stepByStep(Blackhole eye) {
    Belief<SimpleMatrix> belief = model.prior();
    for (int l = 0; l < length; l++) {
      belief = belief.observe(tokens.slice(l, l + 1));
      eye.consume(belief);
    }
  }

  /** Computes each from the prior: what the one pass saves. */
  @Benchmark
  public void recomputed(Blackhole eye) {
    for (int last : lengths) {
      eye.consume(model.prior().observe(tokens.prefix(last)));
    }
  }
}
