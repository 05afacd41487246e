package org.definetti.lab.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Expectation;
import org.definetti.experiment.Metric;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Results;
import org.definetti.experiment.Sweep;
import org.definetti.lab.data.Predictions;
import org.definetti.lab.data.SequenceFormat;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.lab.report.Report;
import org.definetti.lab.run.Build;
import org.definetti.lab.run.Manifest;
import org.definetti.lab.run.RunDirectory;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.objective.Objective;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures the predictions of anybody's network against the exact predictive mean.
 *
 * <p>Sequences of one length are dealt in turn to at most ten blocks, which play the part of the
 * seeds of a sweep: curve, interval, slope and verdict are then those of a sweep.
 */
@Command(
    name = "score",
    description = {
      "Measures anyone's predictions against the exact predictive mean.",
      "They answer the model's label query: 1,0,0,… for (key, value) tokens, else none.",
      "Prints the squared gap for each length, its slope over the lengths, and verdicts."
    })
public final class ScoreCommand implements Callable<Integer> {

  private static final int MOST_BLOCKS = 10;
  private static final String NAME = "predictions";

  @Mixin ModelOption model = new ModelOption();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "Sequences as .csv, .jsonl, .npy, .npz (see 'definetti sample').")
  Path data = Path.of("");

  @Option(
      names = "--predictions",
      required = true,
      paramLabel = "FILE",
      description = {
        "One prediction for each sequence: .csv with the columns sequence,y1,y2,…,",
        "or .npy of shape (count, width) in the order of the sequences."
      })
  Path predictions = Path.of("");

  @Mixin ExpectOption expect = new ExpectOption();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write result files and a report there.")
  @Nullable Path out;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    LatentModel<?> exact = model.resolve();
    SimpleMatrix query = exact.labelQuery();
    List<Named> sequences = SequenceFormat.read(data, exact.tokenSpace());
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("data: expected at least 1 sequence, got none in " + data);
    }
    int width = exact.prior().predictive(query).mean().getNumCols();
    List<double[]> rows = Predictions.read(predictions, sequences, width);
    Map<Integer, List<Gap>> gaps = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Tokens tokens = sequences.get(i).tokens();
      Predictive predictive = exact.prior().observe(tokens).predictive(query);
      gaps.computeIfAbsent(tokens.length(), length -> new ArrayList<>())
          .add(Gap.of(predictive, rows.get(i)));
    }
    int[] lengths = gaps.keySet().stream().mapToInt(Integer::intValue).toArray();
    List<Expectation> declared = expect.declared(exact, lengths);
    Results results = results(exact, gaps);
    Findings.checkAttentions(declared, results.plan());
    Findings findings = Findings.of(results, declared);
    if (out != null) {
      write(findings, declared, exact, out);
    }
    findings.print(spec.commandLine().getOut());
    return findings.exitCode(declared);
  }

  /**
   * How far one prediction is from the exact mean.
   *
   * @param error how far that may be off where the exact mean is computed numerically, else 0
   */
  private record Gap(double squared, double error) {

    static Gap of(Predictive exact, double[] prediction) {
      SimpleMatrix mean = exact.mean();
      double sum = 0;
      for (int j = 0; j < prediction.length; j++) {
        sum += (mean.get(j) - prediction[j]) * (mean.get(j) - prediction[j]);
      }
      return new Gap(sum, Metric.oracleError(exact.meanError(), sum));
    }
  }

  private static Results results(LatentModel<?> exact, Map<Integer, List<Gap>> gaps) {
    int fewest = gaps.values().stream().mapToInt(List::size).min().orElse(0);
    int blocks = Math.min(MOST_BLOCKS, fewest);
    List<Cell> cells = new ArrayList<>();
    List<CellResult> measured = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      cells.add(
          Cell.of("model", exact.description().name())
              .with("attention", NAME)
              .with("origin", "given")
              .with("objective", Objective.SUPERVISED.label())
              .with(Cell.SEED, String.valueOf(block)));
      List<CellPoint> points = new ArrayList<>();
      for (Map.Entry<Integer, List<Gap>> entry : gaps.entrySet()) {
        points.add(new CellPoint(entry.getKey(), metrics(dealt(entry.getValue(), block, blocks))));
      }
      measured.add(new CellResult(points));
    }
    Plan plan = Plan.of(Build.provenance().version(), Map.of(), Sweep.LENGTH, cells);
    return new Results(plan, measured);
  }

  private static List<Gap> dealt(List<Gap> gaps, int block, int blocks) {
    List<Gap> own = new ArrayList<>();
    for (int i = block; i < gaps.size(); i += blocks) {
      own.add(gaps.get(i));
    }
    return own;
  }

  private static Map<String, Estimate> metrics(List<Gap> gaps) {
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    metrics.put(
        Metric.SQUARED_GAP.label(), Estimate.of(gaps.stream().mapToDouble(Gap::squared).toArray()));
    double[] errors = gaps.stream().mapToDouble(Gap::error).toArray();
    if (Arrays.stream(errors).anyMatch(error -> error != 0)) {
      metrics.put(Metric.ORACLE_ERROR.label(), Estimate.of(errors));
    }
    return metrics;
  }

  private void write(
      Findings findings, List<Expectation> declared, LatentModel<?> exact, Path directory) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("model", model.model);
    configuration.put("data", data.toString());
    configuration.put("predictions", predictions.toString());
    configuration.put("expect", declared.stream().map(Expectation::toString).toList());
    Manifest manifest = new Manifest("score", 0, configuration);
    manifest.model(model.model, exact);
    RunDirectory.of(directory, manifest, false);
    findings.write(directory, 0);
    manifest.end();
    manifest.write(directory);
    Report.write(directory);
  }
}
