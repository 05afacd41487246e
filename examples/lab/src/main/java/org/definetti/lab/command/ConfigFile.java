package org.definetti.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A configuration file: YAML or JSON whose keys are the names of the command line's options.
 *
 * <p>A run's manifest is one too: its {@code configuration} is read. {@link ConfigSchema} describes
 * these files to an editor.
 */
public final class ConfigFile {

  private static final String CONFIG = "config";
  private static final String HELP = "help";

  /** What asks for something else than a run, and the file itself. */
  private static final Set<String> NOT_IN_A_FILE =
      Set.of(CONFIG, HELP, "version", "dry-run", "print-schema");

  private ConfigFile() {}

  /**
   * Returns the arguments with those of the file behind {@code --config} added, if there is one.
   * What is given on the command line takes precedence.
   *
   * @param root the command whose subcommand the first argument names
   * @throws IllegalArgumentException if the file cannot be read, is not a map, holds an option that
   *     the subcommand does not have, or is the manifest of another one
   */
  public static String[] expand(CommandLine root, String... arguments) {
    CommandLine command = arguments.length == 0 ? null : root.getSubcommands().get(arguments[0]);
    if (command == null) {
      return arguments;
    }
    CommandSpec spec = command.getCommandSpec();
    Given given = Given.of(spec, arguments);
    if (given.file == null || given.keys.contains(HELP)) {
      return arguments;
    }
    Map<String, ArgSpec> fields = fields(spec);
    List<String> all = new ArrayList<>(List.of(arguments));
    for (Map.Entry<String, JsonNode> entry : options(Path.of(given.file), spec).properties()) {
      ArgSpec field = fields.get(entry.getKey());
      if (field == null) {
        throw new IllegalArgumentException(
            "config: expected keys among " + fields.keySet() + ", got '" + entry.getKey() + "'");
      }
      if (!given.keys.contains(entry.getKey())) {
        add(all, entry.getKey(), field, entry.getValue());
      }
    }
    return all.toArray(String[]::new);
  }

  /** Returns what a file can say to a command, sorted by key. */
  static Map<String, ArgSpec> fields(CommandSpec spec) {
    Map<String, ArgSpec> fields = new TreeMap<>();
    for (ArgSpec argument : spec.args()) {
      String key = key(argument);
      if (!NOT_IN_A_FILE.contains(key)) {
        fields.put(key, argument);
      }
    }
    return fields;
  }

  /** Returns an option's name without hyphens in front; for parameters CLAIM the key claims. */
  private static String key(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? option.longestName().replaceFirst("^--", "")
        : argument.paramLabel().toLowerCase(Locale.ROOT) + "s";
  }

  /** Returns whether an option is there or not, without a value. */
  static boolean isFlag(ArgSpec argument) {
    return argument.isOption() && argument.arity().max() == 0;
  }

  /** Returns whether several values can be given, one by one or separated by commas. */
  static boolean isList(ArgSpec argument) {
    return argument.isMultiValue() || argument.paramLabel().endsWith(",…");
  }

  /**
   * What the command line says by itself.
   *
   * @param keys of the options and parameters
   * @param file the value of {@code --config}, or null
   */
  private record Given(Set<String> keys, @Nullable String file) {

    static Given of(CommandSpec spec, String... arguments) {
      Set<String> keys = new HashSet<>();
      String file = null;
      for (int i = 1; i < arguments.length; i++) {
        String[] parts = arguments[i].split("=", 2);
        OptionSpec option = spec.findOption(parts[0]);
        if (option == null) {
          spec.positionalParameters().stream().map(ConfigFile::key).forEach(keys::add);
          continue;
        }
        keys.add(key(option));
        if (parts.length == 1 && !isFlag(option)) {
          i++;
        }
        if (key(option).equals(CONFIG)) {
          file = parts.length == 2 ? parts[1] : i < arguments.length ? arguments[i] : null;
        }
      }
      return new Given(keys, file);
    }
  }

  private static JsonNode options(Path file, CommandSpec spec) {
    JsonNode root = read(file);
    String verb = root.path("verb").asText(spec.name());
    if (!verb.equals(spec.name())) {
      throw new IllegalArgumentException(
          "config: expected the manifest of a "
              + spec.name()
              + ", got that of a "
              + verb
              + " in "
              + file);
    }
    JsonNode options = root.path("configuration").isObject() ? root.get("configuration") : root;
    if (!options.isObject()) {
      throw new IllegalArgumentException(
          "config: expected option: value lines, got " + options.getNodeType() + " in " + file);
    }
    return options;
  }

  private static JsonNode read(Path file) {
    try {
      return new YAMLMapper().readTree(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "config: expected a readable YAML or JSON file, got none at " + file, e);
    } catch (IOException e) {
      String problem = e.getMessage() == null ? e.toString() : e.getMessage().split("\n", 2)[0];
      throw new IllegalArgumentException(
          "config: expected a readable YAML or JSON file, got " + file + ": " + problem, e);
    }
  }

  private static void add(List<String> arguments, String key, ArgSpec field, JsonNode value) {
    if (isFlag(field)) {
      if (!value.isBoolean()) {
        throw wrong(key, "true or false", value);
      }
      if (value.booleanValue()) {
        arguments.add("--" + key);
      }
      return;
    }
    List<String> texts = texts(key, field, value);
    if (field instanceof PositionalParamSpec) {
      arguments.addAll(texts);
    } else if (field.isMultiValue()) {
      texts.forEach(text -> arguments.add("--" + key + "=" + text));
    } else {
      arguments.add("--" + key + "=" + String.join(",", texts));
    }
  }

  private static List<String> texts(String key, ArgSpec field, JsonNode value) {
    List<JsonNode> items = new ArrayList<>();
    if (value.isArray() && isList(field)) {
      value.forEach(items::add);
    } else {
      items.add(value);
    }
    if (items.stream().anyMatch(item -> !item.isTextual() && !item.isNumber())) {
      throw wrong(key, isList(field) ? "a value or a list" : "a value", value);
    }
    return items.stream().map(JsonNode::asText).toList();
  }

  private static IllegalArgumentException wrong(String key, String expected, JsonNode value) {
    return new IllegalArgumentException(
        "config: expected " + expected + " for " + key + ", got " + value);
  }
}
