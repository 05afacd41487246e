package org.definetti.engine;

/**
 * The single-query kernel in plain loops: they write one array and read at most four separate
 * arrays at one common index, which is what the compiler vectorises; sums over tokens it does not,
 * so they run several sums side by side.
 */
final class LoopSingleQuery implements SingleQueryKernel {

  @Override
  public float forward(
      float[] u,
      float[][] keys,
      float[][] values,
      int from,
      int to,
      float nullLogit,
      float[] weights,
      float[] sum,
      int sumOffset) {
    combine(u, keys, from, to, weights);
    float max = nullLogit;
    for (int i = from; i < to; i++) {
      max = Math.max(max, weights[i]);
    }
    for (int i = from; i < to; i++) {
      weights[i] = FloatExp.exp(weights[i] - max);
    }
    float nullMass = FloatExp.exp(nullLogit - max);
    float scale = 1f / (total(weights, from, to) + nullMass);
    for (int j = 0; j < values.length; j++) {
      sum[sumOffset + j] = scale * dot(weights, values[j], from, to);
    }
    for (int i = from; i < to; i++) {
      weights[i] *= scale;
    }
    return scale * nullMass;
  }

  @Override
  public float backward(
      float[] ds,
      float nullWeight,
      float nullGradient,
      float[][] keys,
      float[][] values,
      int from,
      int to,
      float[] weights,
      float[] logitGradients,
      float[] du) {
    combine(ds, values, from, to, logitGradients);
    float mean = nullWeight * nullGradient + dot(weights, logitGradients, from, to);
    for (int i = from; i < to; i++) {
      logitGradients[i] = weights[i] * (logitGradients[i] - mean);
    }
    for (int j = 0; j < keys.length; j++) {
      du[j] = dot(logitGradients, keys[j], from, to);
    }
    return mean;
  }

  /** out_i = Σ_j factors_j rows_j,i, four rows a pass. */
  private static void combine(float[] factors, float[][] rows, int from, int to, float[] out) {
    int j = 0;
    int rest = rows.length & 3;
    if (rest == 0) {
      set4(factors, rows, j, from, to, out);
      j += 4;
    } else {
      set(factors, rows, j, rest, from, to, out);
      j += rest;
    }
    for (; j < rows.length; j += 4) {
      add4(factors, rows, j, from, to, out);
    }
  }

  private static void set(
      float[] factors, float[][] rows, int first, int count, int from, int to, float[] out) {
    float f0 = factors[first];
    float[] r0 = rows[first];
    if (count == 1) {
      for (int i = from; i < to; i++) {
        out[i] = f0 * r0[i];
      }
      return;
    }
    float f1 = factors[first + 1];
    float[] r1 = rows[first + 1];
    if (count == 2) {
      for (int i = from; i < to; i++) {
        out[i] = f0 * r0[i] + f1 * r1[i];
      }
      return;
    }
    float f2 = factors[first + 2];
    float[] r2 = rows[first + 2];
    for (int i = from; i < to; i++) {
      out[i] = f0 * r0[i] + f1 * r1[i] + f2 * r2[i];
    }
  }

  private static void set4(
      float[] factors, float[][] rows, int first, int from, int to, float[] out) {
    float f0 = factors[first];
    float f1 = factors[first + 1];
    float f2 = factors[first + 2];
    float f3 = factors[first + 3];
    float[] r0 = rows[first];
    float[] r1 = rows[first + 1];
    float[] r2 = rows[first + 2];
    float[] r3 = rows[first + 3];
    for (int i = from; i < to; i++) {
      out[i] = f0 * r0[i] + f1 * r1[i] + f2 * r2[i] + f3 * r3[i];
    }
  }

  private static void add4(
      float[] factors, float[][] rows, int first, int from, int to, float[] out) {
    float f0 = factors[first];
    float f1 = factors[first + 1];
    float f2 = factors[first + 2];
    float f3 = factors[first + 3];
    float[] r0 = rows[first];
    float[] r1 = rows[first + 1];
    float[] r2 = rows[first + 2];
    float[] r3 = rows[first + 3];
    for (int i = from; i < to; i++) {
      out[i] += f0 * r0[i] + f1 * r1[i] + f2 * r2[i] + f3 * r3[i];
    }
  }

  private static float total(float[] a, int from, int to) {
    float s0 = 0f;
    float s1 = 0f;
    float s2 = 0f;
    float s3 = 0f;
    float s4 = 0f;
    float s5 = 0f;
    float s6 = 0f;
    float s7 = 0f;
    int i = from;
    for (; i + 7 < to; i += 8) {
      s0 += a[i];
      s1 += a[i + 1];
      s2 += a[i + 2];
      s3 += a[i + 3];
      s4 += a[i + 4];
      s5 += a[i + 5];
      s6 += a[i + 6];
      s7 += a[i + 7];
    }
    for (; i < to; i++) {
      s0 += a[i];
    }
    return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7));
  }

  private static float dot(float[] a, float[] b, int from, int to) {
    float s0 = 0f;
    float s1 = 0f;
    float s2 = 0f;
    float s3 = 0f;
    float s4 = 0f;
    float s5 = 0f;
    float s6 = 0f;
    float s7 = 0f;
    int i = from;
    for (; i + 7 < to; i += 8) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
      s4 += a[i + 4] * b[i + 4];
      s5 += a[i + 5] * b[i + 5];
      s6 += a[i + 6] * b[i + 6];
      s7 += a[i + 7] * b[i + 7];
    }
    for (; i < to; i++) {
      s0 += a[i] * b[i];
    }
    return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7));
  }
}
