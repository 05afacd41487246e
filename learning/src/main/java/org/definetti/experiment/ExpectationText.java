package org.definetti.experiment;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of an expectation, read piece by piece so that errors can say which piece is wrong. */
final class ExpectationText {

  private static final String EXAMPLE = "squared-gap ~ L^-1 ± 0.05 over 128..8192";
  private static final Map<String, String> AXIS_OF_SYMBOL = Map.of("L", "length", "n", "samples");

  private static final String NUMBER = "([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)";
  private static final String NAME = "([A-Za-z][A-Za-z0-9_-]*)";
  private static final Pattern WHOLE =
      Pattern.compile(
          "(?<metric>[^~]*)~(?<law>.*?)(?:±|\\+-)(?<tolerance>.*?)\\bover\\b(?<range>.*?)"
              + "(?:\\bfor\\b(?<curve>.*))?");
  private static final Pattern POWER =
      Pattern.compile(NAME + "\\s*\\^\\s*" + NUMBER + "(\\s*\\+\\s*c)?");
  private static final Pattern EXPONENTIAL =
      Pattern.compile("exp\\(\\s*" + NUMBER + "\\s*\\*?\\s*" + NAME + "\\s*\\)");
  private static final Pattern RANGE = Pattern.compile(NUMBER + "\\s*\\.\\.\\s*" + NUMBER);
  private static final Pattern SELECTOR = Pattern.compile("([^\\s:]+)(?::([^\\s:]+))?");

  private ExpectationText() {}

  static Expectation parse(String text) {
    Matcher whole = match(WHOLE, text, "the form '" + EXAMPLE + "'");
    String metric = match(Pattern.compile(NAME), whole.group("metric"), "a metric").group(1);
    double tolerance = number(whole.group("tolerance"), "a tolerance");
    Matcher range = match(RANGE, whole.group("range"), "a range such as 128..8192");
    double from = number(range.group(1), "a number");
    double to = number(range.group(2), "a number");
    @Nullable String attention = null;
    @Nullable String origin = null;
    if (whole.group("curve") != null) {
      Matcher selector = match(SELECTOR, whole.group("curve"), "an attention or attention:origin");
      attention = selector.group(1);
      origin = selector.group(2);
    }
    Law law = law(whole.group("law").strip());
    return new Expectation(
        metric,
        law.form,
        law.slope,
        tolerance,
        law.axis,
        RateFit.range(law.form, from, to),
        attention,
        origin);
  }

  private record Law(RateForm form, double slope, String axis) {}

  private static Law law(String text) {
    Matcher exponential = EXPONENTIAL.matcher(text);
    if (exponential.matches()) {
      return new Law(
          RateForm.EXPONENTIAL,
          number(exponential.group(1), "a number"),
          axis(exponential.group(2)));
    }
    Matcher power = match(POWER, text, "L^S, L^S + c or exp(S L)");
    RateForm form = power.group(3) == null ? RateForm.POWER_LAW : RateForm.POWER_LAW_WITH_FLOOR;
    return new Law(form, number(power.group(2), "a number"), axis(power.group(1)));
  }

  private static String axis(String symbol) {
    return AXIS_OF_SYMBOL.getOrDefault(symbol, symbol);
  }

  private static double number(String text, String expected) {
    return Double.parseDouble(match(Pattern.compile(NUMBER), text, expected).group(1));
  }

  private static Matcher match(Pattern pattern, String text, String expected) {
    Matcher matcher = pattern.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expect: expected " + expected + ", got '" + text.strip() + "'");
    }
    return matcher;
  }

  static String print(Expectation expectation) {
    String symbol = expectation.sweptAxis();
    for (Map.Entry<String, String> entry : AXIS_OF_SYMBOL.entrySet()) {
      symbol = entry.getValue().equals(expectation.sweptAxis()) ? entry.getKey() : symbol;
    }
    String slope = Numbers.text(expectation.slope());
    String law =
        switch (expectation.form()) {
          case POWER_LAW -> symbol + "^" + slope;
          case POWER_LAW_WITH_FLOOR -> symbol + "^" + slope + " + c";
          case EXPONENTIAL -> "exp(" + slope + " " + symbol + ")";
        };
    StringBuilder text = new StringBuilder(expectation.metric());
    text.append(" ~ ").append(law);
    text.append(" ± ").append(Numbers.text(expectation.tolerance()));
    text.append(" over ").append(Numbers.text(expectation.range().low()));
    text.append("..").append(Numbers.text(expectation.range().high()));
    if (expectation.attention() != null) {
      text.append(" for ").append(expectation.attention());
      text.append(expectation.origin() == null ? "" : ":" + expectation.origin());
    }
    return text.toString();
  }
}
