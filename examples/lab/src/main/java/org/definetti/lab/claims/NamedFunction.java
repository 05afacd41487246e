package org.definetti.lab.claims;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.CausalForm;
import org.definetti.symmetry.EquivariantForm;
import org.definetti.symmetry.Gram;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.RowOrder;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * A sequence function with a name, made for the sizes of a plan: the forms that the claims on
 * symmetry confirm, and the controls that they have to catch.
 *
 * @param name short, for the part or the control
 * @param of the function for a plan
 */
record NamedFunction(String name, Function<AuditPlan, SequenceFunction> of) {

  private static final Seed WEIGHTS = Seed.of(210_6741).child("symmetry");
  private static final double BIAS = 0.1;

  static final NamedFunction SOFTMAX =
      new NamedFunction("softmax", plan -> GramAttention.softmax(plan.dimension()));

  static final NamedFunction GAUSSIAN =
      new NamedFunction("gaussian", plan -> GramAttention.gaussian(plan.dimension()));

  static final NamedFunction KNOWLEDGE =
      new NamedFunction("knowledge", plan -> GramAttention.knowledge(plan.dimension()));

  /** f = X Xᵀ X: a polynomial of degree three. */
  static final NamedFunction CUBIC =
      new NamedFunction("cubic", plan -> EquivariantForm.ofTokens(Gram::tokenBlock));

  /** A softmax layer whose weights are quadratic forms of the knowledge (ES7), and a skip. */
  static final NamedFunction WEIGHTED =
      new NamedFunction(
          "knowledge-as-weights",
          plan -> {
            RandomGenerator rng = WEIGHTS.child("weighted").generator();
            int k = plan.knowledge();
            double scale = 1.0 / (k * plan.dimension());
            return GramAttention.weighted(
                    normal(k, k, rng).scale(scale), normal(k, k, rng).scale(scale))
                .withSkip();
          });

  static final NamedFunction TWO_HEADS =
      new NamedFunction(
          "two-heads-and-skip",
          plan ->
              GramAttention.softmax(plan.dimension())
                  .plus(GramAttention.knowledge(plan.dimension()))
                  .withSkip());

  static final NamedFunction RELU =
      new NamedFunction("ReLU", plan -> (x, z) -> map(x, value -> Math.max(0, value)));

  static final NamedFunction LAYER_NORM =
      new NamedFunction("LayerNorm", plan -> (x, z) -> layerNorm(x));

  static final NamedFunction POSITIONS =
      new NamedFunction(
          "attention with fixed positions",
          plan -> {
            SimpleMatrix positions = weight("positions", plan.tokens(), plan.dimension());
            return (x, z) -> {
              SimpleMatrix placed = x.plus(positions);
              return SoftmaxAttention.of(plan.dimension())
                  .attend(placed, Context.of(placed, placed));
            };
          });

  static final NamedFunction GENERIC =
      new NamedFunction(
          "attention with generic weights",
          plan -> {
            int d = plan.dimension();
            SimpleMatrix keys = weight("keys", d, d);
            SimpleMatrix values = weight("values", d, d);
            return (x, z) ->
                SoftmaxAttention.of(d).attend(x, Context.of(x.mult(keys), x.mult(values)));
          });

  static final NamedFunction FROZEN =
      new NamedFunction(
          "frozen knowledge",
          plan ->
              GramAttention.knowledge(plan.dimension())
                  .withKnowledge(weight("frozen", plan.knowledge(), plan.dimension())));

  /** Adds 0.1 i to coordinate i. */
  static final NamedFunction BIASED =
      new NamedFunction(
          "bias",
          plan ->
              (x, z) -> {
                double[] row = new double[x.getNumCols()];
                Arrays.setAll(row, j -> BIAS * j);
                SimpleMatrix bias = new SimpleMatrix(1, row.length, true, row);
                return GramAttention.softmax(plan.dimension())
                    .transform(x, z)
                    .plus(SimpleMatrix.ones(x.getNumRows(), 1).mult(bias));
              });

  /** An equivariant function for tokens within a norm of 5, and ReLU for the others. */
  static final NamedFunction FAR_RELU =
      new NamedFunction(
          "ReLU beyond a norm of 5",
          plan -> (x, z) -> map(x, value -> x.normF() > 5 ? Math.max(0, value) : value));

  /** Norms of rows times one fixed vector: even, where an equivariant function is odd. */
  static final NamedFunction EVEN =
      new NamedFunction(
          "row norms times a vector",
          plan -> {
            SimpleMatrix vector = weight("vector", 1, plan.dimension());
            return (x, z) -> {
              double[] norms = new double[x.getNumRows()];
              Arrays.setAll(norms, i -> x.extractVector(true, i).normF());
              return new SimpleMatrix(norms.length, 1, true, norms).mult(vector);
            };
          });

  static final NamedFunction SQUARES =
      new NamedFunction("squares", plan -> (x, z) -> map(x, value -> value * value));

  /** {@code y_i = x_i + x_(i-1) / 2}, around the end. */
  static final NamedFunction CONVOLUTION =
      new NamedFunction("circular convolution", plan -> (x, z) -> x.plus(shifted(x, 1).scale(0.5)));

  static final NamedFunction CAUSAL =
      new NamedFunction(
          "causal mask", plan -> CausalForm.of(GramAttention.softmax(plan.dimension())));

  /** {@code h_i = tanh(h_(i-1) W + x_i)}. */
  static final NamedFunction RECURRENCE =
      new NamedFunction(
          "recurrence",
          plan -> {
            int d = plan.dimension();
            SimpleMatrix weight = weight("state", d, d).scale(0.9 / Math.sqrt(d)); // not chaotic
            return (x, z) -> recurrence(weight, x);
          });

  static final NamedFunction RMS_NORM =
      new NamedFunction(
          "RMSNorm", plan -> EquivariantForm.ofTokens(gram -> diagonal(gram, plan.dimension())));

  /** {@code y_i = Σ_j softmax(<x_i, R_(i-j) x_j>) x_j}: a turn of each plane, by its own speed. */
  static final NamedFunction ROTARY =
      new NamedFunction("rotary positions", plan -> (x, z) -> rotary(x));

  /** {@code f = M X}, M fixed: linear, and blind to the basis. */
  static final NamedFunction MIXING =
      new NamedFunction(
          "linear mixing",
          plan -> {
            SimpleMatrix mixing = weight("mixing", plan.tokens(), plan.tokens());
            return (x, z) -> mixing.mult(x);
          });

  private static SimpleMatrix diagonal(Gram gram, int dimension) {
    double[] out = new double[gram.tokens() * gram.tokens()];
    for (int i = 0; i < gram.tokens(); i++) {
      out[i * gram.tokens() + i] = 1 / Math.sqrt(gram.matrix().get(i, i) / dimension);
    }
    return new SimpleMatrix(gram.tokens(), gram.tokens(), true, out);
  }

  private static SimpleMatrix rotary(SimpleMatrix x) {
    int n = x.getNumRows();
    int d = x.getNumCols();
    double[] turned = new double[n * d];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j + 1 < d; j += 2) {
        double angle = i / (1.0 + j);
        turned[i * d + j] = Math.cos(angle) * x.get(i, j) - Math.sin(angle) * x.get(i, j + 1);
        turned[i * d + j + 1] = Math.sin(angle) * x.get(i, j) + Math.cos(angle) * x.get(i, j + 1);
      }
    }
    SimpleMatrix placed = new SimpleMatrix(n, d, true, turned);
    return SoftmaxAttention.of(d).attend(placed, Context.of(placed, x));
  }

  /** Returns this function under another name. */
  NamedFunction named(String newName) {
    return new NamedFunction(newName, of);
  }

  private static SimpleMatrix recurrence(SimpleMatrix weight, SimpleMatrix x) {
    int d = x.getNumCols();
    double[] out = new double[x.getNumElements()];
    SimpleMatrix state = new SimpleMatrix(1, d);
    for (int i = 0; i < x.getNumRows(); i++) {
      state = map(state.mult(weight).plus(x.extractVector(true, i)), Math::tanh);
      System.arraycopy(state.getDDRM().data, 0, out, i * d, d);
    }
    return new SimpleMatrix(x.getNumRows(), d, true, out);
  }

  private static SimpleMatrix layerNorm(SimpleMatrix x) {
    int d = x.getNumCols();
    SimpleMatrix means = x.mult(SimpleMatrix.ones(d, d)).divide(d);
    SimpleMatrix centred = x.minus(means);
    double[] out = centred.getDDRM().data.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] /= centred.extractVector(true, i / d).normF() / Math.sqrt(d);
    }
    return new SimpleMatrix(x.getNumRows(), d, true, out);
  }

  static SimpleMatrix shifted(SimpleMatrix x, int shift) {
    int[] order = RowOrder.cyclic(x.getNumRows(), shift);
    int d = x.getNumCols();
    double[] rows = new double[x.getNumElements()];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(x.getDDRM().data, order[i] * d, rows, i * d, d);
    }
    return new SimpleMatrix(order.length, d, true, rows);
  }

  static SimpleMatrix map(SimpleMatrix x, DoubleUnaryOperator function) {
    double[] out = Arrays.stream(x.getDDRM().data).map(function).toArray();
    return new SimpleMatrix(x.getNumRows(), x.getNumCols(), true, out);
  }

  /** Returns weights that belong to a name, the same in every run: a function is what it is. */
  static SimpleMatrix weight(String name, int rows, int columns) {
    return normal(rows, columns, WEIGHTS.child(name).generator());
  }

  private static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }
}
