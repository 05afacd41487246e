package org.definetti.lab.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.definetti.engine.Kernels;
import org.definetti.experiment.AtomicFile;
import org.definetti.experiment.Claim;
import org.definetti.experiment.Provenance;
import org.definetti.lab.model.ModelFile;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.jspecify.annotations.Nullable;

/**
 * What a run was: {@code manifest.json}.
 *
 * <p>Holds version, commit, JDK, operating system, kernels, seed, the full configuration with the
 * names of the command line's options, the model's whole description (and the hash of its file, if
 * it came from one), the plan's hash, start and end, and for each claim its statement, source,
 * prediction and what its control did. Written at the start and again whenever something is known.
 */
public final class Manifest {

  /** The file's name in the run directory. */
  public static final String FILE = "manifest.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final String MODEL = "model";
  private static final String FILE_HASH = "file-sha256";
  private static final int MOST_SHOWN = 200;

  /** Where classes lie may differ between a run and its continuation. */
  private static final Set<String> NOT_COMPARED = Set.of("class-path");

  private final Map<String, Object> entries = new LinkedHashMap<>();

  /**
   * Returns the manifest of a run that starts now.
   *
   * @param verb the command, for example {@code sweep}
   * @param configuration the resolved options by name
   */
  public Manifest(String verb, long seed, Map<String, Object> configuration) {
    Provenance here = Build.provenance();
    entries.put("verb", verb);
    entries.put("version", here.version());
    entries.put("commit", here.commit());
    entries.put("jdk", here.jdk());
    entries.put("operatingSystem", here.operatingSystem());
    entries.put("processors", here.processors());
    entries.put("kernels", Kernels.inUse().label());
    entries.put("seed", seed);
    entries.put("configuration", configuration);
    entries.put("start", Instant.now().toString());
  }

  /**
   * Makes this the manifest of a run that goes on: it began when the one in the directory did.
   *
   * @throws IllegalArgumentException if the directory's run has another verb or configuration;
   *     names what differs
   */
  void goOn(Path directory) {
    JsonNode before = read("out", directory.resolve(FILE));
    JsonNode now = parse("out", text(), FILE);
    List<String> differing = new ArrayList<>();
    compare("verb", now.path("verb"), before.path("verb"), differing);
    Set<String> names = new TreeSet<>();
    now.path("configuration").fieldNames().forEachRemaining(names::add);
    before.path("configuration").fieldNames().forEachRemaining(names::add);
    names.removeAll(NOT_COMPARED);
    for (String name : names) {
      JsonNode expected = before.path("configuration").path(name);
      compare(name, now.path("configuration").path(name), expected, differing);
    }
    if (differing.isEmpty()) {
      compareModels(now.path(MODEL), before.path(MODEL), differing);
    }
    if (!differing.isEmpty()) {
      throw new IllegalArgumentException(
          "out: " + directory + " holds another run; " + String.join("; ", differing));
    }
    entries.put("start", before.path("start").asText());
  }

  /** The same name may stand for another model: a file that was changed, a class. */
  private static void compareModels(JsonNode now, JsonNode before, List<String> differing) {
    Set<String> fields = new TreeSet<>();
    now.fieldNames().forEachRemaining(fields::add);
    before.fieldNames().forEachRemaining(fields::add);
    fields.remove(FILE_HASH); // a comment may be added, or the layout changed
    for (String field : fields) {
      compare("model, " + field, now.path(field), before.path(field), differing);
    }
  }

  private static void compare(String name, JsonNode now, JsonNode before, List<String> differing) {
    if (!now.equals(before)) {
      differing.add(name + ": expected " + shown(before) + " (as there), got " + shown(now));
    }
  }

  private static String shown(JsonNode value) {
    String text = value.isTextual() ? value.asText() : value.toString();
    String shortened = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
    return value.isMissingNode() ? "none" : shortened;
  }

  /**
   * Returns the configuration of the run in a directory: the options by name, as text.
   *
   * @param verb the command that the run should be of
   * @throws IllegalArgumentException if it is another's, or the file is no manifest
   * @throws UncheckedIOException if there is none that can be read
   */
  public static Map<String, String> configuration(Path directory, String verb) {
    JsonNode manifest = read("run", directory.resolve(FILE));
    if (!manifest.path("verb").asText().equals(verb)) {
      throw new IllegalArgumentException(
          "run: expected one of '"
              + verb
              + "' in "
              + directory
              + ", got one of '"
              + manifest.path("verb").asText()
              + "'");
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    JsonNode options = manifest.path("configuration");
    options
        .fieldNames()
        .forEachRemaining(name -> configuration.put(name, options.path(name).asText()));
    return configuration;
  }

  private static JsonNode read(String argument, Path file) {
    try {
      return parse(argument, Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(argument + ": cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static JsonNode parse(String argument, String text, String name) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          argument + ": expected JSON in " + name + ", got " + e.getOriginalMessage(), e);
    }
  }

  private String text() {
    try {
      return JSON.writeValueAsString(entries) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the manifest holds only text and numbers", e);
    }
  }

  /**
   * Sets the model: all that it says of itself, and the file it was read from.
   *
   * @param named what the user named it by
   */
  public void model(String named, LatentModel<?> model) {
    ModelDescription description = model.description();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", description.name());
    fields.put("version", description.version());
    fields.putAll(description.choices());
    fields.putAll(description.numbers());
    description.arrays().forEach((field, matrix) -> fields.put(field, matrix.toArray2()));
    if (ModelFile.isNamedBy(named)) {
      fields.put(FILE_HASH, ModelFile.read(Path.of(named)).sha256());
    }
    entries.put(MODEL, fields);
  }

  /** Sets the identity of the plan that is executed. */
  public void plan(String hash) {
    entries.put("plan", hash);
  }

  /**
   * Sets the claims.
   *
   * @param controls by claim id, what its control did; claims not yet checked are absent
   */
  public void claims(List<Claim> claims, Map<String, String> controls) {
    entries.put(
        "claims", claims.stream().map(claim -> describe(claim, controls.get(claim.id()))).toList());
  }

  private static Map<String, Object> describe(Claim claim, @Nullable String control) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("id", claim.id());
    description.put("slug", claim.slug());
    description.put("statement", claim.statement());
    description.put("source", Sources.text(claim.source()));
    description.put("prediction", claim.prediction());
    description.put("level", claim.level());
    description.put("expected", claim.expected().outcome().name());
    description.put("reason", claim.expected().reason());
    description.put("control", control == null ? "" : control);
    return description;
  }

  /** Returns the command whose run this is. */
  String verb() {
    return String.valueOf(entries.get("verb"));
  }

  /** Says that the run has ended. */
  public void end() {
    entries.put("end", Instant.now().toString());
  }

  /** Writes the manifest into the run's directory, atomically. */
  public void write(Path directory) {
    AtomicFile.write(directory.resolve(FILE), text());
  }
}
