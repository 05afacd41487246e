package org.definetti.derivation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.ejml.simple.SimpleMatrix;

/** Numbers as the derivations print them. */
final class Words {

  /** The longest row that is printed in full. */
  static final int LONGEST = 12;

  private Words() {}

  /** Returns a number rounded to six digits. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return String.valueOf(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6));
    return String.valueOf(rounded.doubleValue());
  }

  /** Returns a row of numbers, cut after {@link #LONGEST}. */
  static String row(SimpleMatrix row) {
    List<String> numbers = new ArrayList<>();
    for (int j = 0; j < Math.min(LONGEST, row.getNumElements()); j++) {
      numbers.add(number(row.get(j)));
    }
    if (row.getNumElements() > LONGEST) {
      numbers.add("…");
    }
    return "(" + String.join(", ", numbers) + ")";
  }

  /** Returns a matrix with one row, count times. */
  static SimpleMatrix repeat(SimpleMatrix row, int count) {
    SimpleMatrix rows = new SimpleMatrix(count, row.getNumCols());
    for (int i = 0; i < count; i++) {
      System.arraycopy(
          row.getDDRM().data, 0, rows.getDDRM().data, i * row.getNumCols(), row.getNumCols());
    }
    return rows;
  }
}
