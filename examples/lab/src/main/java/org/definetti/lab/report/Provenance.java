package org.definetti.lab.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of the page that says where results come from, whatever keys the manifest has. */
final class Provenance {

  private Provenance() {}

  /** Returns the facts needed to repeat the run, on one line; empty without a manifest. */
  static String line(JsonNode manifest) {
    Map<String, String> facts = new LinkedHashMap<>();
    collect(manifest, facts, new LinkedHashMap<>());
    List<String> parts = new ArrayList<>();
    for (String name : List.of("version", "commit", "seed")) {
      if (!facts.getOrDefault(name, "").isEmpty()) {
        parts.add(name + " " + facts.get(name));
      }
    }
    for (String name : List.of("jdk", "operating system", "os", "start")) {
      parts.add(facts.getOrDefault(name, ""));
    }
    parts.removeIf(String::isEmpty);
    String took = facts.getOrDefault("duration", "");
    return String.join(" · ", parts) + (took.isEmpty() ? "" : " · took " + took);
  }

  /** Returns the heading of the run's page. */
  static String title(JsonNode manifest) {
    String verb = manifest.path("verb").asText(manifest.path("command").asText(""));
    return verb.isEmpty() ? "Report of a run" : "Report of a run: " + verb;
  }

  /** Returns the command that checks one claim again as it was checked; empty if unknown. */
  static String repeat(JsonNode manifest, String claim) {
    String budget = manifest.path("configuration").path("budget").asText("");
    if (budget.isEmpty()) {
      return "";
    }
    String command = "definetti verify " + claim + " --budget " + budget;
    String commit = manifest.path("commit").asText("");
    return "Again: "
        + command
        + " --seed "
        + manifest.path("seed").asText("1")
        + (commit.isEmpty() ? "" : " at commit " + commit);
  }

  /** Returns all that a manifest says of a run but its claims, by name. */
  static Map<String, String> facts(JsonNode manifest) {
    Map<String, String> facts = new LinkedHashMap<>();
    Map<String, String> settings = new LinkedHashMap<>();
    collect(manifest, facts, settings);
    settings.forEach(facts::putIfAbsent);
    if (manifest.path("model").isObject()) {
      flatten("model", manifest.path("model"), facts);
    }
    return facts;
  }

  static void append(Html html, JsonNode manifest) {
    Map<String, String> facts = new LinkedHashMap<>();
    Map<String, String> settings = new LinkedHashMap<>();
    Map<String, String> model = new LinkedHashMap<>();
    collect(manifest, facts, settings);
    flatten("", manifest.path("model"), model);
    list(html, "Provenance", facts);
    list(html, "Configuration", settings);
    list(html, "Model", model);
  }

  private static void collect(
      JsonNode manifest, Map<String, String> facts, Map<String, String> settings) {
    manifest
        .properties()
        .forEach(
            entry -> {
              switch (entry.getKey()) {
                case "claims", "model" -> {}
                case "configuration" -> flatten("", entry.getValue(), settings);
                case "provenance" -> flatten("", entry.getValue(), facts);
                default -> flatten(entry.getKey(), entry.getValue(), facts);
              }
            });
    duration(manifest, facts);
  }

  private static void list(Html html, String heading, Map<String, String> entries) {
    if (entries.isEmpty()) {
      return;
    }
    html.element("h3", heading).raw("\n<dl>\n");
    entries.forEach(
        (name, value) ->
            html.raw("<div>").element("dt", name).element("dd", value).raw("</div>\n"));
    html.raw("</dl>\n");
  }

  private static void flatten(String name, JsonNode value, Map<String, String> into) {
    if (value.isObject()) {
      value
          .properties()
          .forEach(
              entry ->
                  flatten(
                      name.isEmpty() ? entry.getKey() : name + "." + entry.getKey(),
                      entry.getValue(),
                      into));
    } else if (value.isArray()) {
      StringBuilder text = new StringBuilder();
      for (JsonNode one : value) {
        text.append(text.isEmpty() ? "" : ", ").append(one.isValueNode() ? one.asText() : one);
      }
      into.put(CurveFigures.words(name), text.toString());
    } else if (!value.isNull()) {
      into.put(CurveFigures.words(name), value.asText());
    }
  }

  /** Returns when the run ended, empty while it has not. */
  static String end(JsonNode manifest) {
    return first(manifest, "end", "ended", "finished");
  }

  private static void duration(JsonNode manifest, Map<String, String> into) {
    try {
      Instant start = Instant.parse(first(manifest, "start", "started"));
      Duration length = Duration.between(start, Instant.parse(end(manifest)));
      into.put("duration", Numbers.text(length.toMillis() / 1000.0, 4) + " s");
    } catch (DateTimeException e) {
      // Without both times, or with times of another form, there is no duration to show.
      into.remove("duration");
    }
  }

  private static String first(JsonNode manifest, String... keys) {
    for (String key : keys) {
      if (manifest.path(key).isValueNode()) {
        return manifest.path(key).asText("");
      }
    }
    return "";
  }
}
