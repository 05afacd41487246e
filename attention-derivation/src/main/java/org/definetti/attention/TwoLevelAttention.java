package org.definetti.attention;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * A null-token head within groups and one across them: the exact posterior mean of a two-level
 * hierarchy.
 *
 * <pre>{@code
 * within g   w_g = ν1 / (n_g + ν1),  mean x̄_g        n_g tokens with key g, ν1 = s2 / b2
 * across     M   = (Σ_g (1 − w_g) x̄_g + ν2 m0) / (Σ_g (1 − w_g) + ν2),   ν2 = b2 / t2
 * out(g)     = (1 − w_g) x̄_g + w_g M,   M for a key not in the context
 * }</pre>
 *
 * <ul>
 *   <li>Where: w_g null weight of the head within group g. Across groups a softmax head with log
 *       biases log(1 − w_g) and a null token of weight ν2 and value m0: a group weighs as much as
 *       its own head trusts its tokens. M is then the null value of every head within.
 *   <li>Tokens are of one group if their keys are equal, number by number; a log bias counts as
 *       copies.
 *   <li>Shapes: queries (m, dk), keys (n, dk), values (n, dv), m0 (1, dv); result (m, dv).
 *   <li>Edge cases: n = 0 gives m0.
 *   <li>Cost: O(n (dk + dv) + m dv); stateless. Accuracy: relative error about n · 1e-16.
 *   <li>Source: [derived] (model M12).
 * </ul>
 *
 * @param within ν1, the tokens that a group's prior is worth; above zero
 * @param across the null token across groups: logit log ν2, value m0
 */
public record TwoLevelAttention(double within, NullToken across) implements Attention {

  /**
   * Checks the weight.
   *
   * @throws IllegalArgumentException unless it is finite and above zero
   */
  public TwoLevelAttention {
    Check.positive("within", within);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeMismatchException if queries and keys, or m0 and values, differ in width
   */
  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    int width = context.values().getNumCols();
    Shapes.sameWidth("null token's value", across.value(), width, "values");
    Map<List<Double>, Group> groups = groups(context);
    SimpleMatrix common = common(groups, width);
    SimpleMatrix result = new SimpleMatrix(queries.getNumRows(), width);
    for (int i = 0; i < queries.getNumRows(); i++) {
      Group group = groups.get(key(queries, i));
      Rows.write(group == null ? common : group.towards(common, within), result, i);
    }
    return result;
  }

  private static Map<List<Double>, Group> groups(Context context) {
    int width = context.values().getNumCols();
    Map<List<Double>, Group> groups = new LinkedHashMap<>();
    for (int l = 0; l < context.length(); l++) {
      groups
          .computeIfAbsent(key(context.keys(), l), absent -> new Group(width))
          .add(context.values().getDDRM().data, l * width, Math.exp(context.logBiases().get(l)));
    }
    return groups;
  }

  /** Returns M, by the softmax head across groups. */
  private SimpleMatrix common(Map<List<Double>, Group> groups, int width) {
    int count = groups.size();
    double[] means = new double[count * width];
    double[] trust = new double[count];
    int g = 0;
    for (Group group : groups.values()) {
      System.arraycopy(group.mean, 0, means, g * width, width);
      trust[g++] = Math.log(group.copies / (group.copies + within));
    }
    Context level =
        new Context(
            new SimpleMatrix(count, 1),
            new SimpleMatrix(count, width, true, means),
            new SimpleMatrix(count, 1, true, trust));
    return SoftmaxAttention.of(1).withNullToken(across).attend(new SimpleMatrix(1, 1), level);
  }

  /** Returns a row as something that can be looked up; 0.0 and -0.0 are one key. */
  private static List<Double> key(SimpleMatrix rows, int index) {
    List<Double> key = new ArrayList<>();
    for (int j = 0; j < rows.getNumCols(); j++) {
      key.add(rows.get(index, j) + 0.0);
    }
    return key;
  }

  /** The tokens of one group: how many, and their running mean. */
  private static final class Group {
    private final double[] mean;
    private double copies;

    Group(int width) {
      this.mean = new double[width];
    }

    void add(double[] values, int offset, double times) {
      copies += times;
      for (int j = 0; j < mean.length; j++) {
        mean[j] += (values[offset + j] - mean[j]) * (times / copies);
      }
    }

    SimpleMatrix towards(SimpleMatrix common, double within) {
      double nullWeight = within / (copies + within);
      double[] out = new double[mean.length];
      for (int j = 0; j < out.length; j++) {
        out[j] = (1 - nullWeight) * mean[j] + nullWeight * common.get(j);
      }
      return new SimpleMatrix(1, out.length, true, out);
    }
  }
}
