package org.definetti.engine;

import java.util.ArrayList;
import java.util.List;
import org.definetti.latent.Check;

/**
 * What a transformer block computes, apart from its numbers: sizes, norms and mask.
 *
 * <pre>{@code
 * post-norm   u = norm_1(x + attention(x)),   y = norm_2(u + mlp(u))
 * pre-norm    u = x + attention(norm_1(x)),   y = u + mlp(norm_2(u))
 *
 * attention   concat_h softmax(q_h·k_h / √(d/H) + bias [, b_h for the null token]) v_h,  W_O · + b_O
 * mlp         W_2 gelu(W_1 u + b_1) + b_2
 * }</pre>
 *
 * <p>Parameters of the block, in storage order; maps are (out, in), as in PyTorch's {@code
 * TransformerEncoderLayer}, whose {@code in_proj_weight} is the first three maps and {@code
 * in_proj_bias} the three biases after them:
 *
 * <table>
 *   <caption>Parameters by name</caption>
 *   <tr><th>name</th><th>shape</th><th>there</th></tr>
 *   <tr><td>{@code query.map}, {@code key.map}, {@code value.map}</td><td>(d, d)</td><td>always</td></tr>
 *   <tr><td>{@code query.bias}, {@code key.bias}, {@code value.bias}</td><td>(1, d)</td><td>always</td></tr>
 *   <tr><td>{@code null.logit}</td><td>(1, H)</td><td>with null tokens</td></tr>
 *   <tr><td>{@code null.value}</td><td>(1, d): head h's in columns h·d/H ..</td><td>with null tokens</td></tr>
 *   <tr><td>{@code output.map}, {@code output.bias}</td><td>(d, d), (1, d)</td><td>always</td></tr>
 *   <tr><td>{@code attention.norm.gain}</td><td>(1, d)</td><td>always</td></tr>
 *   <tr><td>{@code attention.norm.bias}</td><td>(1, d)</td><td>unless RMS</td></tr>
 *   <tr><td>{@code expand.map}, {@code expand.bias}</td><td>(hidden, d), (1, hidden)</td><td>always</td></tr>
 *   <tr><td>{@code contract.map}, {@code contract.bias}</td><td>(d, hidden), (1, d)</td><td>always</td></tr>
 *   <tr><td>{@code mlp.norm.gain}</td><td>(1, d)</td><td>always</td></tr>
 *   <tr><td>{@code mlp.norm.bias}</td><td>(1, d)</td><td>unless RMS</td></tr>
 * </table>
 *
 * <p>Source: [recalled: transformer encoder layer]; the null token of a head [derived] (check B2).
 *
 * @param width d, a multiple of {@code heads}
 * @param heads H, at least 1
 * @param hidden the width inside the MLP, at least 1
 * @param preNorm whether the norms stand before attention and MLP instead of after the residuals
 * @param causal whether row i sees rows 0..i only
 * @param nullToken whether every head has a token of learned logit and value that is always seen
 * @param rms whether norms divide by the root mean square, without centring and bias
 * @param rotary whether queries and keys are turned by their positions ({@link RotaryAngles}); then
 *     the width of a head is even
 */
public record BlockShape(
    int width,
    int heads,
    int hidden,
    boolean preNorm,
    boolean causal,
    boolean nullToken,
    boolean rms,
    boolean rotary) {

  /** Added to the variance, or to the mean square, under the root of a norm. */
  public static final float EPSILON = 1e-5f;

  private static final int DEFAULT_EXPANSION = 4;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if a size is below 1 or the width no multiple of the heads
   */
  public BlockShape {
    Check.atLeast("width", 1, width);
    Check.atLeast("heads", 1, heads);
    Check.atLeast("hidden", 1, hidden);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "heads: expected a divisor of the width " + width + ", got " + heads);
    }
    if (rotary && width / heads % 2 != 0) {
      throw new IllegalArgumentException(
          "heads: expected heads of even width (rotary positions), got " + width / heads);
    }
  }

  /** Returns the block of this width: post-norm, hidden width 4d, no mask, LayerNorm. */
  public static BlockShape of(int width, int heads) {
    int hidden = Math.multiplyExact(DEFAULT_EXPANSION, Check.atLeast("width", 1, width));
    return new BlockShape(width, heads, hidden, false, false, false, false, false);
  }

  /** Returns this block with another width inside the MLP. */
  public BlockShape withHidden(int hidden) {
    return new BlockShape(width, heads, hidden, preNorm, causal, nullToken, rms, rotary);
  }

  /** Returns this block with its norms before attention and MLP. */
  public BlockShape withPreNorm() {
    return new BlockShape(width, heads, hidden, true, causal, nullToken, rms, rotary);
  }

  /** Returns this block in which row i sees rows 0..i only. */
  public BlockShape withCausalMask() {
    return new BlockShape(width, heads, hidden, preNorm, true, nullToken, rms, rotary);
  }

  /** Returns this block with a null token in every head. */
  public BlockShape withNullToken() {
    return new BlockShape(width, heads, hidden, preNorm, causal, true, rms, rotary);
  }

  /** Returns this block with RMS norms. */
  public BlockShape withRmsNorm() {
    return new BlockShape(width, heads, hidden, preNorm, causal, nullToken, true, rotary);
  }

  /**
   * Returns this block with rotary positions.
   *
   * @throws IllegalArgumentException if the width of a head is odd
   */
  public BlockShape withRotaryPositions() {
    return new BlockShape(width, heads, hidden, preNorm, causal, nullToken, rms, true);
  }

  /** Returns d/H, the width of a head. */
  public int headWidth() {
    return width / heads;
  }

  /** Returns names and shapes of the parameters in storage order, each name after the prefix. */
  public List<ParameterShape> parameters(String prefix) {
    List<ParameterShape> list = new ArrayList<>();
    for (String name : List.of("query.map", "key.map", "value.map")) {
      list.add(new ParameterShape(prefix + name, width, width));
    }
    for (String name : List.of("query.bias", "key.bias", "value.bias")) {
      list.add(new ParameterShape(prefix + name, 1, width));
    }
    if (nullToken) {
      list.add(new ParameterShape(prefix + "null.logit", 1, heads));
      list.add(new ParameterShape(prefix + "null.value", 1, width));
    }
    list.add(new ParameterShape(prefix + "output.map", width, width));
    list.add(new ParameterShape(prefix + "output.bias", 1, width));
    addNorm(list, prefix + "attention.norm.");
    list.add(new ParameterShape(prefix + "expand.map", hidden, width));
    list.add(new ParameterShape(prefix + "expand.bias", 1, hidden));
    list.add(new ParameterShape(prefix + "contract.map", width, hidden));
    list.add(new ParameterShape(prefix + "contract.bias", 1, width));
    addNorm(list, prefix + "mlp.norm.");
    return List.copyOf(list);
  }

  private void addNorm(List<ParameterShape> list, String prefix) {
    list.add(new ParameterShape(prefix + "gain", 1, width));
    if (!rms) {
      list.add(new ParameterShape(prefix + "bias", 1, width));
    }
  }

  /** Returns how many numbers the parameters of a block are. */
  public int parameterCount() {
    return parameters("").stream().mapToInt(ParameterShape::size).sum();
  }

  /**
   * Returns where a parameter starts, counted from the block's first number; -1 where the block has
   * none of this name. Kernels ask once, when they are made.
   */
  public int offset(String name) {
    int offset = 0;
    for (ParameterShape shape : parameters("")) {
      if (shape.name().equals(name)) {
        return offset;
      }
      offset += shape.size();
    }
    return -1;
  }
}
