package org.definetti.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The network that a hidden Markov model, a latent tree or a latent grid dictates, with its weights
 * left free: hidden states that tell one another what they have seen (claim XS12).
 *
 * <pre>{@code
 * b_i   = exp(Σ_w v_w log B(·, w)), v the value seen at place i;  1 where none is;  ⊙ π at place 0
 * m     ← normalise((b_i ⊙ Π of the messages heard at i) M)      each message of the plan
 * out_w = log Σ_k p_k B(k, w),   p ∝ b ⊙ Π of the messages heard, at the asked place
 * }</pre>
 *
 * <ul>
 *   <li>Where: K states, W categories; M, B and π the row-wise softmax of free logits. On a tree a
 *       message is M x in the place of x M: row k of M is always the law of a neighbour's state
 *       given state k here. On a grid there is no π.
 *   <li>With the model's own A, B and π it is {@link
 *       org.definetti.architecture.GatedRecurrence#nextTokens}, {@link
 *       org.definetti.architecture.RecursiveNetwork#root} with a readout, {@link
 *       org.definetti.architecture.LocalNetwork#grid} with a readout, whose ψ is proportional to A
 *       where ψ has equal row sums.
 *   <li>Shapes: values (n, W), one-hot where a category is seen; outputs (W), logs of
 *       probabilities. Keys and queries are not read.
 *   <li>Parameters: {@code edge.logit} (K, K), {@code emission.logit} (K, W), {@code prior.logit}
 *       (1, K) unless the plan is a grid. Invariances: any order of the states; a constant added to
 *       a row of logits.
 *   <li>Edge cases: without a token the answer is the prior's; places of the plan where no token is
 *       say nothing.
 *   <li>Cost: O(n K W + messages · K²) a sample forward, about three times that backward; passes
 *       are computed in double precision.
 *   <li>Reference form: {@link #toAttention}; gradients are tested against its central differences.
 *   <li>Source: [derived] (check XS12), from the recursions that the derived networks name.
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class MessageLayer extends SampleLayer {

  static final String EDGE = "edge.logit";
  static final String EMISSION = "emission.logit";
  static final String PRIOR = "prior.logit";

  private record Options(MessagePlan plan, int states) {}

  private final Options options;

  private MessageLayer(Widths widths, Options options) {
    super(widths, options, shapes(widths, options));
    this.options = options;
  }

  /**
   * Returns the layer for these widths.
   *
   * @param widths values and targets of equal width W, the number of categories
   * @param states K, at least 1
   */
  public static MessageLayer of(Widths widths, MessagePlan plan, int states) {
    Objects.requireNonNull(plan, "plan");
    Check.atLeast("states", 1, states);
    if (widths.value() != widths.target()) {
      throw new ShapeMismatchException("widths: expected targets as wide as values, got " + widths);
    }
    return new MessageLayer(widths, new Options(plan, states));
  }

  private static List<ParameterShape> shapes(Widths widths, Options options) {
    List<ParameterShape> shapes = new ArrayList<>();
    shapes.add(new ParameterShape(EDGE, options.states, options.states));
    shapes.add(new ParameterShape(EMISSION, options.states, widths.value()));
    if (options.plan.isRooted()) {
      shapes.add(new ParameterShape(PRIOR, 1, options.states));
    }
    return shapes;
  }

  /** Returns the structure. */
  public MessagePlan plan() {
    return options.plan;
  }

  /** Returns K. */
  public int states() {
    return options.states;
  }

  /** Draws logits of edges and emissions from N(0, 1); the prior starts uniform. */
  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = Parameters.zeros(shapes());
    int drawn = options.states * (options.states + widths().value());
    for (int i = 0; i < drawn; i++) {
      parameters.data()[i] = (float) Normal.draw(rng);
    }
    return parameters;
  }

  @Override
  @Nullable String whyNotEmpty() {
    return null;
  }

  @Override
  public long workspaceBytes(int size, int length) {
    MessageSteps steps = options.plan.steps(Math.min(length, options.plan.most()));
    long numbers = steps.places + 2L * steps.source.length + 1;
    return (long) Double.BYTES * size * numbers * options.states
        + (long) (Double.BYTES + 2 * Float.BYTES) * size * widths().target();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the plan has no places for so many tokens
   */
  @Override
  SampleWorkspace newWorkspace(int size, int length) {
    if (length > options.plan.most()) {
      throw new IllegalArgumentException(
          "length: expected at most " + options.plan.most() + " tokens, got " + length);
    }
    return new MessagePass(this, size, length);
  }

  @Override
  void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace) {
    ((MessagePass) workspace).forward(theta, batch, from, to);
  }

  @Override
  void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    ((MessagePass) workspace).backward(batch, from, to, gradient);
  }

  @Override
  public LayerCost cost(int length) {
    MessageSteps steps = options.plan.steps(length);
    long states = options.states;
    long heard = steps.heardAtAnswer(length).length;
    for (int step = 0; step < steps.count(length); step++) {
      heard += steps.heard[step].length;
    }
    long products = steps.count(length) * states * states + heard * states;
    return new LayerCost(
        LayerCost.parameters(this),
        (length + 1) * states * widths().value() + products,
        options.plan.depth(length),
        length);
  }

  @Override
  public Attention toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    return reference(parameters.matrices());
  }

  /** Returns the reference form with these parameters. */
  Attention reference(Map<String, SimpleMatrix> parameters) {
    return new MessageReference(options.plan, parameters);
  }

  @Override
  public String label() {
    return "messages on a " + options.plan + ", " + options.states + " states, normalised";
  }
}
