package org.definetti.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.derivation.BeliefReadout;
import org.definetti.derivation.Derivation;
import org.definetti.latent.Check;
import org.definetti.latent.LatentModel;
import org.definetti.layer.Layer;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;

/**
 * Measures attentions against the exact posterior of a model over sequence lengths and seeds.
 *
 * <pre>{@code
 * SweepResult result =
 *     Sweep.of(model).withLengths(128, 256, 512).withDerived("cme").withSeeds(20).execute(1);
 * Verdict verdict =
 *     result.curve("cme", "squared-gap").rate(128, 512).expect(-1, 0.05);
 * }</pre>
 *
 * <p>Sequence i of seed s is the same for every attention and every length (nested prefixes), so
 * all comparisons are paired. Same seed, same bits, whatever the number of threads; with a journal
 * (see {@link Runner}) every finished cell is kept, and a run that was stopped continues.
 *
 * <p>An immutable value.
 */
public final class Sweep {

  /** The axis a sweep runs along. */
  public static final String LENGTH = "length";

  private static final String ATTENTION = "attention";
  private static final String OBJECTIVE = "objective";

  private final LatentModel<?> model;
  private final Map<String, Entry> entries;
  private final Settings settings;

  /**
   * One attention of the sweep; either given or trained.
   *
   * @param label states temperature and normalisation where they are known, else empty
   */
  private record Entry(
      String name,
      String origin,
      String label,
      @Nullable Attention attention,
      @Nullable Training training) {

    String trainLength() {
      return training == null ? "" : training.lengthsLabel();
    }

    String label(LatentModel<?> model, Objective objective) {
      return training == null ? label : training.layer(model, objective).label();
    }

    /** Returns the attention, or what training begins with. */
    Attention form(LatentModel<?> model, Objective objective, RandomGenerator rng) {
      if (attention != null) {
        return attention;
      }
      Layer layer = Objects.requireNonNull(training).layer(model, objective);
      return layer.toAttention(layer.initial(rng));
    }

    /** Returns all that changes a number; what a user's lambda computes only its name can tell. */
    String identity(LatentModel<?> model, Objective objective) {
      String what = name + ":" + origin;
      return training == null
          ? what + ":" + label
          : what + ":" + training + ":" + training.layer(model, objective);
    }
  }

  /** Everything but the model and the attentions; copied, changed once and never again. */
  private static final class Settings implements Cloneable {

    private List<Integer> lengths = List.of(4, 8, 16, 32, 64, 128, 256);
    private List<Objective> objectives = List.of(Objective.MASKED);
    private int sequences = 50;
    private int seeds = 10;
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

  private Sweep(LatentModel<?> model, Map<String, Entry> entries, Settings settings) {
    this.model = model;
    this.entries = entries;
    this.settings = settings;
  }

  /** Returns a sweep of no attention yet: lengths 4 to 256 doubling, 10 seeds of 50 sequences. */
  public static Sweep of(LatentModel<?> model) {
    Objects.requireNonNull(model, "model");
    return new Sweep(model, Map.of(), new Settings());
  }

  /**
   * Returns this sweep over other lengths.
   *
   * @param lengths tokens seen, increasing, each at least 1. Not modified.
   * @throws IllegalArgumentException if there is none or they do not increase
   */
  public Sweep withLengths(int... lengths) {
    Check.atLeast("lengths", 1, lengths.length);
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] < (i == 0 ? 1 : lengths[i - 1] + 1)) {
        throw new IllegalArgumentException(
            "lengths: expected increasing from 1, got " + Arrays.toString(lengths));
      }
    }
    return new Sweep(
        model, entries, settings.with(s -> s.lengths = Arrays.stream(lengths).boxed().toList()));
  }

  /** Returns this sweep with an attention of your own, for example a lambda. */
  public Sweep withAttention(String name, Attention attention) {
    return with(new Entry(name, "given", "", Objects.requireNonNull(attention, "attention"), null));
  }

  /**
   * Returns this sweep with the attention derived from the model in a given form.
   *
   * @param form for example {@code null-token-softmax}
   * @throws IllegalArgumentException if the model has no attention of this form
   */
  public Sweep withDerived(String form) {
    return withDerived(Derivation.of(model, form));
  }

  /** Returns this sweep with a derived attention, named by its form. */
  public Sweep withDerived(Derivation derivation) {
    return with(
        new Entry(derivation.form(), "derived", derivation.label(), derivation.attention(), null));
  }

  /** Returns this sweep with an attention trained on the model's sequences. */
  public Sweep withTrained(String name, Training training) {
    return with(new Entry(name, "trained", "", null, Objects.requireNonNull(training, "training")));
  }

  /** Returns this sweep with these objectives: what is asked of the tokens; masked by default. */
  public Sweep withObjectives(Objective... objectives) {
    Check.atLeast("objectives", 1, objectives.length);
    if (List.of(objectives).contains(Objective.LATENT)) {
      throw new IllegalArgumentException(
          "objectives: expected masked, supervised or next-token, whose answer is a predictive"
              + " mean, got latent");
    }
    return new Sweep(model, entries, settings.with(s -> s.objectives = List.of(objectives)));
  }

  /** Returns this sweep with {@code sequences} sequences of each seed. */
  public Sweep withSequences(int sequences) {
    Check.atLeast("sequences", 1, sequences);
    return new Sweep(model, entries, settings.with(s -> s.sequences = sequences));
  }

  /** Returns this sweep with {@code seeds} seeds: independent repetitions, training included. */
  public Sweep withSeeds(int seeds) {
    Check.atLeast("seeds", 1, seeds);
    return new Sweep(model, entries, settings.with(s -> s.seeds = seeds));
  }

  /**
   * Returns this sweep with one more axis on which all its cells have the same value, so that
   * curves of several sweeps in one file are told apart.
   */
  public Sweep withAxis(String axis, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings.axes);
    more.put(axis, value);
    return new Sweep(model, entries, settings.with(s -> s.axes = more));
  }

  /**
   * Returns this sweep with another runner: how many threads, which journal, who hears the
   * progress. No number depends on it.
   */
  public Sweep withRunner(Runner runner) {
    return new Sweep(model, entries, settings.with(s -> s.runner = runner));
  }

  private Sweep with(Entry entry) {
    Map<String, Entry> more = new LinkedHashMap<>(entries);
    String id = entry.name() + ":" + entry.origin() + ":" + entry.trainLength();
    if (entry.name().isBlank() || more.put(id, entry) != null) {
      throw new IllegalArgumentException(
          "name: expected a name not yet in the sweep, got '" + entry.name() + "'");
    }
    return new Sweep(model, more, settings);
  }

  /**
   * Returns what this sweep will do: its cells in their order and all that changes a number.
   *
   * @throws IllegalArgumentException if there is no attention
   */
  public Plan plan(Seed seed) {
    Check.atLeast("attentions", 1, entries.size());
    List<Cell> cells = new ArrayList<>();
    for (Entry entry : entries.values()) {
      for (Objective objective : settings.objectives) {
        for (int s = 0; s < settings.seeds; s++) {
          cells.add(cell(entry, objective, s));
        }
      }
    }
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("model", model.description().text());
    configuration.put("lengths", settings.lengths.toString());
    configuration.put("sequences", String.valueOf(settings.sequences));
    configuration.put("seeds", String.valueOf(settings.seeds));
    configuration.put("seed", String.valueOf(seed.value()));
    for (Entry entry : entries.values()) {
      for (Objective objective : settings.objectives) {
        String key = "attention " + entry.name() + " " + objective.label();
        configuration.merge(key, entry.identity(model, objective), (a, b) -> a + "; " + b);
      }
    }
    return Plan.of(configuration, LENGTH, cells);
  }

  /**
   * Returns for each attention whose output determines no belief about the latent, and which
   * therefore has no {@code posterior-kl}, the reason in one sentence.
   *
   * <p>Whether it does depends on its form only, so two tokens tell, and a trained one before it is
   * trained.
   */
  public Map<String, String> withoutBelief() {
    Map<String, String> reasons = new LinkedHashMap<>();
    RandomGenerator rng = Seed.of(0).generator();
    Context context = Context.of(model, model.sample(2, rng).tokens());
    for (Entry entry : entries.values()) {
      try {
        BeliefReadout.of(model, entry.form(model, settings.objectives.get(0), rng), context);
      } catch (UnsupportedOperationException e) {
        reasons.put(entry.name() + ":" + entry.origin(), String.valueOf(e.getMessage()));
      } catch (IllegalArgumentException e) {
        // It determines something, if no belief of the model: that is measured, as infinite.
      }
    }
    return reasons;
  }

  private Cell cell(Entry entry, Objective objective, int seed) {
    Cell cell = Cell.of("model", model.description().name());
    for (Map.Entry<String, String> axis : settings.axes.entrySet()) {
      cell = cell.with(axis.getKey(), axis.getValue());
    }
    return cell.with(ATTENTION, entry.name())
        .with("origin", entry.origin())
        .with(OBJECTIVE, objective.label())
        .with("train_length", entry.trainLength())
        .with("form", entry.label(model, objective))
        .with(Cell.SEED, String.valueOf(seed));
  }

  /**
   * Runs the sweep.
   *
   * @param seed the root of every draw
   * @throws IllegalArgumentException if there is no attention, or the directory holds another run
   * @throws CellFailedException if a cell fails, naming it; what was finished stays in the journal
   */
  public SweepResult execute(long seed) {
    return execute(Seed.of(seed));
  }

  /** Runs the sweep; see {@link #execute(long)}. */
  public SweepResult execute(Seed seed) {
    Map<Cell, Supplier<CellResult>> tasks = new LinkedHashMap<>();
    Plan plan = plan(seed);
    int next = 0;
    for (Entry entry : entries.values()) {
      for (Objective objective : settings.objectives) {
        for (int s = 0; s < settings.seeds; s++) {
          Seed own = seed.child(s);
          tasks.put(plan.cells().get(next++), () -> measure(entry, objective, own));
        }
      }
    }
    return new SweepResult(
        settings.runner.execute(plan, cell -> Objects.requireNonNull(tasks.get(cell)).get()));
  }

  private CellResult measure(Entry entry, Objective objective, Seed seed) {
    int[] lengths = settings.lengths.stream().mapToInt(Integer::intValue).toArray();
    return Evaluation.of(
        model,
        objective,
        lengths,
        attention(entry, objective, seed),
        settings.sequences,
        seed.child("evaluation").child(objective.label()));
  }

  private IntFunction<Attention> attention(Entry entry, Objective objective, Seed seed) {
    Attention given = entry.attention();
    if (given != null) {
      return length -> given;
    }
    Training training = Objects.requireNonNull(entry.training());
    Seed own = seed.child("training").child(entry.name()).child(objective.label());
    if (!training.eachLength()) {
      Attention trained = training.fit(model, objective, 0, own);
      return length -> trained;
    }
    Map<Integer, Attention> byLength = new LinkedHashMap<>();
    for (int length : settings.lengths) {
      byLength.put(length, training.fit(model, objective, length, own.child(length)));
    }
    return length -> Objects.requireNonNull(byLength.get(length));
  }
}
