package org.definetti.experiment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The header and the records of a journal as JSON.
 *
 * <p>Numbers are written by {@link Double#toString(double)} and read by {@link
 * Double#parseDouble(String)}, which gives the same bits back; NaN and the infinities are written
 * as strings.
 */
final class JournalCodec {

  private static final JsonFactory JSON = new JsonFactory();

  private JournalCodec() {}

  /** What the first line says about the plan. */
  record Header(
      String plan, String version, Map<String, String> configuration, String axis, int cells) {

    static Header of(Plan plan) {
      return new Header(
          plan.hash(), plan.version(), plan.configuration(), plan.sweptAxis(), plan.cells().size());
    }
  }

  /** One finished cell. */
  record CellRecord(String plan, String key, CellResult result) {}

  /** Something that writes JSON. */
  @FunctionalInterface
  interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  static String json(Body body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail to be written", e);
    }
    return text.toString();
  }

  static String header(Header header) {
    return json(
        json -> {
          json.writeStartObject();
          json.writeNumberField("journal", 1);
          json.writeStringField("plan", header.plan());
          json.writeStringField("version", header.version());
          texts(json, "configuration", header.configuration());
          json.writeStringField("axis", header.axis());
          json.writeNumberField("cells", header.cells());
          json.writeEndObject();
        });
  }

  static String cell(String planHash, Cell cell, CellResult result, long nanos) {
    return json(
        json -> {
          json.writeStartObject();
          json.writeStringField("plan", planHash);
          json.writeStringField("key", cell.key());
          texts(json, "axes", cell.axes());
          json.writeNumberField("nanos", nanos);
          json.writeArrayFieldStart("points");
          for (CellPoint point : result.points()) {
            json.writeStartObject();
            json.writeNumberField("value", point.value());
            metrics(json, point.metrics());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  static void texts(JsonGenerator json, String name, Map<String, String> texts) throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    json.writeEndObject();
  }

  static void metrics(JsonGenerator json, Map<String, Estimate> metrics) throws IOException {
    json.writeObjectFieldStart("metrics");
    for (Map.Entry<String, Estimate> metric : metrics.entrySet()) {
      json.writeObjectFieldStart(metric.getKey());
      json.writeNumberField("mean", metric.getValue().mean());
      json.writeNumberField("standard_error", metric.getValue().standardError());
      json.writeNumberField("count", metric.getValue().count());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** Reads a header. */
  static Header readHeader(String body) throws IOException {
    String plan = "";
    String version = "";
    String axis = "";
    int cells = 0;
    Map<String, String> configuration = Map.of();
    try (JsonParser json = JSON.createParser(body)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "plan" -> plan = json.getText();
          case "version" -> version = json.getText();
          case "axis" -> axis = json.getText();
          case "cells" -> cells = json.getIntValue();
          case "configuration" -> configuration = readTexts(json);
          default -> json.skipChildren();
        }
      }
    }
    return new Header(plan, version, configuration, axis, cells);
  }

  /** Reads the record of a cell. */
  static CellRecord readCell(String body) throws IOException {
    String plan = "";
    String key = "";
    List<CellPoint> points = new ArrayList<>();
    try (JsonParser json = JSON.createParser(body)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "plan" -> plan = json.getText();
          case "key" -> key = json.getText();
          case "points" -> {
            while (json.nextToken() == JsonToken.START_OBJECT) {
              points.add(readPoint(json));
            }
          }
          default -> json.skipChildren();
        }
      }
    }
    return new CellRecord(plan, key, new CellResult(points));
  }

  private static CellPoint readPoint(JsonParser json) throws IOException {
    double value = Double.NaN;
    Map<String, Estimate> metrics = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      if (field.equals("value")) {
        value = Double.parseDouble(json.getText());
      } else {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          metrics.put(name, readEstimate(json));
        }
      }
    }
    return new CellPoint(value, metrics);
  }

  private static Estimate readEstimate(JsonParser json) throws IOException {
    double mean = Double.NaN;
    double error = Double.NaN;
    long count = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "mean" -> mean = Double.parseDouble(json.getText());
        case "standard_error" -> error = Double.parseDouble(json.getText());
        default -> count = json.getLongValue();
      }
    }
    return new Estimate(mean, error, count);
  }

  private static Map<String, String> readTexts(JsonParser json) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      texts.put(name, json.getText());
    }
    return texts;
  }
}
