package org.definetti.lab.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The JSON Schema (draft 2020-12) of a command's {@link ConfigFile}s, made from the command's own
 * options: their names, types, descriptions, candidates and defaults.
 *
 * <p>Values that an enumeration lists are all there are; of an option that is any text, such as the
 * name of a model or a class of one's own, the candidates are only offered.
 */
final class ConfigSchema {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<Class<?>> WHOLE = Set.of(int.class, long.class);

  private ConfigSchema() {}

  /** Returns the schema as JSON text. */
  static String of(CommandSpec command) {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "definetti " + command.name());
    schema.put(
        "description",
        "What 'definetti "
            + command.name()
            + " --config FILE' reads. "
            + String.join(" ", command.usageMessage().description()));
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ConfigFile.fields(command).forEach((key, field) -> properties.set(key, property(field)));
    schema.put("additionalProperties", false);
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter layout = new DefaultPrettyPrinter().withObjectIndenter(indenter);
    layout.indentArraysWith(indenter);
    try {
      return new ObjectMapper().writer(layout).writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a schema holds only text and numbers", e);
    }
  }

  private static ObjectNode property(ArgSpec field) {
    ObjectNode property = JSON.objectNode();
    property.put("description", String.join(" ", field.description()));
    if (ConfigFile.isFlag(field)) {
      return property.put("type", "boolean").put("default", false);
    }
    if (WHOLE.contains(field.type())) {
      property.put("type", "integer");
    } else if (field.type() == double.class) {
      property.put("type", "number");
    } else {
      property.setAll(texts(field));
    }
    putDefault(property, field, defaultValue(field));
    return property;
  }

  /** Returns what a field of text may be: one, or a list if it takes several. */
  private static ObjectNode texts(ArgSpec field) {
    ObjectNode one = text(field);
    if (!ConfigFile.isList(field)) {
      return one;
    }
    ObjectNode several = JSON.objectNode().put("type", "array");
    several.set("items", one.deepCopy());
    ObjectNode either = JSON.objectNode();
    either.putArray("anyOf").add(one).add(several);
    return either;
  }

  private static ObjectNode text(ArgSpec field) {
    ObjectNode any = JSON.objectNode();
    if (field.type() == Path.class) {
      return any.put("type", "string");
    }
    any.putArray("type").add("string").add("number");
    List<String> candidates = candidates(field);
    if (candidates.isEmpty()) {
      return any;
    }
    ObjectNode listed = JSON.objectNode();
    ArrayNode values = listed.putArray("enum");
    candidates.forEach(values::add);
    if (field.type() != String.class) {
      return listed;
    }
    ObjectNode open = JSON.objectNode();
    open.putArray("anyOf").add(listed).add(any);
    return open;
  }

  private static List<String> candidates(ArgSpec field) {
    List<String> candidates = new ArrayList<>();
    if (field.completionCandidates() != null) {
      for (String candidate : field.completionCandidates()) {
        candidates.add(
            field.type().isEnum()
                ? candidate.toLowerCase(Locale.ROOT).replace('_', '-')
                : candidate);
      }
    }
    return candidates;
  }

  /** Returns the default that the help tells, which is not one that depends on the machine. */
  private static @Nullable String defaultValue(ArgSpec field) {
    if (field.defaultValue() != null || !(field instanceof OptionSpec option)) {
      return field.defaultValue();
    }
    String raw = String.join(" ", OptionSpec.builder(option).description());
    return raw.contains("${DEFAULT-VALUE}") ? option.defaultValueString() : null;
  }

  private static void putDefault(ObjectNode property, ArgSpec field, @Nullable String value) {
    if (value == null) {
      return;
    }
    if (WHOLE.contains(field.type())) {
      property.put("default", Long.parseLong(value));
    } else if (field.type() == double.class) {
      property.put("default", Double.parseDouble(value));
    } else {
      property.put("default", value);
    }
  }
}
