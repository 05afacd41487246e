package org.definetti.benchmarks.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.definetti.experiment.AtomicFile;

/**
 * Writes the measured tables and the figures of {@code docs/performance.md} from three runs of
 * {@code definetti bench}: with the peer, with {@code --plain} and with {@code --scaling}.
 *
 * <p>The page's prose is by hand; what stands between a pair of comments is replaced.
 */
public final class PerformancePage {

  private static final String PAGE = "performance.md";
  private static final double HUNDRED = 100;

  /** What a training step should reach at least, as a share of the peak. */
  private static final Map<String, Double> PEAK_MUST =
      Map.of("64,64,64,4", 0.70, "64,512,64,4", 0.55, "256,40,128,4", 0.83, "32,2048,64,4", 0.50);

  /** What the single-query head should reach at least, as a share of the limit that binds. */
  private static final double LIMIT_MUST = 0.60;

  private PerformancePage() {}

  /** Takes the directories of the three runs and that of the documentation. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 4) {
      throw new IllegalArgumentException("expected RUN PLAIN-RUN SCALING-RUN DOCS");
    }
    Path run = Path.of(arguments[0]);
    Path scaling = Path.of(arguments[2]);
    Path docs = Path.of(arguments[3]);
    List<Map<String, String>> rows = read(run.resolve(Run.FILE));
    List<Map<String, String>> plain = read(Path.of(arguments[1]).resolve(Run.FILE));
    List<Map<String, String>> curves = read(scaling.resolve(Run.FILE));
    String text = Files.readString(docs.resolve(PAGE));
    text = replace(text, "machine", machine(run, rows));
    text = replace(text, "table", table(rows));
    text = replace(text, "plain", plainTable(plain));
    text = replace(text, "threads", threads(curves));
    AtomicFile.write(docs.resolve(PAGE), text);
    try (DirectoryStream<Path> figures =
        Files.newDirectoryStream(scaling.resolve("plots"), "*.svg")) {
      for (Path figure : figures) {
        String name = "performance-" + figure.getFileName();
        AtomicFile.write(docs.resolve("images").resolve(name), Files.readString(figure));
      }
    }
  }

  private static List<Map<String, String>> read(Path file) throws IOException {
    CsvSchema header = CsvSchema.emptySchema().withHeader();
    try (MappingIterator<Map<String, String>> rows =
        new CsvMapper().readerForMapOf(String.class).with(header).readValues(file.toFile())) {
      return rows.readAll();
    }
  }

  /** Replaces what stands between the comments {@code <!-- measured: name -->} and its end. */
  static String replace(String text, String name, String content) {
    String begin = "<!-- measured: " + name + " -->\n";
    String end = "<!-- end -->";
    int from = text.indexOf(begin);
    int to = text.indexOf(end, from);
    if (from < 0 || to < 0) {
      throw new IllegalArgumentException(PAGE + ": expected " + begin + "…" + end + ", got none");
    }
    return text.substring(0, from + begin.length()) + content + text.substring(to);
  }

  private static String machine(Path run, List<Map<String, String>> rows) throws IOException {
    JsonNode manifest = new ObjectMapper().readTree(run.resolve("manifest.json").toFile());
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "JDK %s, %s, %s processors; peak %.0f GFLOP/s in float32 with %s threads.%n%n",
            manifest.path("jdk").asText(),
            manifest.path("operatingSystem").asText(),
            manifest.path("processors").asText(),
            rows.stream().mapToDouble(row -> number(row, "peak_gflops")).max().orElse(Double.NaN),
            field(rows.get(0), "threads")));
    rows.stream()
        .map(row -> field(row, "peer"))
        .filter(peer -> !peer.isEmpty())
        .distinct()
        .sorted()
        .forEach(peer -> text.append("- Peer: ").append(peer).append('\n'));
    return text.toString();
  }

  private static String table(List<Map<String, String>> rows) {
    StringBuilder text = new StringBuilder();
    text.append("| Work | B, L, d, H | Ours, ms | PyTorch, ms | Ratio | Of the peak ");
    text.append("| Of the limit that binds | Must | Reached |\n");
    text.append("|---|---|---:|---:|---:|---:|---:|---|---|\n");
    for (Map<String, String> row : rows) {
      boolean block = Work.of(field(row, "work")).isBlock();
      double share = number(row, block ? "peak_share" : "limit_share");
      double must = block ? PEAK_MUST.getOrDefault(shape(row), Double.NaN) : LIMIT_MUST;
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
              field(row, "work"),
              shape(row).replace(",", ", "),
              span(row, "ours"),
              span(row, "peer"),
              field(row, "counts").equals("false") ? "void" : format("%.2f", number(row, "ratio")),
              percent(number(row, "peak_share")),
              percent(number(row, "limit_share")) + " " + field(row, "limit"),
              Double.isNaN(must) ? "" : percent(must) + (block ? " of the peak" : " of the limit"),
              Double.isNaN(must) ? "" : share >= must ? "yes" : "**no**"));
    }
    return text.toString();
  }

  private static String plainTable(List<Map<String, String>> rows) {
    StringBuilder text = new StringBuilder();
    text.append(
        "| Work | B, L, d, H | Vector, ms | Plain loops, ms | Times | Plain of the peak |\n");
    text.append("|---|---|---:|---:|---:|---:|\n");
    for (Map<String, String> row : rows) {
      if (!Double.isNaN(number(row, "plain_ms"))) {
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %s | %.3g | %.3g | %.1f | %s |%n",
                field(row, "work"),
                shape(row).replace(",", ", "),
                number(row, "ours_ms"),
                number(row, "plain_ms"),
                number(row, "plain_ratio"),
                percent(number(row, "plain_peak_share"))));
      }
    }
    return text.toString();
  }

  /** The rows of the curve against threads are the last of their run, from one thread on. */
  private static String threads(List<Map<String, String>> rows) {
    int start = rows.size() - 1;
    while (start > 0 && number(rows.get(start), "threads") > 1) {
      start--;
    }
    StringBuilder text = new StringBuilder();
    Map<String, String> one = rows.get(start);
    for (Map<String, String> row : rows.subList(start + 1, rows.size())) {
      text.append(
          String.format(
              Locale.ROOT,
              "From 1 to %s threads, at %s: %.2f times as fast; the machine's peak grows %.2f times"
                  + ", PyTorch's step %s.%n",
              field(row, "threads"),
              shape(row).replace(",", ", "),
              number(one, "ours_ms") / number(row, "ours_ms"),
              number(row, "peak_gflops") / number(one, "peak_gflops"),
              format("%.2f times", number(one, "peer_ms") / number(row, "peer_ms"))));
    }
    return text.toString();
  }

  private static String shape(Map<String, String> row) {
    return String.join(
        ",",
        field(row, "batch"),
        field(row, "length"),
        field(row, "dimension"),
        field(row, "heads"));
  }

  private static String span(Map<String, String> row, String side) {
    double median = number(row, side + "_ms");
    return Double.isNaN(median)
        ? ""
        : Times.text(median)
            + " ("
            + Times.text(number(row, side + "_low_ms"))
            + " to "
            + Times.text(number(row, side + "_high_ms"))
            + ")";
  }

  private static String percent(double share) {
    return format("%.0f %%", HUNDRED * share);
  }

  private static String format(String form, double number) {
    return Double.isNaN(number) ? "" : String.format(Locale.ROOT, form, number);
  }

  private static String field(Map<String, String> row, String column) {
    return Objects.requireNonNull(row.get(column), column);
  }

  private static double number(Map<String, String> row, String column) {
    String text = field(row, column);
    return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
  }
}
