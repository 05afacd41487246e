package org.definetti.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.optimise.OptimiserState;

/**
 * All that a training run needs to continue with the same bits.
 *
 * <p>Written atomically as one file in the open safetensors layout (see {@link TensorFile}), which
 * Python and others read: each parameter of the solution so far under its own name and, if the
 * optimiser stands elsewhere, where it stands under {@code iterate.<name>}; moment i of the
 * optimiser under {@code optimiser.i.<name>}; the loss log as {@code log} (entries, 3) with columns
 * step, loss and learning rate; the sum and number of losses not yet logged as {@code log.open} (1,
 * 2); validation losses, if any, as {@code validation} (entries, 2) with columns step and loss. The
 * metadata hold {@code format}, {@code step} and {@code configuration}, the hash of everything that
 * fixes the run's bits.
 *
 * @param configuration hash of layer, loss, data, optimiser, schedule, rule, kernels and initial
 *     parameters
 * @param solution what the fit would return now: the average if the optimiser averages, the best on
 *     validation data with early stopping, else where the optimiser stands
 * @param parameters where the optimiser stands
 * @param optimiserState the optimiser's state; its steps are the run's
 * @param log the loss log so far
 * @param validation the validation losses so far
 * @param openLoss sum of the losses since the last entry of the log
 * @param openCount their number
 */
public record Checkpoint(
    String configuration,
    Parameters solution,
    Parameters parameters,
    OptimiserState optimiserState,
    List<LossPoint> log,
    List<ValidationPoint> validation,
    double openLoss,
    int openCount) {

  private static final String FORMAT = "definetti-checkpoint-1";
  private static final String MOMENT = "optimiser.";
  private static final String ITERATE = "iterate.";
  private static final String LOG = "log";
  private static final String OPEN = "log.open";
  private static final String VALIDATION = "validation";

  /** Copies the logs. */
  public Checkpoint {
    log = List.copyOf(log);
    validation = List.copyOf(validation);
  }

  /** Returns the number of steps taken. */
  public long step() {
    return optimiserState.steps();
  }

  /**
   * Writes the checkpoint in place of the file, at once or not at all.
   *
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void write(Path file) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("step", Long.toString(step()));
    metadata.put("configuration", configuration);
    List<TensorFile.Tensor> tensors = new ArrayList<>();
    addAll(tensors, "", solution);
    if (!solution.equals(parameters)) {
      addAll(tensors, ITERATE, parameters);
    }
    for (int i = 0; i < optimiserState.moments().size(); i++) {
      addAll(tensors, MOMENT + i + ".", optimiserState.moments().get(i));
    }
    tensors.add(TensorFile.Tensor.ofDoubles(LOG, log.size(), 3, logNumbers()));
    tensors.add(TensorFile.Tensor.ofDoubles(OPEN, 1, 2, new double[] {openLoss, openCount}));
    if (!validation.isEmpty()) {
      tensors.add(
          TensorFile.Tensor.ofDoubles(VALIDATION, validation.size(), 2, validationNumbers()));
    }
    new TensorFile(metadata, tensors).write(file);
  }

  private static void addAll(
      List<TensorFile.Tensor> tensors, String prefix, Parameters parameters) {
    int offset = 0;
    for (ParameterShape shape : parameters.shapes()) {
      tensors.add(TensorFile.Tensor.ofFloats(prefix, shape, parameters.data(), offset));
      offset += shape.size();
    }
  }

  private double[] logNumbers() {
    double[] numbers = new double[log.size() * 3];
    for (int i = 0; i < log.size(); i++) {
      LossPoint point = log.get(i);
      numbers[i * 3] = point.step();
      numbers[i * 3 + 1] = point.loss();
      numbers[i * 3 + 2] = point.learningRate();
    }
    return numbers;
  }

  private double[] validationNumbers() {
    double[] numbers = new double[validation.size() * 2];
    for (int i = 0; i < validation.size(); i++) {
      numbers[i * 2] = validation.get(i).step();
      numbers[i * 2 + 1] = validation.get(i).loss();
    }
    return numbers;
  }

  /**
   * Reads a checkpoint.
   *
   * @throws IllegalArgumentException if the file is not a checkpoint or is damaged
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  public static Checkpoint read(Path file) {
    TensorFile content = TensorFile.read(file);
    String format = content.metadata().get("format");
    if (!FORMAT.equals(format)) {
      throw new IllegalArgumentException(
          "checkpoint: expected format " + FORMAT + " in " + file + ", got " + format);
    }
    List<ParameterShape> shapes = new ArrayList<>();
    int moments = 0;
    boolean elsewhere = false;
    List<ValidationPoint> validation = List.of();
    for (TensorFile.Tensor tensor : content.tensors()) {
      String name = tensor.name();
      if (name.startsWith(MOMENT)) {
        moments = 1 + Integer.parseInt(name.split("\\.", 3)[1]);
      } else if (name.startsWith(ITERATE)) {
        elsewhere = true;
      } else if (name.equals(VALIDATION)) {
        validation = readValidation(tensor.doubles());
      } else if (!name.equals(LOG) && !name.equals(OPEN)) {
        shapes.add(new ParameterShape(name, tensor.rows(), tensor.columns()));
      }
    }
    List<Parameters> state = new ArrayList<>();
    for (int i = 0; i < moments; i++) {
      state.add(readAll(content, MOMENT + i + ".", shapes));
    }
    double[] open = content.tensor(OPEN).doubles();
    return new Checkpoint(
        String.valueOf(content.metadata().get("configuration")),
        readAll(content, "", shapes),
        readAll(content, elsewhere ? ITERATE : "", shapes),
        OptimiserState.of(Long.parseLong(content.metadata().getOrDefault("step", "0")), state),
        readLog(content.tensor(LOG).doubles()),
        validation,
        open[0],
        (int) open[1]);
  }

  private static Parameters readAll(
      TensorFile content, String prefix, List<ParameterShape> shapes) {
    Parameters parameters = Parameters.zeros(shapes);
    int offset = 0;
    for (ParameterShape shape : shapes) {
      content.tensor(prefix + shape.name()).copyFloats(parameters.data(), offset);
      offset += shape.size();
    }
    return parameters;
  }

  private static List<LossPoint> readLog(double[] numbers) {
    List<LossPoint> log = new ArrayList<>();
    for (int i = 0; i + 2 < numbers.length; i += 3) {
      log.add(new LossPoint((long) numbers[i], numbers[i + 1], numbers[i + 2]));
    }
    return log;
  }

  private static List<ValidationPoint> readValidation(double[] numbers) {
    List<ValidationPoint> validation = new ArrayList<>();
    for (int i = 0; i + 1 < numbers.length; i += 2) {
      validation.add(new ValidationPoint((long) numbers[i], numbers[i + 1]));
    }
    return validation;
  }
}
