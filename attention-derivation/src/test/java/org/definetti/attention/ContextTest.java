package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

/** The context of a prefix is the prefix of the context. */
final class ContextTest {

  private static void assertPrefixes(LatentModel<?> model) {
    Tokens tokens = model.sample(5, Seed.of(1).generator()).tokens();
    Context whole = Context.of(model, tokens);
    for (int count = 0; count <= 5; count++) {
      Context expected = Context.of(model, tokens.prefix(count));
      Context prefix = whole.prefix(count);
      assertEquals(count, prefix.length());
      assertTrue(expected.keys().isIdentical(prefix.keys(), 0));
      assertTrue(expected.values().isIdentical(prefix.values(), 0));
      assertTrue(expected.logBiases().isIdentical(prefix.logBiases(), 0));
    }
    assertSame(whole, whole.prefix(5));
    assertThrows(IndexOutOfBoundsException.class, () -> whole.prefix(6));
  }

  @Test
  void prefixOfPairs() {
    assertPrefixes(LinearRegression.of(3, 2, 1, 0.1));
  }

  @Test
  void prefixOfTokensWithoutKeys() {
    assertPrefixes(DirichletCategorical.of(1, 2, 3));
  }
}
