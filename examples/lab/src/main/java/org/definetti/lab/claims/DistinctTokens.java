package org.definetti.lab.claims;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockShape;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.sparse.TrainingSet;
import org.definetti.layer.Layer;
import org.definetti.layer.SymbolStringLayer;
import org.definetti.layer.Workspace;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.sparse.AdditiveMap;
import org.definetti.sparse.SparseFunction;
import org.definetti.sparse.TokenTable;
import org.definetti.sparse.TransformerHead;
import org.ejml.simple.SimpleMatrix;

/**
 * V4: bit strings have only 2T + 1 different tokens, so scores and values are computed once.
 *
 * <pre>{@code
 * f(bits) = Σ_t P_(t, b_t)[values] / Σ_t P_(t, b_t)[weights],   P_k = (e^s_k v_k, e^s_k)
 * }</pre>
 *
 * <ul>
 *   <li>Measured: {@link TokenTable} against the row of [CLS] of the full layer, over random
 *       strings and scores up to thousands; the float32 training form {@link SymbolStringLayer}
 *       against the reference block, and its gradients against the same network token by token.
 *   <li>Controls: one largest score for all strings without a floor, which gives 0 / 0 where a
 *       string lacks that token; a network whose strings have one bit turned.
 *   <li>Source: [derived] (check V4).
 * </ul>
 */
public final class DistinctTokens implements Claim {

  private static final double EXACT = 1e-10;
  private static final double SINGLE = 2e-5; // float32 through some hundred operations
  private static final double GRADIENT = 1e-3; // relative Frobenius error of a parameter's gradient
  private static final double SHARP = 2e3; // times normal scores: e^-SHARP is zero

  /** Returns the claim. */
  public DistinctTokens() {}

  @Override
  public String id() {
    return "V4";
  }

  @Override
  public String slug() {
    return "distinct-tokens";
  }

  @Override
  public String statement() {
    return "Strings of T bits contain only 2T + 1 different tokens, so a head's scores and values"
        + " can be computed once for all strings and summed per string, with the same outputs and"
        + " gradients.";
  }

  @Override
  public Source source() {
    return Source.derived("check V4");
  }

  @Override
  public String prediction() {
    return "double precision: largest difference from the full layer <= 1e-10 at any score, none"
        + " of them NaN; float32: outputs within 2e-5 of the reference block, every parameter's"
        + " gradient within 1e-3";
  }

  @Override
  public List<String> tags() {
    return List.of("sparse", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 1 : 5);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int strings = budget == Budget.SMOKE ? 20 : 200;
    List<Integer> lengths = budget == Budget.SMOKE ? List.of(5, 40) : List.of(5, 40, 400);
    return ClaimResult.of(
        table(strings, lengths, seed.child("table")),
        outputs(strings, lengths, seed.child("outputs")),
        gradients(strings, lengths, seed.child("gradients")));
  }

  private static ClaimPart table(int strings, List<Integer> lengths, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int length : lengths) {
      RandomGenerator rng = seed.child(length).generator();
      AdditiveMap map = AdditiveMap.orthonormal(length);
      int d = map.dimension();
      for (double sharpness : new double[] {1, SHARP}) {
        TransformerHead head =
            TransformerHead.of(
                normal(d, 3, rng).scale(sharpness), normal(d, 3, rng), normal(d, 4, rng));
        TokenTable table = TokenTable.of(head, map);
        SimpleMatrix cls = new SimpleMatrix(1, d, true, map.cls());
        double[] scores = head.scores(allTokens(map), cls).getDDRM().data;
        for (int n = 0; n < strings; n++) {
          BitSet bits = draw(length, rng);
          SimpleMatrix rows = map.tokens(bits).concatRows(cls);
          double[] expected = head.attend(rows, cls).getDDRM().data;
          right.add(table.attend(bits).getDDRM().data, expected);
          wrong.add(sumOfWeights(scores, bits, length) > 0 ? 0 : Double.NaN, 0);
        }
      }
    }
    return ClaimPart.of("double-precision", right.atMost(EXACT))
        .withControl(
            Control.of(
                wrong.atMost(EXACT),
                "the largest score of the table for every string, no floor: 0 / 0"));
  }

  /** Σ_t exp(s_t - the largest score of the table), as a form with one maximum would divide by. */
  private static double sumOfWeights(double[] scores, BitSet bits, int length) {
    double most = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      most = Math.max(most, score);
    }
    double sum = Math.exp(scores[2 * length] - most);
    for (int t = 0; t < length; t++) {
      sum += Math.exp(scores[2 * t + (bits.get(t) ? 1 : 0)] - most);
    }
    return sum;
  }

  /** Both tokens of every position, [CLS] last. */
  private static SimpleMatrix allTokens(AdditiveMap map) {
    int d = map.dimension();
    double[] rows = new double[(2 * map.length() + 1) * d];
    for (int k = 0; k < 2 * map.length(); k++) {
      System.arraycopy(map.token(k / 2, k % 2 == 1), 0, rows, k * d, d);
    }
    System.arraycopy(map.cls(), 0, rows, 2 * map.length() * d, d);
    return new SimpleMatrix(2 * map.length() + 1, d, true, rows);
  }

  private static ClaimPart outputs(int strings, List<Integer> lengths, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int length : lengths) {
      RandomGenerator rng = seed.child(length).generator();
      SymbolStringLayer layer = layer(length);
      Parameters parameters = layer.initial(rng);
      Batch batch = strings(length, strings, rng);
      float[] outputs = forward(layer, parameters, batch).output();
      float bit = batch.values(1)[0];
      for (int n = 0; n < Math.min(10, strings); n++) {
        SimpleMatrix expected =
            layer
                .toAttention(parameters)
                .attend(new SimpleMatrix(1, 1), Context.of(zeros(length), values(batch, n)));
        right.add(outputs[n], expected.get(0, 0));
      }
      batch.values(0)[0] = bit;
      batch.values(1)[0] = 1 - bit;
      wrong.add(forward(layer, parameters, batch).output()[0], outputs[0]);
    }
    return ClaimPart.of("float32-outputs", right.atMost(SINGLE))
        .withControl(
            Control.of(
                wrong.atMost(SINGLE),
                String.format(Locale.ROOT, "one bit turned: off by %.2g", wrong.largest())));
  }

  private static ClaimPart gradients(int strings, List<Integer> lengths, Seed seed) {
    double largest = 0;
    double other = 0;
    for (int length : lengths) {
      RandomGenerator rng = seed.child(length).generator();
      SymbolStringLayer layer = layer(length);
      Parameters parameters = layer.initial(rng);
      Batch batch = strings(length, strings, rng);
      Parameters own = gradient(layer, parameters, batch);
      Parameters expected = gradient(layer.tokenByToken(), parameters, batch);
      batch.targets()[0] = 1 - batch.targets()[0];
      Parameters relabelled = gradient(layer, parameters, batch);
      double floor = 0;
      for (ParameterShape shape : layer.shapes()) {
        floor = Math.max(floor, 1e-6 * expected.matrix(shape.name()).normF());
      }
      for (ParameterShape shape : layer.shapes()) {
        String name = shape.name();
        if (!name.equals("embedding.bias")) {
          SimpleMatrix exact = expected.matrix(name);
          double size = Math.max(exact.normF(), floor / GRADIENT);
          largest = Math.max(largest, own.matrix(name).minus(exact).normF() / size);
          other = Math.max(other, relabelled.matrix(name).minus(exact).normF() / size);
        }
      }
    }
    Prediction near = Prediction.atMost(GRADIENT);
    return ClaimPart.of("float32-gradients", Verdict.exact(largest, near))
        .withControl(
            Control.of(
                Verdict.exact(other, near),
                String.format(Locale.ROOT, "one label turned: off by %.2g", other)));
  }

  private static SymbolStringLayer layer(int length) {
    BlockShape block = BlockShape.of(32, 4).withPreNorm();
    return SymbolStringLayer.of(2, length, 1, block).withSpread(0.3);
  }

  private static Batch strings(int length, int count, RandomGenerator rng) {
    return TrainingSet.strings(
        SparseFunction.parity(length, SparseInputs.first(2)), count, 0.5, rng);
  }

  private static Workspace forward(Layer layer, Parameters parameters, Batch batch) {
    Workspace workspace = layer.workspace(batch.size(), batch.length());
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, batch.size(), workspace);
    return workspace;
  }

  /** Of half the mean squared error. */
  private static Parameters gradient(Layer layer, Parameters parameters, Batch batch) {
    Workspace workspace = forward(layer, parameters, batch);
    for (int b = 0; b < batch.size(); b++) {
      workspace.outputGradient()[b] = (workspace.output()[b] - batch.targets()[b]) / batch.size();
    }
    Parameters gradient = parameters.zeros();
    layer.backward(parameters, batch, 0, batch.size(), workspace, gradient);
    return gradient;
  }

  private static SimpleMatrix values(Batch batch, int string) {
    SimpleMatrix values = new SimpleMatrix(batch.length(), 2);
    for (int t = 0; t < batch.length(); t++) {
      values.getDDRM().data[2 * t] = batch.values(0)[string * batch.length() + t];
      values.getDDRM().data[2 * t + 1] = batch.values(1)[string * batch.length() + t];
    }
    return values;
  }

  private static SimpleMatrix zeros(int length) {
    return new SimpleMatrix(length, 1);
  }

  private static BitSet draw(int length, RandomGenerator rng) {
    BitSet bits = new BitSet();
    for (int t = 0; t < length; t++) {
      bits.set(t, rng.nextBoolean());
    }
    return bits;
  }

  private static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, rng);
    return new SimpleMatrix(rows, columns, true, numbers);
  }
}
