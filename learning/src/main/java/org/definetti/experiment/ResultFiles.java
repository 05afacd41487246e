package org.definetti.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files that hold what a run found; the same results give the same bytes.
 *
 * <ul>
 *   <li>{@code cells.jsonl}: one line for each cell and value of the swept axis, in plan order.
 *   <li>{@code curves.csv}: the curves pooled over seeds, with 95 % intervals.
 *   <li>{@code slopes.csv}: the fitted slopes with what was expected of them.
 *   <li>{@code local-slopes.csv}: the slopes between neighbouring values of the swept axis.
 *   <li>{@code curves.jsonl}, {@code slopes.jsonl}, {@code local-slopes.jsonl}: the same tables as
 *       JSON Lines.
 * </ul>
 *
 * <p>A cell and a point of a curve whose exact answers are themselves too uncertain to judge by are
 * marked {@code oracle-error}, see {@link Curve#doubtful}; no verdict follows from them.
 *
 * <p>Each file is written whole, see {@link AtomicFile}. There are no times in them.
 */
public final class ResultFiles {

  private static final String[] KEY_COLUMNS = {
    "model", "attention", "origin", "objective", "train_length", "metric", "axis"
  };

  private ResultFiles() {}

  /** Writes all files into a directory. */
  public static void write(Path directory, List<Results> results, List<JudgedRate> rates) {
    List<Curve> curves = results.stream().flatMap(run -> run.curves().stream()).toList();
    AtomicFile.write(directory.resolve("cells.jsonl"), cells(results));
    write(directory, "curves", curveTable(curves));
    write(directory, "slopes", slopeTable(rates));
    write(
        directory, "local-slopes", localSlopeTable(rates.stream().map(JudgedRate::rate).toList()));
  }

  /** Writes a table into a directory, as {@code NAME.csv} and as {@code NAME.jsonl}. */
  public static void write(Path directory, String name, Csv table) {
    AtomicFile.write(directory.resolve(name + ".csv"), table.text());
    AtomicFile.write(directory.resolve(name + ".jsonl"), table.jsonLines());
  }

  /** Returns the text of {@code cells.jsonl}: NaN and infinities are strings. */
  public static String cells(List<Results> results) {
    StringBuilder text = new StringBuilder();
    for (Results run : results) {
      List<Cell> cells = run.plan().cells();
      for (int i = 0; i < cells.size(); i++) {
        Cell cell = cells.get(i);
        for (CellPoint point : run.cells().get(i).points()) {
          String value = Numbers.text(point.value());
          Map<String, String> axes = cell.with(run.plan().sweptAxis(), value).axes();
          text.append(line(cell.key(), axes, point)).append('\n');
        }
      }
    }
    return text.toString();
  }

  private static String line(String key, Map<String, String> axes, CellPoint point) {
    return JournalCodec.json(
        json -> {
          json.writeStartObject();
          json.writeStringField("key", key);
          JournalCodec.texts(json, "axes", axes);
          JournalCodec.metrics(json, point.metrics());
          if (Curves.isDoubtful(point)) {
            json.writeStringField("mark", Metric.ORACLE_ERROR.label());
          }
          json.writeEndObject();
        });
  }

  /**
   * Returns the text of {@code curves.csv}; the column {@code mark} is there if a point has one.
   */
  public static String curves(List<Curve> curves) {
    return curveTable(curves).text();
  }

  private static Csv curveTable(List<Curve> curves) {
    boolean marks = curves.stream().anyMatch(curve -> !curve.doubtful().isEmpty());
    List<String> columns =
        new ArrayList<>(
            List.of("value", "fixed", "mean", "standard_error", "low", "high", "count"));
    if (marks) {
      columns.add("mark");
    }
    Csv csv = Csv.withColumns(columns(columns.toArray(String[]::new)));
    for (Curve curve : curves) {
      for (CurvePoint point : curve.points()) {
        List<Object> row =
            new ArrayList<>(
                List.of(
                    point.value(),
                    curve.key().fixed(),
                    point.mean(),
                    point.standardError(),
                    point.interval().low(),
                    point.interval().high(),
                    point.count()));
        if (marks) {
          boolean marked = curve.doubtful().contains(point.value());
          row.add(marked ? Metric.ORACLE_ERROR.label() : "");
        }
        csv.row(fields(curve.key(), row.toArray()));
      }
    }
    return csv;
  }

  /**
   * Returns the text of {@code slopes.csv}; predicted and verdict are empty where none is claimed.
   */
  public static String slopes(List<JudgedRate> rates) {
    return slopeTable(rates).text();
  }

  private static Csv slopeTable(List<JudgedRate> rates) {
    Csv csv =
        Csv.withColumns(
            columns("fixed", "from", "to", "slope", "low", "high", "predicted", "verdict"));
    for (JudgedRate judged : rates) {
      Rate rate = judged.rate();
      Verdict verdict = judged.verdict();
      csv.row(
          fields(
              rate.curve(),
              rate.curve().fixed(),
              rate.fit().range().low(),
              rate.fit().range().high(),
              rate.slope(),
              rate.interval().low(),
              rate.interval().high(),
              verdict == null ? "" : (Object) verdict.prediction().value(),
              verdict == null ? "" : verdict.outcome()));
    }
    return csv;
  }

  /** Returns the text of {@code local-slopes.csv}. */
  public static String localSlopes(List<Rate> rates) {
    return localSlopeTable(rates).text();
  }

  private static Csv localSlopeTable(List<Rate> rates) {
    Csv csv = Csv.withColumns(columns("fixed", "from", "to", "slope", "low", "high"));
    for (Rate rate : rates) {
      for (LocalSlope local : rate.localSlopes()) {
        csv.row(
            fields(
                rate.curve(),
                rate.curve().fixed(),
                local.values().low(),
                local.values().high(),
                local.slope(),
                local.interval().low(),
                local.interval().high()));
      }
    }
    return csv;
  }

  private static String[] columns(String... more) {
    return Stream.concat(Stream.of(KEY_COLUMNS), Stream.of(more)).toArray(String[]::new);
  }

  private static Object[] fields(CurveKey key, Object... more) {
    Stream<Object> first =
        Stream.concat(
            CurveKey.COLUMNS.stream().map(key::axis), Stream.of(key.metric(), key.sweptAxis()));
    return Stream.concat(first, Stream.of(more)).toArray();
  }
}
