package org.definetti.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectationTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "squared-gap ~ L^-1 ± 0.05 over 128..8192",
        "excess-risk ~ n^-0.5 + c ± 0.1 over 100..10000",
        "kl ~ exp(-0.3 L) ± 0.02 over 4..64 for corrected-softmax:derived",
        "squared-gap ~ temperature^0 ± 0.01 over 0.25..4 for softmax",
        "squared-gap ~ n^-0.001 ± 0 over 1..1.0E20",
      })
  void canonicalTextIsPrintedBack(String text) {
    Expectation expectation = Expectation.parse(text);
    assertEquals(text, expectation.toString());
    assertEquals(expectation, Expectation.parse(expectation.toString()));
  }

  @Test
  void looseSpellingIsRead() {
    assertEquals(
        Expectation.parse("squared-gap ~ L^-1 + c ± 0.05 over 128..8192 for softmax"),
        Expectation.parse(" squared-gap~L^-1.0+c+-5e-2 over 128 .. 8192  for softmax "));
    assertEquals(RateForm.EXPONENTIAL, Expectation.parse("kl ~ exp(-0.3*L) +- 1 over 0..4").form());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "L^-1 | expect: expected the form 'squared-gap ~ L^-1 ± 0.05 over 128..8192', got 'L^-1'",
        "a ~ L^x ± 1 over 1..2 | expect: expected L^S, L^S + c or exp(S L), got 'L^x'",
        "a ~ L^-1 ± x over 1..2 | expect: expected a tolerance, got 'x'",
        "a ~ L^-1 ± 1 over 1-2 | expect: expected a range such as 128..8192, got '1-2'",
        "a b ~ L^-1 ± 1 over 1..2 | expect: expected a metric, got 'a b'",
        "a ~ L^-1 ± 1 over 2..1 | to: expected finite and > 2.0, got 1.0",
        "a ~ L^-1 ± -1 over 1..2 | tolerance: expected finite and >= 0, got -1.0",
        "a ~ L^-1 ± 1 over 1..2 for | expect: expected an attention or attention:origin, got ''",
      })
  void errorsSayWhatWasExpected(String text, String message) {
    Exception error = assertThrows(IllegalArgumentException.class, () -> Expectation.parse(text));
    assertEquals(message, error.getMessage());
  }

  @Test
  void choosesItsCurves() {
    Expectation any = Expectation.parse("squared-gap ~ L^-1 ± 0.05 over 1..8");
    Expectation one = Expectation.parse("squared-gap ~ L^-1 ± 0.05 over 1..8 for softmax:derived");
    CurveKey derived = key("derived", "squared-gap", "length");
    assertTrue(any.isAbout(derived) && one.isAbout(derived));
    assertTrue(any.isAbout(key("trained", "squared-gap", "length")));
    assertFalse(one.isAbout(key("trained", "squared-gap", "length")));
    assertFalse(any.isAbout(key("derived", "kl", "length")));
    assertFalse(any.isAbout(key("derived", "squared-gap", "samples")));
  }

  private static CurveKey key(String origin, String metric, String axis) {
    return new CurveKey(Map.of("attention", "softmax", "origin", origin), metric, axis);
  }
}
