package org.definetti.risk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import org.definetti.engine.Parameters;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Training;
import org.definetti.latent.Check;
import org.definetti.latent.LatentModel;
import org.definetti.layer.Layer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.FixedDataSet;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingOptions;
import org.jspecify.annotations.Nullable;

/**
 * Splits what a trained attention loses to the Bayes predictor into three parts, against length and
 * number of samples.
 *
 * <pre>{@code
 * R(f) - R(e) = [R(f*) - R(e)] + [R(f_n) - R(f*)] + [R(f) - R(f_n)]
 *             =  approximation +  generalisation  +  optimisation
 *
 * ErrorDecomposition.of(model, "softmax", Training.of(SoftmaxHeadLayer::of))
 *     .withLengths(8, 64).withSampleCounts(100, 1000)
 *     .execute(seed)
 *     .againstLength(ErrorTerm.GENERALISATION, 1000).points()
 * }</pre>
 *
 * <ul>
 *   <li>Where: e the exact predictive mean, f* the best attention of the class at that length, f_n
 *       the one of least risk on the n samples, f the one that training stopped at.
 *   <li>f* is trained on fresh samples {@link #withSearch longer} than f, unless the approximation
 *       error is {@linkplain #withApproximation known}: zero where the derived attention is in the
 *       class. f_n is the best of f, of f trained on, and of restarts, all longer, unless there is
 *       a {@linkplain #withMinimiser formula}. A search that falls short moves weight from
 *       optimisation to generalisation, never to or from their sum.
 *   <li>Each seed has its own data, initial parameters and evaluation sequences; the n samples are
 *       the first n of the most, so numbers of samples are paired. Intervals are over seeds.
 *   <li>All risks by the loss of the training, in the layer's own float32, on {@code sequences}
 *       fresh sequences whose targets are replaced by the exact predictive mean; see {@link
 *       AnsweredSamples}.
 *   <li>Cost a seed and length: about {@code 2 + counts · (1 + (restarts + 1) · longer)} trainings.
 *   <li>Source: the split [source: Zhang-2022, abstract]; as a telescoping sum [recalled: Bottou
 *       and Bousquet].
 * </ul>
 *
 * <p>An immutable value; the same seed gives the same bits on any number of threads.
 */
public final class ErrorDecomposition {

  /** The axis of the number of tokens seen. */
  public static final String LENGTH = "length";

  /** The axis of the number n of samples. */
  public static final String SAMPLES = "samples";

  private final LatentModel<?> model;
  private final String name;
  private final Training training;
  private final Settings settings;

  /** Everything with a default; copied, changed once and never again. */
  private static final class Settings implements Cloneable {

    private Objective objective = Objective.SUPERVISED;
    private List<Integer> lengths = List.of(8, 32, 128);
    private List<Integer> counts = List.of(100, 400, 1600);
    private int seeds = 5;
    private int sequences = 1000;
    private int restarts = 1;
    private int longer = 4;
    private @Nullable IntToDoubleFunction approximation;
    private @Nullable EmpiricalMinimiser minimiser;
    private Map<String, String> axes = Map.of();
    private Runner runner = Runner.withDefaults();

    private Settings with(Consumer<Settings> change) {
      try {
        Settings copy = (Settings) clone();
        change.accept(copy);
        return copy;
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private ErrorDecomposition(
      LatentModel<?> model, String name, Training training, Settings settings) {
    this.model = Objects.requireNonNull(model, "model");
    this.name = Objects.requireNonNull(name, "name");
    this.training = Objects.requireNonNull(training, "training");
    this.settings = settings;
  }

  /**
   * Returns the decomposition for attentions trained in this way on labels: lengths 8, 32 and 128,
   * 100, 400 and 1600 samples, 5 seeds.
   *
   * @param name of the attention, in curves
   * @param training its lengths and sample count are replaced
   */
  public static ErrorDecomposition of(LatentModel<?> model, String name, Training training) {
    return new ErrorDecomposition(model, name, training, new Settings());
  }

  private ErrorDecomposition with(Consumer<Settings> change) {
    return new ErrorDecomposition(model, name, training, settings.with(change));
  }

  /** Returns this decomposition for another objective. */
  public ErrorDecomposition withObjective(Objective objective) {
    Objects.requireNonNull(objective, "objective");
    return with(s -> s.objective = objective);
  }

  /**
   * Returns this decomposition at other lengths.
   *
   * @param lengths increasing, each at least 1. Not modified.
   */
  public ErrorDecomposition withLengths(int... lengths) {
    List<Integer> list = increasing("lengths", lengths);
    return with(s -> s.lengths = list);
  }

  /**
   * Returns this decomposition for other numbers n of samples.
   *
   * @param counts increasing, each at least 1. Not modified.
   */
  public ErrorDecomposition withSampleCounts(int... counts) {
    List<Integer> list = increasing("counts", counts);
    return with(s -> s.counts = list);
  }

  private static List<Integer> increasing(String argument, int[] numbers) {
    Check.atLeast(argument, 1, numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < (i == 0 ? 1 : numbers[i - 1] + 1)) {
        throw new IllegalArgumentException(
            argument + ": expected increasing from 1, got " + Arrays.toString(numbers));
      }
    }
    return Arrays.stream(numbers).boxed().toList();
  }

  /** Returns this decomposition with so many seeds: data, training and evaluation of their own. */
  public ErrorDecomposition withSeeds(int seeds) {
    Check.atLeast("seeds", 1, seeds);
    return with(s -> s.seeds = seeds);
  }

  /** Returns this decomposition with so many fresh sequences a seed to measure risks on. */
  public ErrorDecomposition withSequences(int sequences) {
    Check.atLeast("sequences", 1, sequences);
    return with(s -> s.sequences = sequences);
  }

  /**
   * Returns this decomposition with another search for f* and f_n.
   *
   * @param restarts trainings from new initial parameters, at least 0
   * @param longer how many times as many steps as the training each of them takes, at least 1
   */
  public ErrorDecomposition withSearch(int restarts, int longer) {
    Check.atLeast("restarts", 0, restarts);
    Check.atLeast("longer", 1, longer);
    return with(
        s -> {
          s.restarts = restarts;
          s.longer = longer;
        });
  }

  /** Returns this decomposition with a known approximation error at each length. */
  public ErrorDecomposition withApproximation(IntToDoubleFunction error) {
    Objects.requireNonNull(error, "error");
    return with(s -> s.approximation = error);
  }

  /** Returns this decomposition with a formula for f_n. */
  public ErrorDecomposition withMinimiser(EmpiricalMinimiser minimiser) {
    Objects.requireNonNull(minimiser, "minimiser");
    return with(s -> s.minimiser = minimiser);
  }

  /** Returns this decomposition with one more axis on which all its cells have the same value. */
  public ErrorDecomposition withAxis(String axis, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings.axes);
    more.put(axis, value);
    return with(s -> s.axes = more);
  }

  /** Returns this decomposition with another runner. No number depends on it. */
  public ErrorDecomposition withRunner(Runner runner) {
    Objects.requireNonNull(runner, "runner");
    return with(s -> s.runner = runner);
  }

  /** Returns what will be done: a cell for each length and seed, and all that changes a number. */
  public Plan plan(Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (int length : settings.lengths) {
      for (int s = 0; s < settings.seeds; s++) {
        cells.add(cell(length, s));
      }
    }
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("model", model.description().text());
    configuration.put("training", training + ", " + training.layer(model, settings.objective));
    configuration.put("samples", settings.counts.toString());
    configuration.put("sequences", String.valueOf(settings.sequences));
    configuration.put("search", settings.restarts + " restarts, " + settings.longer + " as long");
    configuration.put("approximation", approximations());
    configuration.put("minimiser", settings.minimiser == null ? "search" : "formula");
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(configuration, SAMPLES, cells);
  }

  private String approximations() {
    IntToDoubleFunction known = settings.approximation;
    return known == null
        ? "search"
        : settings.lengths.stream().map(known::applyAsDouble).toList().toString();
  }

  private Cell cell(int length, int seed) {
    Cell cell = Cell.of("model", model.description().name());
    for (Map.Entry<String, String> axis : settings.axes.entrySet()) {
      cell = cell.with(axis.getKey(), axis.getValue());
    }
    return cell.with("attention", name)
        .with("origin", "trained")
        .with("objective", settings.objective.label())
        .with(LENGTH, String.valueOf(length))
        .with(Cell.SEED, String.valueOf(seed));
  }

  /**
   * Measures all terms on the grid.
   *
   * @throws org.definetti.experiment.CellFailedException if a cell fails, naming it
   */
  public DecompositionResult execute(Seed seed) {
    return new DecompositionResult(
        settings.runner.execute(
            plan(seed),
            cell ->
                measure(
                    Integer.parseInt(cell.axis(LENGTH)),
                    seed.child(cell.axis(LENGTH)).child(cell.axis(Cell.SEED)))));
  }

  private CellResult measure(int length, Seed seed) {
    int most = settings.counts.get(settings.counts.size() - 1);
    AnsweredSamples fresh = draw(settings.sequences, length, seed.child("evaluation"));
    AnsweredSamples data = draw(most, length, seed.child("data"));
    double approximation = approximation(length, fresh, seed.child("best"));
    List<CellPoint> points = new ArrayList<>();
    for (int n : settings.counts) {
      points.add(
          new CellPoint(n, decompose(n, data, fresh, approximation, seed.child("fit").child(n))));
    }
    return new CellResult(points);
  }

  private AnsweredSamples draw(int count, int length, Seed seed) {
    return AnsweredSamples.draw(
        model, settings.objective, new FixedDataSet.Size(count, length), seed);
  }

  private double approximation(int length, AnsweredSamples fresh, Seed seed) {
    if (settings.approximation != null) {
      return settings.approximation.applyAsDouble(length);
    }
    Trainer trainer =
        training
            .withSampleCount(0)
            .trainer(model, settings.objective, length, seed)
            .withOptions(longer());
    Parameters best = trainer.fit(seed.child("fit")).parameters();
    return fresh.excess(LayerOutputs.of(layer(), best, fresh.data()), training.loss());
  }

  private Map<String, Estimate> decompose(
      int n, AnsweredSamples data, AnsweredSamples fresh, double approximation, Seed seed) {
    Loss loss = training.loss();
    FixedDataSet seen = data.data().first(n);
    Trainer trainer = training.trainer(model, settings.objective, seen);
    Parameters trained = trainer.fit(seed).parameters();
    Parameters least = least(trainer, trained, seen, seed);
    LayerOutputs onSample = LayerOutputs.of(layer(), trained, seen);
    double excess = fresh.excess(LayerOutputs.of(layer(), trained, fresh.data()), loss);
    double excessOfLeast = fresh.excess(LayerOutputs.of(layer(), least, fresh.data()), loss);
    Map<String, Estimate> terms = new TreeMap<>();
    put(terms, ErrorTerm.EXCESS, excess);
    put(terms, ErrorTerm.APPROXIMATION, approximation);
    put(terms, ErrorTerm.GENERALISATION, excessOfLeast - approximation);
    put(terms, ErrorTerm.OPTIMISATION, excess - excessOfLeast);
    put(
        terms,
        ErrorTerm.TRAINING_GAP,
        onSample.risk(loss, n) - LayerOutputs.of(layer(), least, seen).risk(loss, n));
    put(terms, ErrorTerm.GENERALISATION_GAP, excess - data.excessOnSample(onSample, loss, n));
    put(terms, ErrorTerm.BAYES_RISK, fresh.bayesRisk(loss, fresh.count()));
    return terms;
  }

  private static void put(Map<String, Estimate> terms, ErrorTerm term, double value) {
    terms.put(term.label(), Estimate.exact(value));
  }

  /** Returns the parameters of least risk on the samples that the formula or the search finds. */
  private Parameters least(Trainer trainer, Parameters trained, FixedDataSet seen, Seed seed) {
    if (settings.minimiser != null) {
      return settings.minimiser.minimise(layer(), seen);
    }
    Trainer search = trainer.withOptions(longer());
    List<Parameters> candidates = new ArrayList<>();
    candidates.add(trained);
    candidates.add(search.fit(trained).parameters());
    for (int r = 0; r < settings.restarts; r++) {
      candidates.add(search.fit(seed.child("restart").child(r)).parameters());
    }
    Parameters least = trained;
    double lowest = Double.POSITIVE_INFINITY;
    for (Parameters candidate : candidates) {
      double risk = LayerOutputs.of(layer(), candidate, seen).risk(training.loss(), seen.count());
      if (risk < lowest) {
        least = candidate;
        lowest = risk;
      }
    }
    return least;
  }

  private Layer layer() {
    return training.layer(model, settings.objective);
  }

  private TrainingOptions longer() {
    TrainingOptions options = training.options();
    return options.withSteps(Math.multiplyExact(options.steps(), settings.longer));
  }
}
