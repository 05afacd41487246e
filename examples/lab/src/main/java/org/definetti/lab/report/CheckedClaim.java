package org.definetti.lab.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A claim of a run with what came of it.
 *
 * @param id for example {@code C5}
 * @param described its entry in the manifest; a missing node where there is none
 * @param parts its judged parts; none where it has no result yet
 */
record CheckedClaim(String id, JsonNode described, List<Part> parts) {

  /** Returns the claims in the order of the manifest, then those only the verdicts name. */
  static List<CheckedClaim> of(RunFiles files) {
    Map<String, List<Part>> parts = new LinkedHashMap<>();
    Map<String, JsonNode> described = new LinkedHashMap<>();
    for (JsonNode claim : files.manifest().path("claims")) {
      String id = claim.path("id").asText("");
      parts.put(id, new ArrayList<>());
      described.putIfAbsent(id, claim);
    }
    for (Row row : files.verdicts()) {
      String name = row.text("claim");
      int dot = name.indexOf('.');
      String id = described.containsKey(name) || dot < 1 ? name : name.substring(0, dot);
      parts.computeIfAbsent(id, key -> new ArrayList<>()).add(new Part(row));
    }
    JsonNode none = files.manifest().path("no such claim");
    List<CheckedClaim> claims = new ArrayList<>();
    parts.forEach(
        (id, of) ->
            claims.add(new CheckedClaim(id, described.getOrDefault(id, none), List.copyOf(of))));
    return claims;
  }

  /** Returns a value of its description, empty where there is none. */
  String text(String key) {
    JsonNode value = described.path(key);
    return value.isTextual() ? value.asText() : value.isMissingNode() ? "" : value.toString();
  }

  String source() {
    String source = text("source");
    return !source.isEmpty() || parts.isEmpty() ? source : parts.get(0).row().text("source");
  }

  /** The kind of source, the word before what is cited: {@code source}, {@code derived}, … */
  String sourceKind() {
    String source = source();
    int colon = source.indexOf(':');
    return (colon < 0 ? source : source.substring(0, colon)).strip();
  }

  /** The name that links on the page go to. */
  String anchor() {
    return "claim-" + CurveFigures.safe(id);
  }

  /** Tells whether a picture is of this claim, by the name of its file. */
  boolean owns(String picture) {
    return !id.isEmpty() && picture.startsWith(CurveFigures.safe(id) + "-");
  }
}
