package org.definetti.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Head;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.attention.ResidualAttention;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.kernel.Kernel;
import org.definetti.kernel.LinearKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Kernel-ridge (CME) attention with learned ridge, bandwidth, features and prior mean, for one
 * query per sample.
 *
 * <pre>{@code
 * x   = W k,   κ(x, x') = exp(-|x - x'|² / (2 γ))  or  x·x'
 * out = W_O [m(q) + Σ_l w_l (v_l - m(k_l))] + c,   m(k) = M k + m_0
 * w   = A⁻¹ κ(K, q),   A = κ(K, K) + λ I
 * }</pre>
 *
 * <p>Gaussian kernel: A (L, L) is factored once. Backward, with dw_l = ds·(v_l - m(k_l)) and ds the
 * gradient of the bracket, w = A⁻¹ c gives dw·δw = dw·A⁻¹ (δc - δA w), so that one more solve with
 * the same factor is all that is needed:
 *
 * <pre>{@code
 * β = A⁻¹ dw,   dκ(k_l, q) = β_l,   dκ(k_i, k_j) = -β_i w_j,   dλ = -Σ_l β_l w_l
 * dx_i = Σ_j (β_i w_j + β_j w_i) κ_ij (x_i - x_j) / γ - β_i κ_iq (x_i - x_q) / γ
 * dlog γ = -½ (Σ_i x_i·dx_i + x_q·dx_q)      because κ depends on x / √γ alone
 * }</pre>
 *
 * <p>Linear kernel: with Φ the rows x_l, w = Φ z and z = S⁻¹ x_q, S = Φᵀ Φ + λ I (f, f):
 *
 * <pre>{@code
 * g = S⁻¹ Φᵀ dw,   r_l = dw_l - g·x_l,   dλ = -g·z
 * dx_l = r_l z - w_l g,   dx_q = g      so  dW = z (Σ r_l k_l)ᵀ - g (Σ w_l k_l)ᵀ + g qᵀ
 * }</pre>
 *
 * <ul>
 *   <li>Parameters: {@code log.ridge} log λ (1, 1); Gaussian kernel {@code log.bandwidth} log γ (1,
 *       1); {@link #withFeatureWidth} {@code feature.map} W (f, dk), else the identity; {@link
 *       #withPriorMean} {@code mean.map} M (dv, dk), {@code mean.bias} m_0 (1, dv), else zero;
 *       {@code readout.map} W_O (p, dv), {@code readout.bias} c (1, p), unless {@link
 *       #withIdentityValues}.
 *   <li>Cost per sample, forward and backward: Gaussian O(L³/3 + L² f), L at most {@value
 *       #MAX_LENGTH}; linear O(L f² + f³).
 *   <li>Memory: O(L²) or O(L f) for any number of samples: the factor of the last sample is kept,
 *       that of another is computed again in the backward pass. {@link #tile} is therefore 1.
 *   <li>Accuracy: parameters and tokens float32, all between them float64: relative error about
 *       cond(A) · 1e-16 before rounding to float32.
 *   <li>Reference form: {@link KernelRidgeAttention}, {@link #toAttention}; gradients are tested
 *       against its central differences. {@link #parameters} loads a derived one.
 *   <li>Edge cases: an empty context gives the prior mean; a matrix that rounding makes indefinite
 *       throws {@link org.definetti.latent.NotPositiveDefiniteException}.
 *   <li>Source: form [source: Zhang-2023, App. E.1]; λ and the adjoint [derived] (check B1).
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class KernelRidgeLayer extends SampleLayer {

  /** The greatest length with a Gaussian kernel: its matrix then takes 32 MiB. */
  public static final int MAX_LENGTH = 2048;

  private static final String LOG_RIDGE = "log.ridge";
  private static final String LOG_BANDWIDTH = "log.bandwidth";
  private static final String FEATURE_MAP = "feature.map";
  private static final String MEAN_MAP = "mean.map";
  private static final String MEAN_BIAS = "mean.bias";

  /** Which kernel; featureWidth 0 means that W is the identity. */
  private record Options(
      boolean gaussian, int featureWidth, boolean priorMean, boolean identityValues) {}

  private final Options options;
  private final int width; // of x
  private final Readout readout;
  private final int logRidge;
  private final int logBandwidth;
  private final int featureMap;
  private final int meanMap;
  private final int meanBias;

  private KernelRidgeLayer(Widths widths, Options options) {
    super(widths, options, shapes(widths, options));
    this.options = options;
    this.width = options.featureWidth == 0 ? widths.key() : options.featureWidth;
    this.readout = new Readout(this, widths.value());
    this.logRidge = offset(LOG_RIDGE);
    this.logBandwidth = offset(LOG_BANDWIDTH);
    this.featureMap = offset(FEATURE_MAP);
    this.meanMap = offset(MEAN_MAP);
    this.meanBias = offset(MEAN_BIAS);
  }

  /** Returns kernel ridge with a Gaussian kernel of the keys themselves. */
  public static KernelRidgeLayer gaussian(Widths widths) {
    return new KernelRidgeLayer(widths, new Options(true, 0, false, false));
  }

  /** Returns kernel ridge with a linear kernel of the keys themselves. */
  public static KernelRidgeLayer linear(Widths widths) {
    return new KernelRidgeLayer(widths, new Options(false, 0, false, false));
  }

  /** Returns this kernel ridge with {@code featureWidth} learned linear features of a key. */
  public KernelRidgeLayer withFeatureWidth(int featureWidth) {
    Check.atLeast("featureWidth", 1, featureWidth);
    return new KernelRidgeLayer(
        widths(),
        new Options(options.gaussian, featureWidth, options.priorMean, options.identityValues));
  }

  /** Returns this kernel ridge with a learned prior mean of the values, affine in the key. */
  public KernelRidgeLayer withPriorMean() {
    return new KernelRidgeLayer(
        widths(),
        new Options(options.gaussian, options.featureWidth, true, options.identityValues));
  }

  /**
   * Returns this kernel ridge without a readout.
   *
   * @throws org.definetti.latent.ShapeMismatchException if values and targets differ in width
   */
  public KernelRidgeLayer withIdentityValues() {
    return new KernelRidgeLayer(
        Readout.requireIdentity(widths()),
        new Options(options.gaussian, options.featureWidth, options.priorMean, true));
  }

  private static List<ParameterShape> shapes(Widths widths, Options o) {
    List<ParameterShape> list = new ArrayList<>();
    list.add(new ParameterShape(LOG_RIDGE, 1, 1));
    if (o.gaussian) {
      list.add(new ParameterShape(LOG_BANDWIDTH, 1, 1));
    }
    if (o.featureWidth > 0) {
      list.add(new ParameterShape(FEATURE_MAP, o.featureWidth, widths.key()));
    }
    if (o.priorMean) {
      list.add(new ParameterShape(MEAN_MAP, widths.value(), widths.key()));
      list.add(new ParameterShape(MEAN_BIAS, 1, widths.value()));
    }
    list.addAll(Readout.shapes(widths, widths.value(), o.identityValues));
    return list;
  }

  /**
   * Draws initial parameters: a feature map with independent normal entries of variance one over
   * its columns, a readout near the identity, λ = 1, γ the width of x, the rest zero.
   *
   * <p>A readout of the wrong sign would be met by λ, which grows without bound before the sign
   * turns: the attention then answers zero and stays there.
   */
  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = drawMaps(rng);
    float[] data = parameters.data();
    if (options.gaussian) {
      data[logBandwidth] = (float) Math.log(width);
    }
    if (options.priorMean) {
      Arrays.fill(data, meanMap, meanMap + widths().value() * widths().key(), 0f);
    }
    readout.nearIdentity(data);
    return parameters;
  }

  /**
   * Returns parameters with which this layer computes a derived kernel ridge: its ridge and
   * bandwidth, features that are the keys, prior mean zero, a readout that is the identity.
   *
   * @throws IllegalArgumentException if the kernel is not this layer's, the features are fewer than
   *     the keys' coordinates, or values and targets differ in width
   */
  public Parameters parameters(KernelRidgeAttention attention) {
    Map<String, SimpleMatrix> matrices = new LinkedHashMap<>();
    matrices.put(LOG_RIDGE, scalar(Math.log(attention.ridge())));
    if (options.gaussian && attention.kernel() instanceof RbfKernel rbf) {
      matrices.put(LOG_BANDWIDTH, scalar(Math.log(rbf.bandwidth())));
    } else if (options.gaussian || !(attention.kernel() instanceof LinearKernel)) {
      throw new IllegalArgumentException(
          "attention: expected a "
              + (options.gaussian ? "radial basis" : "linear")
              + " kernel, got "
              + attention.kernel());
    }
    int dk = widths().key();
    int dv = widths().value();
    if (options.featureWidth > 0) {
      Check.atLeast("featureWidth", dk, options.featureWidth);
      matrices.put(FEATURE_MAP, identity(options.featureWidth, dk));
    }
    if (options.priorMean) {
      matrices.put(MEAN_MAP, new SimpleMatrix(dv, dk));
      matrices.put(MEAN_BIAS, new SimpleMatrix(1, dv));
    }
    if (!options.identityValues) {
      Readout.requireIdentity(widths());
      matrices.put("readout.map", SimpleMatrix.identity(dv));
      matrices.put("readout.bias", new SimpleMatrix(1, dv));
    }
    return Parameters.of(shapes(), matrices);
  }

  private static SimpleMatrix scalar(double number) {
    return new SimpleMatrix(1, 1, true, number);
  }

  private static SimpleMatrix identity(int rows, int columns) {
    SimpleMatrix matrix = new SimpleMatrix(rows, columns);
    for (int i = 0; i < columns; i++) {
      matrix.getDDRM().data[i * columns + i] = 1;
    }
    return matrix;
  }

  @Override
  public int tile(int length) {
    return 1;
  }

  @Override
  @Nullable String whyNotEmpty() {
    return null;
  }

  @Override
  public long workspaceBytes(int size, int length) {
    long order = options.gaussian ? length : width;
    long tokens = (options.gaussian ? 2L * width + 5 : width + 3L) * length;
    long ofSample = widths().value() + 2L * widths().target();
    return Double.BYTES * (order * order + tokens) + (long) Float.BYTES * size * ofSample;
  }

  @Override
  SampleWorkspace newWorkspace(int size, int length) {
    if (options.gaussian && length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "length: expected <= " + MAX_LENGTH + " (Gaussian kernel), got " + length);
    }
    return new Space(this, size, length);
  }

  /** What is kept of the last sample, and scratch. All of one sample. */
  private static final class Space extends SampleWorkspace {

    int held = -1; // the sample that the rest belongs to
    final double[][] x; // (f)(length)
    final double[] xq; // (f)
    final double[][] system; // A: (length)(length), S: (f)(f); U on and above the diagonal, κ below
    final double[] cross; // (length): κ(K, q)
    final double[] weights; // (length): w
    final double[] z; // (f)
    final double[] weighted; // (dk): Σ w_l k_l

    final double[] weightGradients; // (length): dw
    final double[] solved; // (length): β, or r
    final double[][] xGradient; // (f)(length)
    final double[] zGradient; // (f): g, or dx_q
    final double[] coefficients; // (length)
    final float[] sums; // (batch, dv): the bracket
    final float[] sumGradient; // (dv)

    Space(KernelRidgeLayer layer, int size, int length) {
      super(layer, size, length);
      int f = layer.width;
      boolean gaussian = layer.options.gaussian;
      int order = gaussian ? length : f;
      x = new double[f][length];
      xq = new double[f];
      system = new double[order][order];
      cross = new double[gaussian ? length : 0];
      weights = new double[length];
      z = new double[f];
      weighted = new double[layer.widths().key()];
      weightGradients = new double[length];
      solved = new double[length];
      xGradient = new double[gaussian ? f : 0][length];
      zGradient = new double[f];
      coefficients = new double[gaussian ? length : 0];
      sums = new float[size * layer.widths().value()];
      sumGradient = new float[layer.widths().value()];
    }
  }

  @Override
  void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace) {
    Space ws = (Space) workspace;
    for (int b = from; b < to; b++) {
      solve(theta, batch, b, ws);
      bracket(theta, batch, b, ws);
      int dv = widths().value();
      readout.forward(theta, ws.sums, b * dv, ws.output(), b * widths().target());
    }
  }

  /** Computes x, the factor and w of one sample. */
  private void solve(float[] theta, Batch batch, int b, Space ws) {
    ws.held = -1;
    int n = batch.length(b);
    features(theta, batch, b, n, ws);
    if (options.gaussian) {
      solveGaussian(theta, n, ws);
    } else {
      solveLinear(theta, n, ws);
    }
    ws.held = b;
  }

  private void features(float[] theta, Batch batch, int b, int n, Space ws) {
    int dk = widths().key();
    int first = b * batch.length();
    for (int i = 0; i < width; i++) {
      double[] row = ws.x[i];
      Arrays.fill(row, 0, n, 0.0);
      ws.xq[i] = 0;
      for (int j = 0; j < dk; j++) {
        double factor = featureMap < 0 ? (i == j ? 1 : 0) : theta[featureMap + i * dk + j];
        if (factor != 0) {
          float[] key = batch.keys(j);
          for (int l = 0; l < n; l++) {
            row[l] += factor * key[first + l];
          }
          ws.xq[i] += factor * batch.queries()[b * dk + j];
        }
      }
    }
  }

  private void solveGaussian(float[] theta, int n, Space ws) {
    double factor = -0.5 / Math.exp(theta[logBandwidth]);
    double ridge = Math.exp(theta[logRidge]);
    for (int i = 0; i < n; i++) {
      double[] row = ws.system[i];
      Arrays.fill(row, i + 1, n, 0.0);
      for (double[] x : ws.x) {
        double own = x[i];
        for (int j = i + 1; j < n; j++) {
          row[j] += (own - x[j]) * (own - x[j]);
        }
      }
      row[i] = 1 + ridge;
      for (int j = i + 1; j < n; j++) {
        row[j] = Math.exp(factor * row[j]);
        ws.system[j][i] = row[j];
      }
    }
    for (int l = 0; l < n; l++) {
      double distance = 0;
      for (int i = 0; i < width; i++) {
        double step = ws.x[i][l] - ws.xq[i];
        distance += step * step;
      }
      ws.cross[l] = Math.exp(factor * distance);
    }
    RowCholesky.factor("kernel + ridge", ws.system, n);
    System.arraycopy(ws.cross, 0, ws.weights, 0, n);
    RowCholesky.solve(ws.system, n, ws.weights);
  }

  private void solveLinear(float[] theta, int n, Space ws) {
    double ridge = Math.exp(theta[logRidge]);
    for (int i = 0; i < width; i++) {
      for (int j = i; j < width; j++) {
        ws.system[i][j] = dot(ws.x[i], ws.x[j], n) + (i == j ? ridge : 0);
      }
    }
    RowCholesky.factor("features + ridge", ws.system, width);
    System.arraycopy(ws.xq, 0, ws.z, 0, width);
    RowCholesky.solve(ws.system, width, ws.z);
    combine(ws.z, ws.x, n, ws.weights);
  }

  /** Writes m(q) + Σ w_l (v_l - m(k_l)), where Σ w_l m(k_l) = M Σ w_l k_l + m_0 Σ w_l. */
  private void bracket(float[] theta, Batch batch, int b, Space ws) {
    int n = batch.length(b);
    int dk = widths().key();
    int dv = widths().value();
    int first = b * batch.length();
    for (int j = 0; j < dk; j++) {
      ws.weighted[j] = dot(ws.weights, batch.keys(j), first, n);
    }
    double total = options.priorMean ? sum(ws.weights, n) : 0;
    for (int i = 0; i < dv; i++) {
      double s = dot(ws.weights, batch.values(i), first, n);
      if (options.priorMean) {
        s += theta[meanBias + i] * (1 - total);
        for (int j = 0; j < dk; j++) {
          s += theta[meanMap + i * dk + j] * (batch.queries()[b * dk + j] - ws.weighted[j]);
        }
      }
      ws.sums[b * dv + i] = (float) s;
    }
  }

  @Override
  void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    Space ws = (Space) workspace;
    for (int b = from; b < to; b++) {
      if (ws.held != b) {
        solve(theta, batch, b, ws);
        bracket(theta, batch, b, ws);
      }
      backward(theta, batch, b, ws, gradient);
    }
  }

  private void backward(float[] theta, Batch batch, int b, Space ws, float[] gradient) {
    int n = batch.length(b);
    int dv = widths().value();
    float[] ds = ws.sumGradient;
    readout.backward(
        theta, ws.sums, b * dv, ws.outputGradient(), b * widths().target(), gradient, ds);
    if (options.priorMean) {
      addMean(batch, b, n, ws, gradient);
    }
    weightGradients(theta, batch, b, n, ws);
    if (options.gaussian) {
      backwardGaussian(theta, batch, b, n, ws, gradient);
    } else {
      backwardLinear(theta, batch, b, n, ws, gradient);
    }
  }

  /** dM = ds (q - Σ w_l k_l)ᵀ, dm_0 = ds (1 - Σ w_l). */
  private void addMean(Batch batch, int b, int n, Space ws, float[] gradient) {
    int dk = widths().key();
    double rest = 1 - sum(ws.weights, n);
    for (int i = 0; i < widths().value(); i++) {
      double ds = ws.sumGradient[i];
      gradient[meanBias + i] += (float) (ds * rest);
      for (int j = 0; j < dk; j++) {
        double query = batch.queries()[b * dk + j];
        gradient[meanMap + i * dk + j] += (float) (ds * (query - ws.weighted[j]));
      }
    }
  }

  /** dw_l = ds·(v_l - m(k_l)). */
  private void weightGradients(float[] theta, Batch batch, int b, int n, Space ws) {
    int dk = widths().key();
    int first = b * batch.length();
    float[] ds = ws.sumGradient;
    double constant = 0;
    for (int i = 0; options.priorMean && i < ds.length; i++) {
      constant -= (double) ds[i] * theta[meanBias + i];
    }
    Arrays.fill(ws.weightGradients, 0, n, constant);
    for (int i = 0; i < ds.length; i++) {
      add(ds[i], batch.values(i), first, n, ws.weightGradients);
    }
    for (int j = 0; options.priorMean && j < dk; j++) {
      double factor = 0;
      for (int i = 0; i < ds.length; i++) {
        factor -= (double) ds[i] * theta[meanMap + i * dk + j];
      }
      add(factor, batch.keys(j), first, n, ws.weightGradients);
    }
  }

  private void backwardGaussian(
      float[] theta, Batch batch, int b, int n, Space ws, float[] gradient) {
    double bandwidth = Math.exp(theta[logBandwidth]);
    double[] beta = ws.solved;
    double[] w = ws.weights;
    System.arraycopy(ws.weightGradients, 0, beta, 0, n);
    RowCholesky.solve(ws.system, n, beta);
    gradient[logRidge] -= (float) (Math.exp(theta[logRidge]) * dot(beta, w, n));
    double[] dxq = ws.zGradient;
    Arrays.fill(dxq, 0.0);
    for (double[] row : ws.xGradient) {
      Arrays.fill(row, 0, n, 0.0);
    }
    double[] c = ws.coefficients;
    for (int i = 0; i < n; i++) {
      // Pairs (i, j) with j < i, whose κ lies below the diagonal.
      double[] kappa = ws.system[i];
      double scaledBeta = beta[i] / bandwidth;
      double scaledWeight = w[i] / bandwidth;
      for (int j = 0; j < i; j++) {
        c[j] = (scaledBeta * w[j] + scaledWeight * beta[j]) * kappa[j];
      }
      double toQuery = scaledBeta * ws.cross[i];
      for (int f = 0; f < width; f++) {
        double[] x = ws.x[f];
        double[] dx = ws.xGradient[f];
        double own = x[i];
        double sum = 0;
        for (int j = 0; j < i; j++) {
          double pull = c[j] * (own - x[j]);
          sum += pull;
          dx[j] -= pull;
        }
        double pull = toQuery * (own - ws.xq[f]);
        dx[i] += sum - pull;
        dxq[f] += pull;
      }
    }
    double radial = dot(ws.xq, dxq, width);
    for (int f = 0; f < width; f++) {
      radial += dot(ws.x[f], ws.xGradient[f], n);
    }
    gradient[logBandwidth] -= (float) (0.5 * radial);
    if (featureMap >= 0) {
      int dk = widths().key();
      for (int f = 0; f < width; f++) {
        for (int j = 0; j < dk; j++) {
          double sum = dot(ws.xGradient[f], batch.keys(j), b * batch.length(), n);
          double query = batch.queries()[b * dk + j];
          gradient[featureMap + f * dk + j] += (float) (sum + dxq[f] * query);
        }
      }
    }
  }

  private void backwardLinear(
      float[] theta, Batch batch, int b, int n, Space ws, float[] gradient) {
    double[] dw = ws.weightGradients;
    double[] g = ws.zGradient;
    for (int i = 0; i < width; i++) {
      g[i] = dot(ws.x[i], dw, n);
    }
    RowCholesky.solve(ws.system, width, g);
    gradient[logRidge] -= (float) (Math.exp(theta[logRidge]) * dot(g, ws.z, width));
    if (featureMap < 0) {
      return;
    }
    double[] r = ws.solved;
    combine(g, ws.x, n, r);
    for (int l = 0; l < n; l++) {
      r[l] = dw[l] - r[l];
    }
    int dk = widths().key();
    for (int j = 0; j < dk; j++) {
      double sum = dot(r, batch.keys(j), b * batch.length(), n);
      double query = batch.queries()[b * dk + j] - ws.weighted[j];
      for (int i = 0; i < width; i++) {
        gradient[featureMap + i * dk + j] += (float) (ws.z[i] * sum + g[i] * query);
      }
    }
  }

  private static void combine(double[] factors, double[][] rows, int n, double[] out) {
    Arrays.fill(out, 0, n, 0.0);
    for (int i = 0; i < factors.length; i++) {
      double factor = factors[i];
      double[] row = rows[i];
      for (int l = 0; l < n; l++) {
        out[l] += factor * row[l];
      }
    }
  }

  private static void add(double factor, float[] row, int first, int n, double[] out) {
    for (int l = 0; l < n; l++) {
      out[l] += factor * row[first + l];
    }
  }

  /** Four sums side by side: one alone would wait for each addition. */
  private static double dot(double[] a, double[] b, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int l = 0;
    for (; l + 3 < n; l += 4) {
      s0 += a[l] * b[l];
      s1 += a[l + 1] * b[l + 1];
      s2 += a[l + 2] * b[l + 2];
      s3 += a[l + 3] * b[l + 3];
    }
    for (; l < n; l++) {
      s0 += a[l] * b[l];
    }
    return (s0 + s1) + (s2 + s3);
  }

  private static double dot(double[] a, float[] b, int first, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int l = 0;
    for (; l + 3 < n; l += 4) {
      s0 += a[l] * b[first + l];
      s1 += a[l + 1] * b[first + l + 1];
      s2 += a[l + 2] * b[first + l + 2];
      s3 += a[l + 3] * b[first + l + 3];
    }
    for (; l < n; l++) {
      s0 += a[l] * b[first + l];
    }
    return (s0 + s1) + (s2 + s3);
  }

  private static double sum(double[] a, int n) {
    double sum = 0;
    for (int l = 0; l < n; l++) {
      sum += a[l];
    }
    return sum;
  }

  @Override
  public Attention toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    return reference(parameters.matrices());
  }

  /** Returns the reference form with these parameters. */
  Attention reference(Map<String, SimpleMatrix> parameters) {
    Kernel kernel =
        options.gaussian
            ? new RbfKernel(exponential(parameters, LOG_BANDWIDTH))
            : new LinearKernel();
    Attention ridge = KernelRidgeAttention.of(kernel, exponential(parameters, LOG_RIDGE));
    if (options.featureWidth > 0) {
      SimpleMatrix map = matrix(parameters, FEATURE_MAP);
      ridge = Head.of(ridge).withQueryMap(map).withKeyMap(map);
    }
    if (options.priorMean) {
      SimpleMatrix map = matrix(parameters, MEAN_MAP);
      SimpleMatrix bias = matrix(parameters, MEAN_BIAS);
      ridge = new ResidualAttention(keys -> affine(keys, map, bias), ridge);
    }
    return Readout.toAttention(parameters, ridge);
  }

  /** Returns M k + m_0 for each row k. */
  private static SimpleMatrix affine(SimpleMatrix keys, SimpleMatrix map, SimpleMatrix bias) {
    SimpleMatrix repeated = SimpleMatrix.ones(keys.getNumRows(), 1).mult(bias);
    return keys.mult(map.transpose()).plus(repeated);
  }

  private static double exponential(Map<String, SimpleMatrix> parameters, String name) {
    return Math.exp(matrix(parameters, name).get(0, 0));
  }

  private static SimpleMatrix matrix(Map<String, SimpleMatrix> parameters, String name) {
    SimpleMatrix parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "parameters: expected " + name + " among them, got " + parameters.keySet());
    }
    return parameter;
  }

  @Override
  public String label() {
    return String.format(
        Locale.ROOT,
        "kernel ridge, %s kernel, learned ridge%s%s",
        options.gaussian ? "Gaussian" : "linear",
        options.featureWidth > 0 ? ", " + options.featureWidth + " features" : "",
        options.priorMean ? ", prior mean" : "");
  }
}
