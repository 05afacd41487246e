package org.definetti.lab.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.definetti.architecture.GatedRecurrence;
import org.definetti.architecture.LineRecurrence;
import org.definetti.architecture.RecursiveNetwork;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.layer.MessagePlan;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Hidden states on a chain, a tree or a grid, each place seen once through noise; asked for a look
 * at a place where no token is.
 *
 * <pre>{@code
 * chain   x_1 … x_n of a hidden Markov model,    target x_(n+1)
 * tree    a look at each observed node,          target a look at the root
 * grid    a look at each site but one,           target a look at that one
 * exact   P(state there | X) B
 * }</pre>
 *
 * <ul>
 *   <li>States are never shown, neither as tokens nor as targets.
 *   <li>Exact answers are those of the derived networks, {@link GatedRecurrence}, {@link
 *       RecursiveNetwork} and {@link LineRecurrence}.
 *   <li>Source: [derived] (check XS12).
 * </ul>
 *
 * <p>Immutable; the text names the model with all its numbers.
 */
public final class HiddenStatesTask implements Task {

  private final String name;
  private final String text;
  private final MessagePlan plan;
  private final int tokens; // 0: any number
  private final Map<String, SimpleMatrix> weights;
  private final double[][] emission; // B, (K, W)
  private final Function<SimpleMatrix, double[]> law; // of the asked state, from log evidence
  private final int places; // rows of evidence; 0: as many as tokens
  private final int[] seenAt; // place of each token; empty: its own number
  private final StateDraw states;

  /** Draws states of the places of so many tokens, the asked one's last. */
  @FunctionalInterface
  private interface StateDraw {
    int[] draw(int tokens, RandomGenerator rng);
  }

  private HiddenStatesTask(
      String name,
      String text,
      MessagePlan plan,
      Map<String, SimpleMatrix> weights,
      SimpleMatrix emission,
      int places,
      int[] seenAt,
      Function<SimpleMatrix, double[]> law,
      StateDraw states) {
    this.name = name;
    this.text = text;
    this.plan = plan;
    this.tokens = seenAt.length;
    this.weights = Map.copyOf(weights);
    this.emission = rows(emission);
    this.places = places;
    this.seenAt = seenAt;
    this.law = law;
    this.states = states;
  }

  private static double[][] rows(SimpleMatrix matrix) {
    return IntStream.range(0, matrix.getNumRows())
        .mapToObj(i -> matrix.extractVector(true, i).getDDRM().data)
        .toArray(double[][]::new);
  }

  private static List<Categorical> laws(SimpleMatrix matrix) {
    return IntStream.range(0, matrix.getNumRows())
        .mapToObj(i -> Categorical.of(matrix.extractVector(true, i).getDDRM().data))
        .toList();
  }

  private static double[] last(SimpleMatrix rows) {
    return rows.extractVector(true, rows.getNumRows() - 1).getDDRM().data;
  }

  private static Map<String, SimpleMatrix> weights(
      SimpleMatrix edge, SimpleMatrix emission, @Nullable SimpleMatrix prior) {
    Map<String, SimpleMatrix> weights = new LinkedHashMap<>();
    weights.put("edge.logit", edge);
    weights.put("emission.logit", emission);
    if (prior != null) {
      weights.put("prior.logit", prior);
    }
    return weights;
  }

  /** Returns the next token of a hidden Markov model of categories. */
  public static HiddenStatesTask chain(HiddenMarkov model) {
    SimpleMatrix emission = model.emission(0).mean();
    for (int k = 1; k < model.states(); k++) {
      emission = emission.concatRows(model.emission(k).mean());
    }
    GatedRecurrence network = GatedRecurrence.of(model);
    List<Categorical> initial = laws(model.initial());
    List<Categorical> transition = laws(model.transition());
    return new HiddenStatesTask(
        "hidden-markov",
        model.description().text(),
        MessagePlan.chain(),
        weights(model.transition(), emission, model.initial()),
        emission,
        0,
        new int[0],
        evidence -> last(network.nextStates(evidence)),
        (length, rng) -> {
          int[] z = new int[length + 1];
          z[0] = initial.get(0).draw(rng);
          for (int l = 1; l <= length; l++) {
            z[l] = transition.get(z[l - 1]).draw(rng);
          }
          return z;
        });
  }

  /** Returns the root of a tree, its observed nodes seen once each. */
  public static HiddenStatesTask tree(LatentTree model) {
    RecursiveNetwork network = RecursiveNetwork.of(model);
    Categorical initial = laws(model.initial()).get(0);
    List<Categorical> transition = laws(model.transition());
    int[] parents = model.parents();
    int[] observed = model.observed();
    return new HiddenStatesTask(
        "latent-tree",
        model.description().text(),
        MessagePlan.tree(parents, observed),
        weights(model.transition(), model.emission(), model.initial()),
        model.emission(),
        parents.length,
        observed,
        evidence -> network.root(evidence).getDDRM().data,
        (length, rng) -> {
          int[] z = new int[parents.length];
          z[0] = initial.draw(rng);
          for (int i = 1; i < z.length; i++) {
            z[i] = transition.get(z[parents[i]]).draw(rng);
          }
          int[] seen = new int[length + 1];
          for (int l = 0; l < length; l++) {
            seen[l] = z[observed[l]];
          }
          seen[length] = z[0];
          return seen;
        });
  }

  /**
   * Returns one site of a grid, all others seen once.
   *
   * @param iterations of the local network that its plan is
   */
  public static HiddenStatesTask grid(LatentGrid model, int asked, int iterations) {
    LineRecurrence network = LineRecurrence.of(model);
    int sites = model.rows() * model.columns();
    int[] seenAt = IntStream.range(0, sites).filter(site -> site != asked).toArray();
    return new HiddenStatesTask(
        "latent-grid",
        model.description().text() + " asked at " + asked,
        MessagePlan.grid(model.rows(), model.columns(), asked, iterations),
        weights(model.potential(), model.emission(), null),
        model.emission(),
        sites,
        seenAt,
        evidence -> network.propagate(evidence).extractVector(true, asked).getDDRM().data,
        (length, rng) -> {
          SimpleMatrix z = model.drawLatent(rng);
          int[] seen = new int[length + 1];
          for (int l = 0; l <= length; l++) {
            int site = l < length ? seenAt[l] : asked;
            while (z.get(site, seen[l]) == 0) {
              seen[l]++;
            }
          }
          return seen;
        });
  }

  /** Returns the structure of the network that the model dictates. */
  public MessagePlan plan() {
    return plan;
  }

  /** Returns the number of states. */
  public int states() {
    return emission.length;
  }

  /**
   * Returns the model's own weights as logits of a {@link org.definetti.layer.MessageLayer}.
   *
   * @param factor multiplies the odds of another state at the next place; 1 for the model itself
   */
  public Map<String, SimpleMatrix> weights(double factor) {
    Map<String, SimpleMatrix> logits = new LinkedHashMap<>();
    weights.forEach(
        (parameter, matrix) -> {
          double[] logs = matrix.elementLog().getDDRM().data;
          for (int i = 0; parameter.equals("edge.logit") && i < logs.length; i++) {
            logs[i] += i % (states() + 1) == 0 ? 0 : Math.log(factor);
          }
          logits.put(
              parameter, new SimpleMatrix(matrix.getNumRows(), matrix.getNumCols(), true, logs));
        });
    return logits;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Widths widths() {
    return new Widths(1, emission[0].length, emission[0].length);
  }

  @Override
  public Scale scale() {
    return Scale.CATEGORICAL;
  }

  /** {@inheritDoc} A tree and a grid have as many as they have; only a chain can be asked. */
  @Override
  public int tokens(int items) {
    if (tokens > 0 && items != tokens) {
      throw new IllegalArgumentException("items: expected " + tokens + ", got " + items);
    }
    return items;
  }

  @Override
  public int movable(int tokens) {
    return 0;
  }

  @Override
  public void draw(Batch batch, int sample, RandomGenerator rng) {
    SampleRows rows = new SampleRows(batch, sample);
    int[] z = states.draw(rows.length(), rng);
    for (int l = 0; l < rows.length(); l++) {
      rows.setValue(l, look(z[l], rng), 1);
    }
    rows.setTarget(look(z[rows.length()], rng), 1);
  }

  private int look(int state, RandomGenerator rng) {
    double left = rng.nextDouble();
    int category = 0;
    while (category + 1 < emission[state].length && left >= emission[state][category]) {
      left -= emission[state][category];
      category++;
    }
    return category;
  }

  @Override
  public Answer exact(Batch batch, int sample) {
    SampleRows rows = new SampleRows(batch, sample);
    int count = places == 0 ? rows.length() : places;
    double[] evidence = new double[count * states()];
    for (int l = 0; l < rows.length(); l++) {
      int at = (places == 0 ? l : seenAt[l]) * states();
      for (int k = 0; k < states(); k++) {
        for (int w = 0; w < emission[k].length; w++) {
          evidence[at + k] += rows.value(l, w) > 0 ? Math.log(emission[k][w]) : 0;
        }
      }
    }
    double[] asked = law.apply(new SimpleMatrix(count, states(), true, evidence));
    double[] look = new double[emission[0].length];
    for (int k = 0; k < asked.length; k++) {
      for (int w = 0; w < look.length; w++) {
        look[w] += asked[k] * emission[k][w];
      }
    }
    return Answer.of(Scale.CATEGORICAL.loss(look, look), look);
  }

  /** {@inheritDoc} It is known for whoever sees everything. */
  @Override
  public @Nullable Predictor best(Sight sight) {
    if (sight.equals(Sight.everything())) {
      return null;
    }
    throw new UnsupportedOperationException("the best of " + sight + " is not known");
  }

  @Override
  public String toString() {
    return "HiddenStatesTask[" + text + "]";
  }
}
