package org.definetti.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.attention.NullToken;
import org.definetti.attention.SoftmaxHead;
import org.definetti.lab.model.Models;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Sample;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * The norms of a softmax head that {@code definetti train} left, as the bound on heads reads them.
 *
 * <pre>{@code
 * M = W_Kᵀ [W_Q | b_Q] / √h,   score of key k for query q = k·M (q, 1)
 * B_u = √(‖M (q, 1)‖² + b_0²)          if every query is the same, as for masked tokens without keys
 * B_u = √(‖M‖_F² + b_0²) max ‖(q, 1)‖  else: scores are linear in k ⊗ (q, 1)
 * B_V = the largest norm of a row of [W_O W_V | W_O v_0],   B_X = the largest norm of a token (k, v)
 * }</pre>
 *
 * <ul>
 *   <li>Where: h head width, b_0 and v_0 logit and value of the null token, which is a token of
 *       norm one with a direction of its own; 0 without one. A readout's bias moves train and true
 *       loss alike for every head but one more number, and is not in the bound.
 *   <li>B_X and max ‖(q, 1)‖ are those of tokens and queries drawn from the model: where its tokens
 *       have no largest norm, the bound is for tokens clipped there.
 *   <li>Source: [derived] (check V5).
 * </ul>
 *
 * @param length the longest sequence of the training
 * @param samples sequences seen in training
 * @param tokenNorm B_X
 * @param valueNorm B_V
 * @param queryNorm B_u
 * @param drawn the number of tokens drawn to find B_X
 */
record TrainedNorms(
    int length, double samples, double tokenNorm, double valueNorm, double queryNorm, int drawn) {

  private static final int SEQUENCES = 200;

  /**
   * Reads a directory.
   *
   * @param own where classes of models of one's own are looked for
   * @throws IllegalArgumentException if it is not that of a training of a softmax head
   */
  static TrainedNorms read(Path directory, ClassPathOption own) {
    JsonNode configuration = TrainedRun.configuration(directory);
    String named = configuration.path("model").asText("");
    LatentModel<?> model = Models.of(named, own.classes());
    TrainedRun run = TrainedRun.read(directory, named, model);
    if (!(run.attention() instanceof SoftmaxHead head)) {
      throw new IllegalArgumentException(
          "trained: expected a softmax head, whose class the bound covers, got "
              + configuration.path("attention").asText("")
              + ": norms, networks and residuals behind attention are not in it");
    }
    String lengths = configuration.path("train-length").asText("");
    int length = Integer.parseInt(lengths.substring(lengths.lastIndexOf('.') + 1));
    double seen = configuration.path("sample-count").asDouble();
    if (seen == 0) {
      seen = configuration.path("steps").asDouble() * configuration.path("batch-size").asDouble();
    }
    return of(head, model, run.objective(), length, seen);
  }

  private static <Z> TrainedNorms of(
      SoftmaxHead head, LatentModel<Z> model, Objective objective, int length, double samples) {
    RandomGenerator rng = Seed.of(0).child("norms").generator();
    double token = head.nullToken() == null ? 0 : 1;
    double asked = 0;
    SimpleMatrix first = null;
    boolean same = true;
    for (int i = 0; i < SEQUENCES; i++) {
      Sample<Z> sample = model.sample(length, rng);
      Context context = Context.of(model, sample.tokens());
      token = Math.max(token, largestRow(context.keys().concatColumns(context.values())));
      SimpleMatrix query = objective.ask(model, sample.latent(), rng).query();
      SimpleMatrix withOne = query.concatColumns(SimpleMatrix.identity(1));
      first = first == null ? withOne : first;
      same = same && withOne.isIdentical(first, 0);
      asked = Math.max(asked, withOne.normF());
    }
    SimpleMatrix queries =
        head.parameter("query.map").concatColumns(head.parameter("query.bias").transpose());
    SimpleMatrix scoring =
        head.parameter("key.map").transpose().mult(queries).divide(Math.sqrt(head.headWidth()));
    NullToken none = head.nullToken();
    double logit = none == null ? 0 : none.logit();
    double query =
        same && first != null
            ? Math.hypot(scoring.mult(first.transpose()).normF(), logit)
            : Math.hypot(scoring.normF(), logit) * asked;
    return new TrainedNorms(
        length,
        samples,
        token,
        largestRow(values(head, model, objective)),
        query,
        SEQUENCES * length);
  }

  /** What the output reads of values and, in a last column, of the null token. */
  private static SimpleMatrix values(SoftmaxHead head, LatentModel<?> model, Objective objective) {
    boolean mapped = head.parameterNames().contains("value.map");
    SimpleMatrix readout =
        mapped
            ? head.parameter("readout.map")
            : SimpleMatrix.identity(objective.widths(model).value());
    SimpleMatrix map = mapped ? readout.mult(head.parameter("value.map")) : readout;
    NullToken none = head.nullToken();
    return none == null ? map : map.concatColumns(readout.mult(none.value().transpose()));
  }

  private static double largestRow(SimpleMatrix rows) {
    double largest = 0;
    for (int i = 0; i < rows.getNumRows(); i++) {
      largest = Math.max(largest, rows.extractVector(true, i).normF());
    }
    return largest;
  }
}
