package org.definetti.latent.finite;

/** What a sparse Boolean function says of its relevant bits. */
public enum SparseRule {

  /** One if all of them are. */
  CONJUNCTION {
    @Override
    long identity() {
      return -1;
    }

    @Override
    long combine(long a, long b) {
      return a & b;
    }
  },

  /** One if an odd number of them are. */
  PARITY {
    @Override
    long identity() {
      return 0;
    }

    @Override
    long combine(long a, long b) {
      return a ^ b;
    }
  };

  /** Returns 64 copies of what the rule says of no bit. */
  abstract long identity();

  /** Returns, in 64 places at once, what the rule says of bits already combined and one more. */
  abstract long combine(long a, long b);
}
