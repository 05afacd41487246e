package org.definetti.lab.command;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.definetti.derivation.Derivation;
import org.definetti.derivation.Exactness;
import org.definetti.lab.model.BuiltInModel;
import org.definetti.lab.model.ModelFile;
import org.definetti.lab.model.Models;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.RealTokens;
import org.definetti.latent.TokenSpace;

/** What there is to know about one model, in plain words. */
final class ModelPage {

  private static final String INDENT = " ".repeat(13);
  private static final int MOST_FIELDS_SHOWN = 60;

  private final StringBuilder text = new StringBuilder();
  private final LatentModel<?> model;

  private ModelPage(LatentModel<?> model) {
    this.model = model;
  }

  static String of(LatentModel<?> model) {
    return new ModelPage(model).page();
  }

  private String page() {
    ModelDescription description = model.description();
    text.append(description.name()).append("\n\n");
    BuiltInModel known =
        Models.ALL.stream()
            .filter(entry -> entry.name().equals(description.name()))
            .findFirst()
            .orElse(null);
    if (known != null) {
      text.append(Wrapping.wrap("  ", known.words())).append('\n');
      text.append(Wrapping.wrap("    ", known.formula())).append('\n');
    }
    section("tokens", tokens(model.tokenSpace()));
    if (known != null) {
      section("exact", known.exact());
      section("limit", known.limit());
    }
    attention();
    if (known != null) {
      section("settings", settings(known));
    }
    text.append('\n').append(file(description));
    return text.toString();
  }

  private void section(String name, String content) {
    text.append(Wrapping.wrap(String.format("  %-11s", name), INDENT, content));
  }

  private static String settings(BuiltInModel known) {
    return known.defaults().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" ", "", "; written as " + example(known)));
  }

  private static String example(BuiltInModel known) {
    Map.Entry<String, String> first = known.defaults().entrySet().iterator().next();
    return known.name() + ":" + first.getKey() + "=" + first.getValue() + ",…";
  }

  private static String tokens(TokenSpace space) {
    if (space instanceof CategoricalTokens categories) {
      return "categories 0.." + (categories.count() - 1);
    }
    if (space instanceof PairTokens pairs) {
      return "pairs of a key of "
          + numbers(pairs.keyWidth())
          + " and a value of "
          + numbers(pairs.valueWidth())
          + "; a masked token is asked for by its key";
    }
    return "vectors of " + numbers(((RealTokens) space).dimension());
  }

  private static String numbers(int count) {
    return count == 1 ? "1 number" : count + " numbers";
  }

  private void attention() {
    List<Derivation> derived;
    try {
      derived = Derivation.all(model);
    } catch (IllegalArgumentException e) {
      section(
          "attention",
          "none is derived: " + String.valueOf(e.getMessage()).replaceFirst("^model: ", ""));
      return;
    }
    String name = "attention";
    for (Derivation derivation : derived) {
      section(name, derivation.form() + ": " + exactness(derivation.exactness()));
      name = "";
    }
  }

  /** Returns the claim of a derivation in words. */
  static String exactness(Exactness exactness) {
    if (exactness instanceof Exactness.Exact) {
      return "the exact predictive mean at every length";
    }
    if (exactness instanceof Exactness.Rate rate) {
      return "its mean squared gap falls as L^"
          + BigDecimal.valueOf(rate.exponent()).stripTrailingZeros().toPlainString();
    }
    if (exactness instanceof Exactness.KnownGap gap) {
      return "its gap is known, " + gap.formula();
    }
    return "not consistent, " + ((Exactness.NotConsistent) exactness).reason();
  }

  private static String file(ModelDescription description) {
    int fields = description.choices().size() + description.numbers().size();
    int rows = description.arrays().values().stream().mapToInt(m -> m.getNumElements()).sum();
    if (Models.ALL.stream().noneMatch(entry -> entry.name().equals(description.name()))) {
      return "  no model file: its class is given to --model by name\n";
    }
    if (fields + rows > MOST_FIELDS_SHOWN) {
      return "  as a model file: " + (fields + rows) + " numbers and words, see --save\n";
    }
    return "  as a model file, which --save writes and --model reads:\n\n"
        + ModelFile.yaml(description).indent(4);
  }
}
