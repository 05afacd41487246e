package org.definetti.random;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A seed that is derived from what a draw is for, never from when it happens.
 *
 * <pre>{@code  Seed.of(1).child("length").child(256).child(trial).generator()  }</pre>
 *
 * <p>The hash of the path is fixed; it is part of the promise on draws. All arithmetic is modulo
 * 2^64:
 *
 * <pre>{@code
 * mix(z)       = z ^= z >>> 30; z *= 0xbf58476d1ce4e5b9; z ^= z >>> 27; z *= 0x94d049bb133111eb;
 *                z ^ (z >>> 31)
 * absorb(h, w) = mix(mix(h + 0x9e3779b97f4a7c15) + w)
 * child(n)     = absorb(absorb(value, 1), n)
 * child(name)  = absorb(... absorb(absorb(absorb(value, 2), bytes), w1) ..., wk)
 * }</pre>
 *
 * <ul>
 *   <li>Where: bytes is the length of the name in UTF-8; w1 ... wk are those bytes in groups of
 *       eight, little-endian, the last group padded with zeros. The first word absorbed keeps
 *       {@code child("1")} and {@code child(1)} apart.
 *   <li>Collisions: two children of one seed by number never share a value, because absorb is a
 *       bijection in each argument. Otherwise n different paths share a value with probability
 *       about n² · 2^-65: 3e-8 for a million.
 *   <li>Edge cases: the empty name is allowed and is not the parent; an unpaired surrogate counts
 *       as a question mark, as in every Java encoder.
 *   <li>Cost: constant, plus the length of the name; immutable.
 *   <li>Source: mix is the finaliser of SplitMix64, variant 13 of Stafford [recalled]; the path
 *       hash is ours.
 * </ul>
 *
 * @param value the 64 bits that identify this seed
 */
public record Seed(long value) {

  private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
  private static final long NUMBER = 1;
  private static final long NAME = 2;

  /** Returns the root seed with this value; every value is allowed, 0 included. */
  public static Seed of(long value) {
    return new Seed(value);
  }

  /** Returns the child of this name, for example an axis: {@code seed.child("length")}. */
  public Seed child(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    long hash = absorb(absorb(value, NAME), bytes.length);
    for (int start = 0; start < bytes.length; start += Long.BYTES) {
      hash = absorb(hash, word(bytes, start));
    }
    return new Seed(hash);
  }

  /** Returns the child of this number, for example a trial: {@code seed.child(trial)}. */
  public Seed child(long number) {
    return new Seed(absorb(absorb(value, NUMBER), number));
  }

  /**
   * Returns a new generator at the start of the stream of this seed, algorithm L64X128MixRandom.
   *
   * <p>The JDK's seeding from a long hashes it three times with two different finalisers, into the
   * additive parameter and into both words of the 128-bit part; the remaining word, the linear
   * congruential state, starts at 1 for all seeds. Seeding from bytes would fill that word too, but
   * early JDK 17 releases lose bits there by sign extension (JDK-8282144) and later ones do not,
   * which would break the promise on draws.
   */
  public RandomGenerator generator() {
    return FACTORY.create(value);
  }

  private static long word(byte[] bytes, int start) {
    long word = 0;
    int end = Math.min(bytes.length, start + Long.BYTES);
    for (int i = start; i < end; i++) {
      word |= (bytes[i] & 0xffL) << (Byte.SIZE * (i - start));
    }
    return word;
  }

  private static long absorb(long hash, long word) {
    return mix(mix(hash + GOLDEN_GAMMA) + word);
  }

  private static long mix(long bits) {
    long z = bits;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
