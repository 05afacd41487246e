package org.definetti.lab.model;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.jspecify.annotations.Nullable;

/** Builds the model of a file and says what is wrong with it in the file's own words. */
final class ModelFileErrors {

  /** An argument of a method, such as noiseVariance, where a message names what is wrong. */
  private static final Pattern ARGUMENT = Pattern.compile("[a-z]+([A-Z][a-z]*)*");

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9-]+");

  private static final Pattern UNKNOWN = Pattern.compile("got also \\[([^],]+)");

  private final ModelFile file;
  private final ModelDescription description;

  ModelFileErrors(ModelFile file) {
    this.file = file;
    this.description = file.description();
  }

  LatentModel<?> build() {
    String name = description.name();
    for (BuiltInModel model : Models.ALL) {
      if (model.name().equals(name)) {
        return build(model);
      }
    }
    throw wrong(ModelText.MODEL, "expected one of " + ModelFields.names() + ", got " + name, null);
  }

  private LatentModel<?> build(BuiltInModel model) {
    try {
      return model.reader().apply(description);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw explained(e);
    } catch (OutOfMemoryError e) {
      throw wrong("", description.name() + ": expected a model that fits into memory", null);
    }
  }

  /** Names the fields where the message names the arguments they became. */
  private IllegalArgumentException explained(RuntimeException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    String own = description.name() + ", ";
    String rest = message.startsWith(own) ? message.substring(own.length()) : message;
    int colon = rest.indexOf(':');
    String head = colon < 0 ? "" : rest.substring(0, colon);
    StringBuilder named = new StringBuilder();
    String field = "";
    int copied = 0;
    for (Matcher word = WORD.matcher(head); word.find(); ) {
      String found = fieldOf(word.group());
      if (found != null) {
        field = field.isEmpty() ? found : field;
        named.append(head, copied, word.start()).append(found);
        copied = word.end();
      }
    }
    Matcher unknown = UNKNOWN.matcher(rest);
    if (field.isEmpty() && unknown.find()) {
      field = unknown.group(1);
    }
    String start = rest.startsWith(description.name() + ":") ? "" : own;
    return wrong(field, start + named + rest.substring(copied), e);
  }

  /**
   * The field that became an argument: noiseVariance of noise-variance, bandwidth of a kernel's.
   */
  private @Nullable String fieldOf(String word) {
    if (file.lines().containsKey(word)) {
      return word;
    }
    if (!ARGUMENT.matcher(word).matches()) {
      return null;
    }
    String field = word.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    if (file.lines().containsKey(field)) {
      return field;
    }
    List<String> longer =
        file.lines().keySet().stream().filter(name -> name.endsWith("-" + field)).toList();
    return longer.size() == 1 ? longer.get(0) : null;
  }

  private IllegalArgumentException wrong(String field, String what, @Nullable Exception cause) {
    return ModelFields.wrong(
        file.path().toString(), file.lines().getOrDefault(field, 0), what, cause);
  }
}
