package org.definetti.lab.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as people read them. */
final class Numbers {

  private static final String RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private Numbers() {}

  /** Rounds to so many significant digits, without trailing zeros; 1.2·10⁻⁷ where very small. */
  static String text(double value, int digits) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded =
        BigDecimal.valueOf(value)
            .round(new MathContext(digits, RoundingMode.HALF_EVEN))
            .stripTrailingZeros();
    double size = rounded.abs().doubleValue();
    if (size >= 1e-3 && size < 1e6) {
      return minus(rounded.toPlainString());
    }
    int exponent = rounded.precision() - rounded.scale() - 1;
    BigDecimal mantissa = rounded.movePointLeft(exponent).stripTrailingZeros();
    String power = "10" + raised(exponent);
    String head = mantissa.toPlainString();
    return minus(head.equals("1") ? power : head.equals("-1") ? "-" + power : head + "·" + power);
  }

  /** Returns an interval in brackets, a dash where neither end is known. */
  static String interval(double low, double high) {
    return Double.isNaN(low) && Double.isNaN(high)
        ? "–"
        : "[" + text(low, 4) + ", " + text(high, 4) + "]";
  }

  private static String minus(String text) {
    return text.replace('-', '−');
  }

  private static String raised(int exponent) {
    StringBuilder text = new StringBuilder(exponent < 0 ? "⁻" : "");
    for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
      text.append(RAISED.charAt(digit - '0'));
    }
    return text.toString();
  }
}
