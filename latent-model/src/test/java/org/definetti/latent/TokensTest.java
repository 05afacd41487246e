package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TokensTest {

  private static final PairTokens PAIRS = new PairTokens(2, 1);

  private final Tokens tokens = Tokens.ofRows(PAIRS, new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9});

  @Test
  void partsOfTokens() {
    assertArrayEquals(new double[] {1, 2, 4, 5, 7, 8}, tokens.keys().getDDRM().data);
    assertArrayEquals(new double[] {3, 6, 9}, tokens.values().getDDRM().data);
    assertEquals(6, tokens.at(1, 2));
    assertEquals(Token.pair(new double[] {4, 5}, new double[] {6}), tokens.get(1));
  }

  @Test
  void partsOfSequences() {
    assertEquals(tokens, tokens.prefix(1).plus(tokens.slice(1, 3)));
    assertEquals(tokens.prefix(2), tokens.slice(0, 2));
    assertEquals(tokens.prefix(2).hashCode(), tokens.slice(0, 2).hashCode());
    assertEquals(tokens.prefix(1).plus(tokens.slice(2, 3)), tokens.without(1));
    assertEquals(tokens.get(2), tokens.permute(2, 0, 1).get(0));
    assertNotEquals(tokens, tokens.permute(2, 0, 1));
  }

  @Test
  void categoriesAreOneHotValues() {
    Tokens categories = Tokens.of(new CategoricalTokens(3), Token.category(2), Token.category(0));
    assertArrayEquals(new double[] {0, 0, 1, 1, 0, 0}, categories.values().getDDRM().data);
  }

  @Test
  void refusesWhatIsNotOfTheSpace() {
    assertThrows(ShapeMismatchException.class, () -> Tokens.ofRows(PAIRS, new double[4]));
    assertThrows(ShapeMismatchException.class, () -> Tokens.owning(PAIRS, new double[2]));
    double[] bad = {1, Double.NaN, 2};
    assertThrows(IllegalArgumentException.class, () -> Tokens.ofRows(PAIRS, bad));
    CategoricalTokens three = new CategoricalTokens(3);
    assertThrows(IllegalArgumentException.class, () -> Tokens.of(three, Token.category(3)));
    assertThrows(IllegalArgumentException.class, () -> Tokens.of(three, Token.real(0.5)));
    assertThrows(ShapeMismatchException.class, () -> Tokens.of(three, Token.real(0, 1)));
    assertThrows(IllegalArgumentException.class, () -> tokens.permute(0, 0, 1));
    assertThrows(ShapeMismatchException.class, () -> tokens.plus(Tokens.none(three)));
  }
}
