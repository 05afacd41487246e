package org.definetti.lab.command;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.architecture.Architecture;
import org.definetti.derivation.Derivation;
import org.definetti.derivation.Exactness;
import org.definetti.lab.command.DerivationCheck.Errors;
import org.definetti.lab.command.DerivationCheck.Row;
import org.jspecify.annotations.Nullable;

/** What is derived from a model and what a check of it found, in plain words. */
final class DerivationPage {

  private static final String INDENT = " ".repeat(16);
  private static final String ROUNDING =
      String.format(Locale.ROOT, "%.0e", DerivationCheck.TOLERANCE);

  private final StringBuilder text = new StringBuilder();

  DerivationPage(String name) {
    text.append(name).append('\n');
  }

  String text() {
    return text.toString();
  }

  private void heading(String name, String words) {
    text.append('\n').append(Wrapping.wrap("  " + name + ": ", "    ", words));
  }

  private void section(String name, String content) {
    text.append(Wrapping.wrap(String.format("    %-12s", name), INDENT, content));
  }

  /** Appends how far the exact answers may be off themselves, if that is above zero. */
  void ownError(double error) {
    if (error > 0) {
      text.append('\n')
          .append(
              Wrapping.wrap(
                  "  ",
                  "the exact answers are numerical and may themselves be off by " + number(error)));
    }
  }

  void none(String reason) {
    text.append('\n').append(Wrapping.wrap("  no attention: ", "    ", reason));
  }

  void add(Derivation derivation, List<Row> rows, int sequences) {
    boolean exact = derivation.exactness() instanceof Exactness.Exact;
    Derivation.Control control = derivation.control();
    heading(derivation.form(), exactness(derivation.exactness()));
    section("label", derivation.label());
    section("why", derivation.explanation());
    String name = "parameters";
    for (Map.Entry<String, String> parameter : derivation.parameters().entrySet()) {
      section(name, parameter.getKey() + ": " + parameter.getValue());
      name = "";
    }
    section("source", derivation.source());
    if (control != null) {
      section("control", control.words());
    }
    section(
        "check",
        (exact ? "largest deviation" : "mean squared gap")
            + (exact ? " from" : " to")
            + " the exact predictive mean over "
            + sequences
            + " fresh sequences"
            + (hasBelief(rows) ? ", and largest deviation of the posterior read back" : ""));
    table(derivation.exactness(), control != null, rows);
    if (exact) {
      section("result", result(control != null, rows));
    }
  }

  private static String exactness(Exactness exactness) {
    String words = ModelPage.exactness(exactness);
    if (exactness instanceof Exactness.Exact) {
      return "EXACT, " + words;
    }
    if (exactness instanceof Exactness.Rate rate) {
      return Double.isNaN(rate.constant())
          ? words + "; the constant is not claimed"
          : words + String.format(Locale.ROOT, ", times the constant %.6g", rate.constant());
    }
    return words;
  }

  private static String result(boolean hasControl, List<Row> rows) {
    return (DerivationCheck.isExact(rows) ? "equal within " : "NOT equal within ")
        + ROUNDING
        + (!hasControl
            ? ""
            : DerivationCheck.isControlCaught(rows)
                ? "; the control is caught"
                : "; the control is NOT caught");
  }

  private static boolean hasBelief(List<Row> rows) {
    return rows.stream().anyMatch(row -> hasBelief(row.derived()) || hasBelief(row.control()));
  }

  private static boolean hasBelief(@Nullable Errors errors) {
    return errors != null && errors.belief() != null;
  }

  private void table(Exactness exactness, boolean control, List<Row> rows) {
    boolean exact = exactness instanceof Exactness.Exact;
    boolean belief = hasBelief(rows);
    Exactness.Rate rate =
        exactness instanceof Exactness.Rate claimed && !Double.isNaN(claimed.constant())
            ? claimed
            : null;
    line(
        "length",
        exact ? "deviation" : "gap",
        rate == null ? null : "limit",
        belief ? "posterior" : null,
        control ? "control" : null,
        control && belief ? "posterior" : null);
    for (Row row : rows) {
      Errors derived = row.derived();
      Errors wrong = row.control();
      line(
          String.valueOf(row.length()),
          derived == null ? "-" : number(exact ? derived.largest() : derived.squared()),
          rate == null ? null : limit(rate, row.length()),
          belief ? posterior(derived) : null,
          control ? wrong == null ? "-" : number(exact ? wrong.largest() : wrong.squared()) : null,
          control && belief ? posterior(wrong) : null);
    }
  }

  /** Appends the cells of a line; null where the table has no such column. */
  private void line(@Nullable String... cells) {
    StringBuilder line = new StringBuilder(INDENT.substring(1));
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] != null) {
        line.append(String.format(i == 0 ? " %6s" : " %11s", cells[i]));
      }
    }
    text.append(line).append('\n');
  }

  private static String limit(Exactness.Rate rate, int length) {
    return length == 0 ? "-" : number(rate.constant() * Math.pow(length, rate.exponent()));
  }

  private static String posterior(@Nullable Errors errors) {
    if (errors == null || errors.belief() == null) {
      return "-";
    }
    return errors.belief() == Double.POSITIVE_INFINITY ? "no belief" : number(errors.belief());
  }

  private static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.3g", value);
  }

  void add(Architecture network, NetworkCheck check) {
    heading(network.name(), "EXACT, the law of the state at every place, at every length");
    section("formula", network.formula());
    section("depth", network.depth(check.places()) + " steps for " + check.places() + " places");
    section("control", "places not connected, each knows its own tokens only");
    section(
        "check",
        "largest deviation from the exact laws over the prefixes of a fresh sequence "
            + number(check.largest())
            + ", of the control "
            + number(check.unconnected()));
    section("result", (check.holds() ? "equal within " : "NOT equal within ") + ROUNDING);
  }
}
