package org.definetti.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SeedTest {

  /** Values from a second implementation of the documented hash, in Python. */
  @Test
  void pathsArePinned() {
    assertEquals(0x9f5b6eb18ebbdbc6L, Seed.of(0).child(0).value());
    assertEquals(0x938f5beaf6190b64L, Seed.of(1).child(1).value());
    assertEquals(0xf85f3172d74ecfe0L, Seed.of(1).child(-1).value());
    assertEquals(0x5b89b2d10f95f63bL, Seed.of(1).child("1").value());
    assertEquals(0xcdb7cf16acf67d00L, Seed.of(1).child("").value());
    assertEquals(0xd934f1e0e1352c0aL, Seed.of(7).child("length").value());
    assertEquals(0x4f5526f606c46e7bL, Seed.of(1).child("length").child(256).child(3).value());
    assertEquals(0xd5f36dbc028a039fL, Seed.of(1).child("na\u00efve exchangeability").value());
  }

  @Test
  void kindsNamesAndNumbersGiveDifferentChildren() {
    Seed root = Seed.of(1);
    Set<Seed> seen = new HashSet<>();
    seen.add(root);
    int added = 1;
    for (String name :
        new String[] {"", "\0", "\0\0", "1", "a", "ab", "ba", "12345678", "123456789"}) {
      seen.add(root.child(name));
      added++;
    }
    for (long number = -1000; number <= 100_000; number++) {
      seen.add(root.child(number));
      added++;
    }
    for (long number = 0; number < 1000; number++) {
      seen.add(root.child(number).child("a"));
      seen.add(root.child("a").child(number));
      seen.add(Seed.of(number + 2).child("a"));
      added += 3;
    }
    assertEquals(added, seen.size());
    assertNotEquals(root.child("1"), root.child(1));
    assertNotEquals(root.child("a").child("b"), root.child("ab"));
  }

  @Test
  void equalPathsGiveEqualSeedsAndStreams() {
    assertEquals(Seed.of(3).child("x").child(4), Seed.of(3).child("x").child(4));
    RandomGenerator first = Seed.of(3).generator();
    RandomGenerator second = Seed.of(3).generator();
    for (int i = 0; i < 100; i++) {
      assertEquals(first.nextLong(), second.nextLong());
    }
  }

  /**
   * Flipping one bit of the seed or of the number flips each bit of the child half of the time: 64
   * · 64 · 2 frequencies over 4000 trials, all within 6 standard errors; false alarm 2e-5.
   */
  @Test
  void everyInputBitReachesEveryOutputBit() {
    int trials = 4000;
    double bound = 6 * Math.sqrt(0.25 / trials);
    for (int input = 0; input < 64; input++) {
      int[] seedFlips = new int[64];
      int[] numberFlips = new int[64];
      for (int trial = 0; trial < trials; trial++) {
        long child = Seed.of(trial).child(trial).value();
        tally(seedFlips, child ^ Seed.of(trial ^ (1L << input)).child(trial).value());
        tally(numberFlips, child ^ Seed.of(trial).child(trial ^ (1L << input)).value());
      }
      for (int output = 0; output < 64; output++) {
        assertEquals(0.5, (double) seedFlips[output] / trials, bound);
        assertEquals(0.5, (double) numberFlips[output] / trials, bound);
      }
    }
  }

  private static void tally(int[] counts, long bits) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += (int) ((bits >>> i) & 1);
    }
  }

  /** First draws of neighbouring children are independent normals; false alarm 1e-4 and 6e-5. */
  @Test
  void streamsOfNeighbouringChildrenAreIndependent() {
    int count = 20_000;
    double[] firsts = new double[count];
    for (int i = 0; i < count; i++) {
      firsts[i] = Uniform.open(Seed.of(9).child(i).generator());
    }
    assertTrue(GoodnessOfFit.kolmogorov(firsts, u -> u) < GoodnessOfFit.KOLMOGOROV_1E4);
    double product = 0;
    for (int i = 1; i < count; i++) {
      product += (firsts[i] - 0.5) * (firsts[i - 1] - 0.5) * 12;
    }
    assertEquals(0, product / count, 4 / Math.sqrt(count));
  }

  /** The generator and its seeding, written out a second time: neither may change with the JDK. */
  @Test
  void generatorIsL64X128MixSeededByHashing() {
    for (long value : new long[] {0, 1, -1, 42, Long.MIN_VALUE}) {
      RandomGenerator actual = Seed.of(value).generator();
      long hashed = value ^ 0x6a09e667f3bcc909L;
      long additive = murmur(hashed) | 1;
      long state = 1;
      long x0 = stafford(hashed);
      long x1 = stafford(hashed + 0x9e3779b97f4a7c15L);
      for (int i = 0; i < 1000; i++) {
        assertEquals(lea(state + x0), actual.nextLong());
        state = 0xd1342543de82ef95L * state + additive;
        long mixed = x1 ^ x0;
        x0 = Long.rotateLeft(x0, 24) ^ mixed ^ (mixed << 16);
        x1 = Long.rotateLeft(mixed, 37);
      }
    }
  }

  private static long murmur(long z) {
    return finalise(z, 33, 0xff51afd7ed558ccdL, 33, 0xc4ceb9fe1a85ec53L, 33);
  }

  private static long stafford(long z) {
    return finalise(z, 30, 0xbf58476d1ce4e5b9L, 27, 0x94d049bb133111ebL, 31);
  }

  private static long lea(long z) {
    return finalise(z, 32, 0xdaba0b6eb09322e3L, 32, 0xdaba0b6eb09322e3L, 32);
  }

  private static long finalise(long bits, int a, long m, int b, long n, int c) {
    long z = (bits ^ (bits >>> a)) * m;
    z = (z ^ (z >>> b)) * n;
    return z ^ (z >>> c);
  }
}
