package org.definetti.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A configuration file: YAML or JSON whose keys are the names of the command line's options.
 *
 * <p>A run's manifest is one too: its {@code configuration} is read.
 */
final class ConfigFile {

  private ConfigFile() {}

  /**
   * Returns the file as command-line arguments.
   *
   * @throws IllegalArgumentException if it cannot be read or is not a map of options
   */
  static List<String> arguments(Path file) {
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(Files.readString(file));
    } catch (IOException e) {
      String problem = e.getMessage() == null ? e.toString() : e.getMessage().split("\n", 2)[0];
      throw new IllegalArgumentException(
          "config: expected a readable YAML or JSON file, got " + file + ": " + problem, e);
    }
    JsonNode options = root.has("configuration") ? root.get("configuration") : root;
    if (!options.isObject()) {
      throw new IllegalArgumentException(
          "config: expected option: value lines in " + file + ", got " + options.getNodeType());
    }
    List<String> arguments = new ArrayList<>();
    options
        .fields()
        .forEachRemaining(entry -> add(arguments, "--" + entry.getKey(), entry.getValue()));
    return arguments;
  }

  private static void add(List<String> arguments, String option, JsonNode value) {
    if (value.isBoolean()) {
      if (value.booleanValue()) {
        arguments.add(option);
      }
    } else if (value.isArray() && option.equals("--expect")) {
      value.forEach(item -> arguments.add(option + "=" + item.asText()));
    } else if (value.isArray()) {
      String list =
          StreamSupport.stream(value.spliterator(), false)
              .map(JsonNode::asText)
              .collect(Collectors.joining(","));
      arguments.add(option + "=" + list);
    } else {
      arguments.add(option + "=" + value.asText());
    }
  }
}
