package org.definetti.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * A configuration file: YAML or JSON whose keys are the names of the command line's options.
 *
 * <p>A run's manifest is one too: its {@code configuration} is read.
 */
final class ConfigFile {

  private static final Set<String> NOT_IN_A_FILE = Set.of("--config", "--help", "--version");

  private ConfigFile() {}

  /**
   * Returns a command's options as arguments: those given beside the file, which take precedence,
   * and the file's.
   *
   * @param parsed the command as it was called
   * @throws IllegalArgumentException if it cannot be read, is not a map, holds an option that the
   *     command does not have, or is the manifest of another command
   */
  static List<String> arguments(Path file, ParseResult parsed) {
    JsonNode root = read(file);
    String verb = root.path("verb").asText(parsed.commandSpec().name());
    if (!verb.equals(parsed.commandSpec().name())) {
      throw new IllegalArgumentException(
          "config: expected the manifest of a "
              + parsed.commandSpec().name()
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
    List<String> arguments = new ArrayList<>();
    for (OptionSpec given : parsed.matchedOptions()) {
      if (!NOT_IN_A_FILE.contains(given.longestName())) {
        String name = given.longestName();
        boolean flag = given.arity().max() == 0;
        given
            .originalStringValues()
            .forEach(value -> arguments.add(flag ? name : name + "=" + value));
      }
    }
    for (Map.Entry<String, JsonNode> entry : options.properties()) {
      OptionSpec option = find(parsed.commandSpec(), entry.getKey());
      if (!parsed.hasMatchedOption(option)) {
        add(arguments, option, entry.getValue());
      }
    }
    return arguments;
  }

  private static JsonNode read(Path file) {
    try {
      return new YAMLMapper().readTree(Files.readString(file));
    } catch (IOException e) {
      String problem = e.getMessage() == null ? e.toString() : e.getMessage().split("\n", 2)[0];
      throw new IllegalArgumentException(
          "config: expected a readable YAML or JSON file, got " + file + ": " + problem, e);
    }
  }

  private static OptionSpec find(CommandSpec command, String key) {
    OptionSpec option = command.findOption("--" + key);
    if (option == null || NOT_IN_A_FILE.contains(option.longestName())) {
      List<String> known =
          command.options().stream()
              .map(OptionSpec::longestName)
              .filter(name -> !NOT_IN_A_FILE.contains(name))
              .map(name -> name.substring("--".length()))
              .sorted()
              .toList();
      throw new IllegalArgumentException(
          "config: expected keys among " + known + ", got '" + key + "'");
    }
    return option;
  }

  private static void add(List<String> arguments, OptionSpec option, JsonNode value) {
    String name = option.longestName();
    boolean flag = option.arity().max() == 0;
    if (flag != value.isBoolean() || value.isObject() || value.isNull()) {
      throw new IllegalArgumentException(
          "config: expected "
              + (flag ? "true or false" : "a value or a list")
              + " for "
              + name.substring("--".length())
              + ", got "
              + value);
    }
    if (flag && value.booleanValue()) {
      arguments.add(name);
    } else if (value.isArray() && option.isMultiValue()) {
      value.forEach(item -> arguments.add(name + "=" + item.asText()));
    } else if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(item.asText()));
      arguments.add(name + "=" + String.join(",", items));
    } else if (!flag) {
      arguments.add(name + "=" + value.asText());
    }
  }
}
