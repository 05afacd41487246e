package org.definetti.benchmarks;

import org.definetti.lab.model.BuiltInModel;
import org.definetti.lab.model.Models;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;

/** A prior and the tokens that it observes. */
record Workload<Z>(Belief<Z> prior, Tokens tokens) {

  // A model whose cost grows faster than its tokens is measured at the longest length below this.
  private static final long LONGEST_NANOS = 200_000_000;

  /**
   * Returns a model of the catalogue, with its default settings, and a sequence drawn from it: of
   * the longest length up to {@code most}, a power of ten, that the model takes and observes within
   * a fifth of a second.
   */
  static Workload<?> of(String name, int most) {
    BuiltInModel model =
        Models.ALL.stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("model: got " + name));
    return of(model.build(""), most);
  }

  static <Z> Workload<Z> of(LatentModel<Z> model, int most) {
    Workload<Z> best = sampled(model, 1);
    for (int length = 10; length <= most; length *= 10) {
      try {
        Workload<Z> longer = sampled(model, length);
        long start = System.nanoTime();
        longer.observe();
        if (System.nanoTime() - start > LONGEST_NANOS) {
          return best;
        }
        best = longer;
      } catch (IllegalArgumentException tooLong) {
        return best; // the model states its limit
      }
    }
    return best;
  }

  private static <Z> Workload<Z> sampled(LatentModel<Z> model, int length) {
    Tokens tokens = model.sample(length, Seed.of(3).generator()).tokens();
    return new Workload<>(model.prior(), tokens);
  }

  /** Returns the posterior, asked for its count so that a lazy one has to have read the tokens. */
  Belief<Z> observe() {
    Belief<Z> belief = prior.observe(tokens);
    if (belief.count() != tokens.length()) {
      throw new IllegalStateException("count: expected " + tokens.length());
    }
    return belief;
  }
}
