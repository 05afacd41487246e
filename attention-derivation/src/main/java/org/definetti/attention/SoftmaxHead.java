package org.definetti.attention;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * One softmax head with query, key and value maps, an optional null token and a linear readout: the
 * reference form of the trained layer.
 *
 * <pre>{@code
 * logit_l = (W_Q q + b_Q)·(W_K k_l) / √h + bias_l
 * w       = softmax over the n tokens and, if present, the null token with logit b_0
 * u       = Σ_l w_l W_V v_l + w_0 v_0
 * out     = W_O u + c
 * }</pre>
 *
 * <table>
 *   <caption>Parameters by name</caption>
 *   <tr><th>name</th><th>symbol</th><th>shape</th><th>needed</th></tr>
 *   <tr><td>{@code query.map}</td><td>W_Q</td><td>(h, dk)</td><td>yes</td></tr>
 *   <tr><td>{@code query.bias}</td><td>b_Q</td><td>(1, h)</td><td>yes</td></tr>
 *   <tr><td>{@code key.map}</td><td>W_K</td><td>(h, dk)</td><td>yes</td></tr>
 *   <tr><td>{@code null.logit}</td><td>b_0</td><td>(1, 1)</td><td>both or neither</td></tr>
 *   <tr><td>{@code null.value}</td><td>v_0</td><td>(1, e)</td><td>both or neither</td></tr>
 *   <tr><td>{@code value.map}</td><td>W_V</td><td>(e, dv)</td><td>all three or none</td></tr>
 *   <tr><td>{@code readout.map}</td><td>W_O</td><td>(p, e)</td><td>all three or none</td></tr>
 *   <tr><td>{@code readout.bias}</td><td>c</td><td>(1, p)</td><td>all three or none</td></tr>
 * </table>
 *
 * <ul>
 *   <li>Where: h head width, e width of the mapped values, p width of the output. Without the last
 *       three the values pass unchanged: e = dv = p. The empty query is a zero row, so b_Q is then
 *       a learned constant query.
 *   <li>Shapes: queries (m, dk); keys (n, dk), values (n, dv); result (m, p).
 *   <li>Edge cases and accuracy: as {@link SoftmaxAttention} at temperature √h on mapped inputs.
 *   <li>Cost: O(n (h dk + e dv) + m n (h + e)) time; stateless.
 *   <li>Source: [recalled: scaled dot-product attention]; the null token [derived] (check B2).
 * </ul>
 */
public final class SoftmaxHead implements WeightedAttention {

  private static final List<String> NAMES =
      List.of(
          "query.map",
          "query.bias",
          "key.map",
          "value.map",
          "null.logit",
          "null.value",
          "readout.map",
          "readout.bias");

  private final Map<String, SimpleMatrix> parameters;
  private final SoftmaxAttention softmax;

  private SoftmaxHead(Map<String, SimpleMatrix> parameters, SoftmaxAttention softmax) {
    this.parameters = parameters;
    this.softmax = softmax;
  }

  /**
   * Returns the head with these parameters, named and shaped as in the table above.
   *
   * @throws ShapeMismatchException if a shape does not fit the others
   * @throws IllegalArgumentException if a name is unknown or missing or a number is not finite
   */
  public static SoftmaxHead of(Map<String, SimpleMatrix> parameters) {
    Map<String, SimpleMatrix> copy = new LinkedHashMap<>();
    for (Map.Entry<String, SimpleMatrix> entry : parameters.entrySet()) {
      if (!NAMES.contains(entry.getKey())) {
        throw new IllegalArgumentException(
            "parameters: expected names of " + NAMES + ", got " + entry.getKey());
      }
      copy.put(entry.getKey(), entry.getValue().copy());
    }
    SimpleMatrix queryMap = Check.matrix("query.map", need(copy, "query.map"), -1, -1);
    int head = Check.atLeast("head width (rows of query.map)", 1, queryMap.getNumRows());
    Check.matrix("query.bias", need(copy, "query.bias"), 1, head);
    Check.matrix("key.map", need(copy, "key.map"), head, queryMap.getNumCols());
    int width = checkValueMaps(copy);
    SoftmaxAttention softmax = SoftmaxAttention.of(Math.sqrt(head));
    return new SoftmaxHead(copy, withNullToken(softmax, copy, width));
  }

  /** Returns e, or -1 where the values pass unchanged. */
  private static int checkValueMaps(Map<String, SimpleMatrix> parameters) {
    boolean mapped =
        parameters.containsKey("value.map")
            || parameters.containsKey("readout.map")
            || parameters.containsKey("readout.bias");
    if (!mapped) {
      return -1;
    }
    SimpleMatrix valueMap = Check.matrix("value.map", need(parameters, "value.map"), -1, -1);
    int width = valueMap.getNumRows();
    SimpleMatrix readout = Check.matrix("readout.map", need(parameters, "readout.map"), -1, width);
    Check.matrix("readout.bias", need(parameters, "readout.bias"), 1, readout.getNumRows());
    return width;
  }

  private static SoftmaxAttention withNullToken(
      SoftmaxAttention softmax, Map<String, SimpleMatrix> parameters, int width) {
    if (!parameters.containsKey("null.logit") && !parameters.containsKey("null.value")) {
      return softmax;
    }
    SimpleMatrix logit = Check.matrix("null.logit", need(parameters, "null.logit"), 1, 1);
    SimpleMatrix value = Check.matrix("null.value", need(parameters, "null.value"), 1, width);
    return softmax.withNullToken(new NullToken(logit.get(0, 0), value));
  }

  /** Returns the parameter of this name, or throws with the names there are. */
  static SimpleMatrix need(Map<String, SimpleMatrix> parameters, String name) {
    SimpleMatrix parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "parameters: expected " + name + " among them, got " + parameters.keySet());
    }
    return parameter;
  }

  /** Returns the names of the parameters that this head has, in the order they were given. */
  public List<String> parameterNames() {
    return List.copyOf(parameters.keySet());
  }

  /**
   * Returns a parameter by name.
   *
   * @throws IllegalArgumentException if this head has no such parameter
   */
  public SimpleMatrix parameter(String name) {
    return need(parameters, name).copy();
  }

  /** Returns h. */
  public int headWidth() {
    return need(parameters, "query.map").getNumRows();
  }

  /** Returns the null token in the space of the mapped values, or null where there is none. */
  public @Nullable NullToken nullToken() {
    return softmax.nullToken();
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    check(queries, context);
    SimpleMatrix mixed = softmax.attend(mapQueries(queries), mapContext(context));
    SimpleMatrix readout = parameters.get("readout.map");
    if (readout == null) {
      return mixed;
    }
    return Rows.plusRow(Rows.timesTransposed(mixed, readout), need(parameters, "readout.bias"));
  }

  @Override
  public SimpleMatrix weights(SimpleMatrix queries, Context context) {
    check(queries, context);
    return softmax.weights(mapQueries(queries), mapContext(context));
  }

  @Override
  public SimpleMatrix nullWeight(SimpleMatrix queries, Context context) {
    check(queries, context);
    return softmax.nullWeight(mapQueries(queries), mapContext(context));
  }

  private void check(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    int keyWidth = need(parameters, "key.map").getNumCols();
    Shapes.sameWidth("queries", queries, keyWidth, "query.map");
    SimpleMatrix valueMap = parameters.get("value.map");
    if (valueMap != null) {
      Shapes.sameWidth("values", context.values(), valueMap.getNumCols(), "value.map");
    }
  }

  private SimpleMatrix mapQueries(SimpleMatrix queries) {
    SimpleMatrix mapped = Rows.timesTransposed(queries, need(parameters, "query.map"));
    return Rows.plusRow(mapped, need(parameters, "query.bias"));
  }

  private Context mapContext(Context context) {
    SimpleMatrix keys = Rows.timesTransposed(context.keys(), need(parameters, "key.map"));
    SimpleMatrix valueMap = parameters.get("value.map");
    SimpleMatrix values =
        valueMap == null ? context.values() : Rows.timesTransposed(context.values(), valueMap);
    return new Context(keys, values, context.logBiases());
  }

  @Override
  public String toString() {
    return "SoftmaxHead" + Objects.toString(parameters.keySet());
  }
}
