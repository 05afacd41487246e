package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.definetti.lab.run.Manifest;
import org.definetti.lab.run.RunDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures speed, side by side with a peer.
 *
 * <p>The measuring is in the module of benchmarks, which is not part of the laboratory: the
 * launcher puts it on the class path for this command alone, and it is found by name.
 */
@Command(
    name = "bench",
    description = {
      "Measures how fast training and inference are, beside the machine's limits and a peer.",
      "Writes bench.csv. The peer, PyTorch, is downloaded by Maven when first asked for (115 MB)."
    })
public final class BenchCommand implements Callable<Integer> {

  /** Does the measuring; implemented by the module of benchmarks. */
  public interface Measurement {

    /**
     * Measures, prints one line a row and writes {@code bench.csv} and the manifest.
     *
     * @param out the run's directory
     */
    void measure(BenchOptions options, Manifest manifest, Path out, PrintWriter console);
  }

  private static final String MEASUREMENT = "org.definetti.benchmarks.compare.SideBySide";

  private static final String PEER = "pytorch";

  @Option(names = "--peer", paramLabel = "PEER", description = "Beside it: pytorch; default none.")
  @Nullable String peer;

  @Option(
      names = "--work",
      paramLabel = "W,…",
      defaultValue = "train,infer,single-query-train",
      description = "What to time; default ${DEFAULT-VALUE}.")
  String work = "train,infer,single-query-train";

  @Option(
      names = "--shapes",
      paramLabel = "B,L,d,H;…",
      defaultValue = "",
      description = "Batch, length, dimension, heads; default those of docs/performance.md.")
  String shapes = "";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of every side; default one per processor.")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--plain", description = "Also the plain loops, beside the fast kernels.")
  boolean plain;

  @Option(
      names = "--scaling",
      description = "Instead: a step against B, L, d and threads, drawn into plots/.")
  boolean scaling;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where to write; default runs/<time>-bench.")
  @Nullable Path out;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Options.atLeast("threads", 1, threads);
    if (peer != null && !peer.equals(PEER)) {
      throw new IllegalArgumentException("peer: expected " + PEER + ", got " + peer);
    }
    List<String> works = Arrays.stream(work.split(",", -1)).map(String::strip).toList();
    BenchOptions options = new BenchOptions(works, shapes, threads, peer != null, plain, scaling);
    Measurement measurement = find();
    Manifest manifest = new Manifest("bench", 1, configuration());
    Path directory = RunDirectory.of(out, manifest, false);
    measurement.measure(options, manifest, directory, spec.commandLine().getOut());
    return 0;
  }

  private static Measurement find() {
    try {
      return Class.forName(MEASUREMENT)
          .asSubclass(Measurement.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "bench: expected the module of benchmarks on the class path (./definetti bench puts it"
              + " there), got none",
          e);
    }
  }

  private Map<String, Object> configuration() {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("peer", peer == null ? "" : peer);
    configuration.put("work", work);
    configuration.put("shapes", shapes);
    configuration.put("threads", threads);
    configuration.put("plain", plain);
    configuration.put("scaling", scaling);
    return configuration;
  }
}
