package org.definetti.lab.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Checks and parses what several commands take. */
final class Options {

  private Options() {}

  static void atLeast(String option, int least, int value) {
    if (value < least) {
      throw new IllegalArgumentException(option + ": expected >= " + least + ", got " + value);
    }
  }

  /** Checks that a file can be written under this name. */
  static void file(String option, Path file) {
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(option + ": expected a file, got the directory " + file);
    }
  }

  /** Returns whole numbers written with commas, each at least {@code least}, increasing. */
  static int[] increasing(String option, String text, int least) {
    int[] values;
    try {
      values =
          Arrays.stream(text.split(",", -1))
              .map(String::strip)
              .mapToInt(Integer::parseInt)
              .toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          option + ": expected whole numbers separated by commas, got " + text, e);
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] < least || (i > 0 && values[i] <= values[i - 1])) {
        throw new IllegalArgumentException(
            option + ": expected increasing numbers from " + least + ", got " + text);
      }
    }
    return values;
  }

  /** Returns the numbers of a comma-separated list. */
  static double[] numbers(String option, String text) {
    try {
      double[] values =
          Arrays.stream(text.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
      for (double value : values) {
        if (!Double.isFinite(value)) {
          throw new NumberFormatException();
        }
      }
      return values;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          option + ": expected finite numbers separated by commas, got " + text, e);
    }
  }
}
