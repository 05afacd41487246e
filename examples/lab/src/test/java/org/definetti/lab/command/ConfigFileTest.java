package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Experiment files: their schema, the plan of a dry run, and manifests that repeat a run. */
final class ConfigFileTest {

  private static final Path ROOT = root();
  private static final Pattern SCHEMA_LINE =
      Pattern.compile("# yaml-language-server: \\$schema=(.*)\n");

  @TempDir Path folder;

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("definetti"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static Console done(Object... arguments) {
    Console console = Console.run(arguments);
    assertEquals(0, console.code(), console.err());
    return console;
  }

  private static JsonNode yaml(String text) throws IOException {
    return new YAMLMapper().readTree(text);
  }

  private static JsonNode schema(String verb) throws IOException {
    return new ObjectMapper().readTree(done(verb, "--print-schema").out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sweep", "train", "verify"})
  void theSchemaIsThatOfTheOptions(String verb) throws IOException {
    Path file = ROOT.resolve("docs/schema/" + verb + ".schema.json");
    assertEquals(
        done(verb, "--print-schema").out(),
        Files.readString(file),
        "./definetti " + verb + " --print-schema > docs/schema/" + verb + ".schema.json");
  }

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("examples/experiments"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void examplesAreWhatTheirSchemaAllows(Path example) throws IOException {
    String text = Files.readString(example);
    Matcher line = SCHEMA_LINE.matcher(text);
    assertTrue(line.lookingAt(), text);
    Path schema = example.resolveSibling(line.group(1));
    assertEquals(
        List.of(), Schema.problems(new ObjectMapper().readTree(schema.toFile()), yaml(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "sweep, 'lenghts: 4', lenghts",
    "sweep, 'seeds: many', seeds",
    "sweep, 'seeds: 2.5', seeds",
    "sweep, 'identity-values: 1', identity-values",
    "sweep, 'model: [gaussian-mean]', model",
    "sweep, 'lengths: [4, [8]]', lengths",
    "train, 'objective: label', objective",
    "train, 'learning-rate: fast', learning-rate",
    "verify, 'budget: large', budget",
    "verify, 'claims: {A1: true}', claims"
  })
  void whatTheSchemaRefusesTheCommandRefuses(String verb, String text, String key)
      throws IOException {
    assertEquals(List.of(key), Schema.problems(schema(verb), yaml(text)));
    Path file = Files.writeString(folder.resolve("wrong.yaml"), text);
    Console console = Console.run(verb, "--config", file, "--out", folder.resolve("run"));
    assertEquals(2, console.code(), console.err());
    assertEquals(1, console.err().lines().count(), console.err());
    assertTrue(console.err().contains(key), console.err());
    assertFalse(Files.exists(folder.resolve("run")));
  }

  @ParameterizedTest
  @CsvSource({
    "sweep, 'model: com.acme.Mine\nlengths: 4,8\nexpect: [a, b]\nobjective: [masked, supervised]'",
    "train, 'model: my.yaml\ntrain-length: 8\naveraging: tail:0.3\nobjective: next-token'",
    "verify, 'claims: A1\nbudget: full\nseed: 3\nquiet: true'"
  })
  void theSchemaAllows(String verb, String text) throws IOException {
    assertEquals(List.of(), Schema.problems(schema(verb), yaml(text.replace("\\n", "\n"))));
  }

  /** What one line of the command does, and the files that must come out the same. */
  static List<List<String>> runs() {
    return List.of(
        List.of(
            "sweep --model=gaussian-mean --attention=null-token-softmax,softmax:trained"
                + " --objective=masked,supervised --lengths=2,4 --seeds=2 --sequences=5 --steps=20"
                + " --batch-size=8 --train-length=1..4 --mixed-lengths --clip=1 --seed=7",
            "cells.jsonl curves.csv slopes.csv"),
        List.of(
            "train --model=gaussian-mean:dimension=2 --attention=null-token-softmax"
                + " --objective=supervised --train-length=4 --sample-count=50 --steps=30"
                + " --batch-size=8 --optimiser=adamw:0.1 --patience=2 --validate-every=5"
                + " --log-every=10 --seed=7",
            "loss.csv validation.csv checkpoint.safetensors"),
        List.of("verify C5 --seed=7", "cells.jsonl curves.csv slopes.csv"));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void aManifestRepeatsItsRun(List<String> run) throws IOException {
    List<Object> words = new ArrayList<>(List.of(run.get(0).split(" ", -1)));
    words.add("--quiet");
    words.add("--out=" + folder.resolve("first"));
    done(words.toArray());
    Path manifest = folder.resolve("first/manifest.json");
    JsonNode configuration = new ObjectMapper().readTree(manifest.toFile()).get("configuration");
    assertEquals(List.of(), Schema.problems(schema((String) words.get(0)), configuration));
    done(words.get(0), "--config=" + manifest, "--quiet", "--out=" + folder.resolve("second"));
    for (String name : run.get(1).split(" ", -1)) {
      Path first = folder.resolve("first").resolve(name);
      assertTrue(Files.size(first) > 0, name);
      assertEquals(-1, Files.mismatch(first, folder.resolve("second").resolve(name)), name);
    }
  }

  @Test
  void theCommandLineTakesPrecedence() throws IOException {
    Path file = Files.writeString(folder.resolve("claims.yaml"), "claims: [A1, B1]\nseed: 3\n");
    String both = done("verify", "--config", file, "--dry-run").out();
    assertTrue(both.contains("2 claims at the budget smoke"), both);
    String one = done("verify", "B2", "--config", file, "--dry-run", "--budget", "full").out();
    assertTrue(one.contains("1 claims at the budget full"), one);
    assertTrue(one.contains("B2 "), one);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sweep --model=gaussian-mean --attention=null-token-softmax,softmax:trained --lengths=2,4"
            + " --seeds=3 --sequences=2 --steps=20 --batch-size=4",
        "train --model=gaussian-mean --train-length=4 --steps=20 --batch-size=4",
        "verify A1 B1"
      })
  void aDryRunTellsThePlanAndWritesNothing(String run) {
    List<Object> words = new ArrayList<>(List.of(run.split(" ", -1)));
    words.addAll(List.of("--dry-run", "--out=" + folder.resolve("run")));
    Console console = done(words.toArray());
    assertTrue(console.out().startsWith("a dry run: nothing is written\n"), console.out());
    assertTrue(console.out().contains("memory"), console.out());
    assertFalse(Files.exists(folder.resolve("run")));
    if (words.get(0).equals("sweep")) {
      assertTrue(
          console.out().contains("\ncells      6, each measured at 2 lengths\n"), console.out());
      assertTrue(console.out().contains("\ntime       "), console.out());
    }
  }

  @Test
  void tasksStartOnTheFirstFreeThread() {
    assertEquals(10, Pilot.nanosOf(List.of(1L, 2L, 3L, 4L), 1));
    assertEquals(6, Pilot.nanosOf(List.of(1L, 2L, 3L, 4L), 2)); // 1, 3 and 2, 4
    assertEquals(4, Pilot.nanosOf(List.of(1L, 2L, 3L, 4L), 9));
  }

  /** The part of JSON Schema that these schemas use, read from the specification. */
  private static final class Schema {

    /** Returns the keys of what is not allowed. */
    static List<String> problems(JsonNode schema, JsonNode file) {
      assertEquals("https://json-schema.org/draft/2020-12/schema", schema.get("$schema").asText());
      assertFalse(schema.get("additionalProperties").booleanValue());
      List<String> problems = new ArrayList<>();
      file.fieldNames()
          .forEachRemaining(
              key -> {
                JsonNode property = schema.get("properties").get(key);
                if (property == null || !allows(property, file.get(key))) {
                  problems.add(key);
                }
              });
      return problems;
    }

    private static boolean allows(JsonNode schema, JsonNode value) {
      boolean allowed = !schema.has("enum") || contains(schema.get("enum"), value);
      if (schema.has("type")) {
        List<String> types = new ArrayList<>();
        if (schema.get("type").isArray()) {
          schema.get("type").forEach(type -> types.add(type.asText()));
        } else {
          types.add(schema.get("type").asText());
        }
        allowed &= types.stream().anyMatch(type -> isOf(type, value));
      }
      if (schema.has("items") && value.isArray()) {
        for (JsonNode item : value) {
          allowed &= allows(schema.get("items"), item);
        }
      }
      if (schema.has("anyOf")) {
        boolean any = false;
        for (JsonNode one : schema.get("anyOf")) {
          any |= allows(one, value);
        }
        allowed &= any;
      }
      return allowed;
    }

    private static boolean contains(JsonNode values, JsonNode value) {
      for (JsonNode one : values) {
        if (one.equals(value)) {
          return true;
        }
      }
      return false;
    }

    private static boolean isOf(String type, JsonNode value) {
      return switch (type) {
        case "string" -> value.isTextual();
        case "boolean" -> value.isBoolean();
        case "integer" -> value.isIntegralNumber();
        case "number" -> value.isNumber();
        case "array" -> value.isArray();
        default -> throw new AssertionError("a type these schemas do not use: " + type);
      };
    }
  }
}
