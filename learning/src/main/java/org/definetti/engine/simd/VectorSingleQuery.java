package org.definetti.engine.simd;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.definetti.engine.FloatExp;
import org.definetti.engine.SingleQueryKernel;

/**
 * The single-query kernel in vector instructions, a vector of tokens at a time.
 *
 * <p>Keys and values are each read once forward and once backward, eight rows to a pass; only the
 * weights, one number a token, are read again. What is left over of a vector of tokens goes through
 * scalar loops. Vectors stay inside one method: one that returns a vector and is not inlined costs
 * more than all it computes.
 */
final class VectorSingleQuery implements SingleQueryKernel {

  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final int WIDTH = LANES.length();
  private static final int ROWS = 8;

  /** Tokens of four vectors. */
  private static final int BLOCK = 4 * WIDTH;

  /** So many tokens make a pass over a few rows pay. */
  private static final int MANY = 12 * WIDTH;

  private static final VectorShuffle<Float> BY_8 = LaneSum.partners(8);
  private static final VectorShuffle<Float> BY_4 = LaneSum.partners(4);
  private static final VectorShuffle<Float> BY_2 = LaneSum.partners(2);
  private static final VectorShuffle<Float> BY_1 = LaneSum.partners(1);

  /** Lanes with this bit in their number. */
  private static final VectorMask<Float> UPPER_4 = VectorMask.fromLong(LANES, 0xf0f0);

  private static final VectorMask<Float> UPPER_2 = VectorMask.fromLong(LANES, 0xcccc);

  private static final VectorMask<Float> UPPER_1 = VectorMask.fromLong(LANES, 0xaaaa);

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
    float max = max(weights, from, to, nullLogit);
    float total = exponentials(weights, from, to, max);
    float nullMass = FloatExp.exp(nullLogit - max);
    float scale = 1f / (total + nullMass);
    // Powers first, divided afterwards: nothing waits for the division.
    sums(weights, values, from, to, sum, sumOffset);
    scale(sum, sumOffset, sumOffset + values.length, scale);
    scale(weights, from, to, scale);
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
    float mean = nullWeight * nullGradient + sum1(weights, logitGradients, from, to);
    int i = from;
    for (; i <= to - WIDTH; i += WIDTH) {
      FloatVector.fromArray(LANES, logitGradients, i)
          .sub(mean)
          .mul(FloatVector.fromArray(LANES, weights, i))
          .intoArray(logitGradients, i);
    }
    for (; i < to; i++) {
      logitGradients[i] = weights[i] * (logitGradients[i] - mean);
    }
    sums(logitGradients, keys, from, to, du, 0);
    return mean;
  }

  /**
   * out_i = Σ_j factors_j rows_j,i: over few tokens block by block, over many eight rows a pass,
   * then four, then one.
   */
  private static void combine(float[] factors, float[][] rows, int from, int to, float[] out) {
    int first = from;
    if (to - from < MANY) {
      for (; first <= to - BLOCK; first += BLOCK) {
        combineBlock(factors, rows, first, out);
      }
      if (first == to) {
        return;
      }
    }
    int j = 0;
    for (; j <= rows.length - ROWS; j += ROWS) {
      combine8(factors, rows, j, first, to, out);
    }
    if (j <= rows.length - ROWS / 2) {
      combine4(factors, rows, j, first, to, out);
      j += ROWS / 2;
    }
    for (; j < rows.length; j++) {
      combine1(factors[j], rows[j], j == 0, first, to, out);
    }
  }

  /** All rows for four vectors of tokens; even and odd rows have sums of their own. */
  private static void combineBlock(float[] factors, float[][] rows, int i, float[] out) {
    FloatVector a = FloatVector.zero(LANES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector oddA = a;
    FloatVector oddB = a;
    FloatVector oddC = a;
    FloatVector oddD = a;
    int j = 0;
    for (; j < rows.length - 1; j += 2) {
      float[] even = rows[j];
      float[] odd = rows[j + 1];
      FloatVector f = FloatVector.broadcast(LANES, factors[j]);
      FloatVector g = FloatVector.broadcast(LANES, factors[j + 1]);
      a = FloatVector.fromArray(LANES, even, i).fma(f, a);
      b = FloatVector.fromArray(LANES, even, i + WIDTH).fma(f, b);
      c = FloatVector.fromArray(LANES, even, i + 2 * WIDTH).fma(f, c);
      d = FloatVector.fromArray(LANES, even, i + 3 * WIDTH).fma(f, d);
      oddA = FloatVector.fromArray(LANES, odd, i).fma(g, oddA);
      oddB = FloatVector.fromArray(LANES, odd, i + WIDTH).fma(g, oddB);
      oddC = FloatVector.fromArray(LANES, odd, i + 2 * WIDTH).fma(g, oddC);
      oddD = FloatVector.fromArray(LANES, odd, i + 3 * WIDTH).fma(g, oddD);
    }
    if (j < rows.length) {
      float[] even = rows[j];
      FloatVector f = FloatVector.broadcast(LANES, factors[j]);
      a = FloatVector.fromArray(LANES, even, i).fma(f, a);
      b = FloatVector.fromArray(LANES, even, i + WIDTH).fma(f, b);
      c = FloatVector.fromArray(LANES, even, i + 2 * WIDTH).fma(f, c);
      d = FloatVector.fromArray(LANES, even, i + 3 * WIDTH).fma(f, d);
    }
    a.add(oddA).intoArray(out, i);
    b.add(oddB).intoArray(out, i + WIDTH);
    c.add(oddC).intoArray(out, i + 2 * WIDTH);
    d.add(oddD).intoArray(out, i + 3 * WIDTH);
  }

  private static void combine8(
      float[] factors, float[][] rows, int j, int from, int to, float[] out) {
    float[] r0 = rows[j];
    float[] r1 = rows[j + 1];
    float[] r2 = rows[j + 2];
    float[] r3 = rows[j + 3];
    float[] r4 = rows[j + 4];
    float[] r5 = rows[j + 5];
    float[] r6 = rows[j + 6];
    float[] r7 = rows[j + 7];
    FloatVector f0 = FloatVector.broadcast(LANES, factors[j]);
    FloatVector f1 = FloatVector.broadcast(LANES, factors[j + 1]);
    FloatVector f2 = FloatVector.broadcast(LANES, factors[j + 2]);
    FloatVector f3 = FloatVector.broadcast(LANES, factors[j + 3]);
    FloatVector f4 = FloatVector.broadcast(LANES, factors[j + 4]);
    FloatVector f5 = FloatVector.broadcast(LANES, factors[j + 5]);
    FloatVector f6 = FloatVector.broadcast(LANES, factors[j + 6]);
    FloatVector f7 = FloatVector.broadcast(LANES, factors[j + 7]);
    boolean first = j == 0;
    int i = from;
    for (; i <= to - WIDTH; i += WIDTH) {
      FloatVector a = FloatVector.fromArray(LANES, r0, i).mul(f0);
      FloatVector b = FloatVector.fromArray(LANES, r1, i).mul(f1);
      a = FloatVector.fromArray(LANES, r2, i).fma(f2, a);
      b = FloatVector.fromArray(LANES, r3, i).fma(f3, b);
      a = FloatVector.fromArray(LANES, r4, i).fma(f4, a);
      b = FloatVector.fromArray(LANES, r5, i).fma(f5, b);
      a = FloatVector.fromArray(LANES, r6, i).fma(f6, a);
      b = FloatVector.fromArray(LANES, r7, i).fma(f7, b);
      a = a.add(b);
      if (!first) {
        a = a.add(FloatVector.fromArray(LANES, out, i));
      }
      a.intoArray(out, i);
    }
    for (; i < to; i++) {
      float a =
          ((r0[i] * factors[j] + r1[i] * factors[j + 1])
                  + (r2[i] * factors[j + 2] + r3[i] * factors[j + 3]))
              + ((r4[i] * factors[j + 4] + r5[i] * factors[j + 5])
                  + (r6[i] * factors[j + 6] + r7[i] * factors[j + 7]));
      out[i] = first ? a : out[i] + a;
    }
  }

  private static void combine4(
      float[] factors, float[][] rows, int j, int from, int to, float[] out) {
    float[] r0 = rows[j];
    float[] r1 = rows[j + 1];
    float[] r2 = rows[j + 2];
    float[] r3 = rows[j + 3];
    FloatVector f0 = FloatVector.broadcast(LANES, factors[j]);
    FloatVector f1 = FloatVector.broadcast(LANES, factors[j + 1]);
    FloatVector f2 = FloatVector.broadcast(LANES, factors[j + 2]);
    FloatVector f3 = FloatVector.broadcast(LANES, factors[j + 3]);
    boolean first = j == 0;
    int i = from;
    for (; i <= to - WIDTH; i += WIDTH) {
      FloatVector a = FloatVector.fromArray(LANES, r0, i).mul(f0);
      FloatVector b = FloatVector.fromArray(LANES, r1, i).mul(f1);
      a = FloatVector.fromArray(LANES, r2, i).fma(f2, a);
      b = FloatVector.fromArray(LANES, r3, i).fma(f3, b);
      a = a.add(b);
      if (!first) {
        a = a.add(FloatVector.fromArray(LANES, out, i));
      }
      a.intoArray(out, i);
    }
    for (; i < to; i++) {
      float a =
          (r0[i] * factors[j] + r1[i] * factors[j + 1])
              + (r2[i] * factors[j + 2] + r3[i] * factors[j + 3]);
      out[i] = first ? a : out[i] + a;
    }
  }

  private static void combine1(
      float factor, float[] row, boolean first, int from, int to, float[] out) {
    FloatVector f = FloatVector.broadcast(LANES, factor);
    int i = from;
    for (; i <= to - WIDTH; i += WIDTH) {
      FloatVector a = FloatVector.fromArray(LANES, row, i);
      a = first ? a.mul(f) : a.fma(f, FloatVector.fromArray(LANES, out, i));
      a.intoArray(out, i);
    }
    for (; i < to; i++) {
      out[i] = first ? factor * row[i] : Math.fma(factor, row[i], out[i]);
    }
  }

  /** The largest number and at least {@code least}; a NaN is passed over, and stays where it is. */
  private static float max(float[] a, int from, int to, float least) {
    FloatVector most = FloatVector.broadcast(LANES, least);
    int i = from;
    for (; i <= to - WIDTH; i += WIDTH) {
      FloatVector x = FloatVector.fromArray(LANES, a, i);
      most = most.blend(x, x.compare(GT, most));
    }
    float max = most.reduceLanes(jdk.incubator.vector.VectorOperators.MAX);
    for (; i < to; i++) {
      max = a[i] > max ? a[i] : max;
    }
    return max;
  }

  /**
   * Replaces a_i by exp(a_i - max) and returns the sum.
   *
   * <pre>{@code  e^x = 2^n 2^f,   n = round(x log2 e),   f = x log2 e - n  }</pre>
   *
   * <p>The product with log2 e is not rounded before n is taken away; 2^f is the polynomial of
   * {@link RowExponentials}. Relative error below 2e-7 for x > -10, 2e-6 for the rest.
   */
  private static float exponentials(float[] a, int from, int to, float max) {
    FloatVector total = FloatVector.zero(LANES);
    int i = from;
    for (; i <= to - WIDTH; i += WIDTH) {
      FloatVector x = FloatVector.fromArray(LANES, a, i).sub(max);
      FloatVector log2e = FloatVector.broadcast(LANES, FloatExp.LOG2_E);
      FloatVector shifted = x.fma(log2e, FloatVector.broadcast(LANES, RowExponentials.ROUNDER));
      FloatVector f =
          x.fma(log2e, FloatVector.broadcast(LANES, RowExponentials.ROUNDER).sub(shifted));
      FloatVector power =
          f.fma(
              FloatVector.broadcast(LANES, RowExponentials.C5),
              FloatVector.broadcast(LANES, RowExponentials.C4));
      power = power.fma(f, FloatVector.broadcast(LANES, RowExponentials.C3));
      power = power.fma(f, FloatVector.broadcast(LANES, RowExponentials.C2));
      power = power.fma(f, FloatVector.broadcast(LANES, RowExponentials.C1));
      power = power.fma(f, FloatVector.broadcast(LANES, 1f));
      FloatVector scale =
          shifted.reinterpretAsInts().lanewise(LSHL, FloatExp.MANTISSA_BITS).reinterpretAsFloats();
      FloatVector e = power.mul(scale).blend(0f, x.compare(LT, FloatExp.LEAST));
      total = total.add(e);
      e.intoArray(a, i);
    }
    float sum = LaneSum.of(total);
    for (; i < to; i++) {
      a[i] = FloatExp.exp(a[i] - max);
      sum += a[i];
    }
    return sum;
  }

  private static void scale(float[] a, int from, int to, float factor) {
    int i = from;
    for (; i <= to - WIDTH; i += WIDTH) {
      FloatVector.fromArray(LANES, a, i).mul(factor).intoArray(a, i);
    }
    for (; i < to; i++) {
      a[i] *= factor;
    }
  }

  /**
   * out_j = Σ_i a_i rows_j,i: over a few whole blocks of tokens eight rows at a time, else four
   * rows a pass, then one.
   */
  private static void sums(float[] a, float[][] rows, int from, int to, float[] out, int offset) {
    int j = 0;
    if (WIDTH == ROWS && to - from < MANY && to > from && (to - from) % BLOCK == 0) {
      int whole = rows.length / ROWS * ROWS;
      if (whole > 0) {
        sumsBlock(a, rows, whole, from, false, out, offset);
        for (int i = from + BLOCK; i < to; i += BLOCK) {
          sumsBlock(a, rows, whole, i, true, out, offset);
        }
      }
      j = whole;
    }
    for (; j <= rows.length - 4; j += 4) {
      sums4(a, rows, j, from, to, out, offset + j);
    }
    for (; j < rows.length; j++) {
      out[offset + j] = sum1(a, rows[j], from, to);
    }
  }

  /**
   * Sums over four vectors of tokens, whose weights stay in registers. Lanes of eight rows are
   * added up together: rows j and j + 4 share a vector after the first step, four rows after the
   * second, and the third leaves row j + l in lane l.
   */
  private static void sumsBlock(
      float[] a, float[][] rows, int whole, int i, boolean add, float[] out, int offset) {
    FloatVector w0 = FloatVector.fromArray(LANES, a, i);
    FloatVector w1 = FloatVector.fromArray(LANES, a, i + WIDTH);
    FloatVector w2 = FloatVector.fromArray(LANES, a, i + 2 * WIDTH);
    FloatVector w3 = FloatVector.fromArray(LANES, a, i + 3 * WIDTH);
    for (int j = 0; j < whole; j += ROWS) {
      float[] r0 = rows[j + 0];
      FloatVector s0 = FloatVector.fromArray(LANES, r0, i).mul(w0);
      s0 = FloatVector.fromArray(LANES, r0, i + WIDTH).fma(w1, s0);
      s0 = FloatVector.fromArray(LANES, r0, i + 2 * WIDTH).fma(w2, s0);
      s0 = FloatVector.fromArray(LANES, r0, i + 3 * WIDTH).fma(w3, s0);
      float[] r4 = rows[j + 4];
      FloatVector s4 = FloatVector.fromArray(LANES, r4, i).mul(w0);
      s4 = FloatVector.fromArray(LANES, r4, i + WIDTH).fma(w1, s4);
      s4 = FloatVector.fromArray(LANES, r4, i + 2 * WIDTH).fma(w2, s4);
      s4 = FloatVector.fromArray(LANES, r4, i + 3 * WIDTH).fma(w3, s4);
      s0 = s0.blend(s4, UPPER_4).add(s4.blend(s0, UPPER_4).rearrange(BY_4));
      float[] r2 = rows[j + 2];
      FloatVector s2 = FloatVector.fromArray(LANES, r2, i).mul(w0);
      s2 = FloatVector.fromArray(LANES, r2, i + WIDTH).fma(w1, s2);
      s2 = FloatVector.fromArray(LANES, r2, i + 2 * WIDTH).fma(w2, s2);
      s2 = FloatVector.fromArray(LANES, r2, i + 3 * WIDTH).fma(w3, s2);
      float[] r6 = rows[j + 6];
      FloatVector s6 = FloatVector.fromArray(LANES, r6, i).mul(w0);
      s6 = FloatVector.fromArray(LANES, r6, i + WIDTH).fma(w1, s6);
      s6 = FloatVector.fromArray(LANES, r6, i + 2 * WIDTH).fma(w2, s6);
      s6 = FloatVector.fromArray(LANES, r6, i + 3 * WIDTH).fma(w3, s6);
      s2 = s2.blend(s6, UPPER_4).add(s6.blend(s2, UPPER_4).rearrange(BY_4));
      s0 = s0.blend(s2, UPPER_2).add(s2.blend(s0, UPPER_2).rearrange(BY_2));
      float[] r1 = rows[j + 1];
      FloatVector s1 = FloatVector.fromArray(LANES, r1, i).mul(w0);
      s1 = FloatVector.fromArray(LANES, r1, i + WIDTH).fma(w1, s1);
      s1 = FloatVector.fromArray(LANES, r1, i + 2 * WIDTH).fma(w2, s1);
      s1 = FloatVector.fromArray(LANES, r1, i + 3 * WIDTH).fma(w3, s1);
      float[] r5 = rows[j + 5];
      FloatVector s5 = FloatVector.fromArray(LANES, r5, i).mul(w0);
      s5 = FloatVector.fromArray(LANES, r5, i + WIDTH).fma(w1, s5);
      s5 = FloatVector.fromArray(LANES, r5, i + 2 * WIDTH).fma(w2, s5);
      s5 = FloatVector.fromArray(LANES, r5, i + 3 * WIDTH).fma(w3, s5);
      s1 = s1.blend(s5, UPPER_4).add(s5.blend(s1, UPPER_4).rearrange(BY_4));
      float[] r3 = rows[j + 3];
      FloatVector s3 = FloatVector.fromArray(LANES, r3, i).mul(w0);
      s3 = FloatVector.fromArray(LANES, r3, i + WIDTH).fma(w1, s3);
      s3 = FloatVector.fromArray(LANES, r3, i + 2 * WIDTH).fma(w2, s3);
      s3 = FloatVector.fromArray(LANES, r3, i + 3 * WIDTH).fma(w3, s3);
      float[] r7 = rows[j + 7];
      FloatVector s7 = FloatVector.fromArray(LANES, r7, i).mul(w0);
      s7 = FloatVector.fromArray(LANES, r7, i + WIDTH).fma(w1, s7);
      s7 = FloatVector.fromArray(LANES, r7, i + 2 * WIDTH).fma(w2, s7);
      s7 = FloatVector.fromArray(LANES, r7, i + 3 * WIDTH).fma(w3, s7);
      s3 = s3.blend(s7, UPPER_4).add(s7.blend(s3, UPPER_4).rearrange(BY_4));
      s1 = s1.blend(s3, UPPER_2).add(s3.blend(s1, UPPER_2).rearrange(BY_2));
      s0 = s0.blend(s1, UPPER_1).add(s1.blend(s0, UPPER_1).rearrange(BY_1));
      if (add) {
        s0 = s0.add(FloatVector.fromArray(LANES, out, offset + j));
      }
      s0.intoArray(out, offset + j);
    }
  }

  /**
   * Two vectors of tokens at a time: eight sums hide the latency of an addition. In the end the
   * lanes of all four are added up together, halves of two in one vector: a third of the
   * instructions of one sum after the other.
   */
  private static void sums4(
      float[] a, float[][] rows, int j, int from, int to, float[] out, int offset) {
    float[] r0 = rows[j];
    float[] r1 = rows[j + 1];
    float[] r2 = rows[j + 2];
    float[] r3 = rows[j + 3];
    FloatVector s0 = FloatVector.zero(LANES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector t0 = s0;
    FloatVector t1 = s0;
    FloatVector t2 = s0;
    FloatVector t3 = s0;
    int i = from;
    for (; i <= to - 2 * WIDTH; i += 2 * WIDTH) {
      FloatVector w = FloatVector.fromArray(LANES, a, i);
      FloatVector x = FloatVector.fromArray(LANES, a, i + WIDTH);
      s0 = FloatVector.fromArray(LANES, r0, i).fma(w, s0);
      s1 = FloatVector.fromArray(LANES, r1, i).fma(w, s1);
      s2 = FloatVector.fromArray(LANES, r2, i).fma(w, s2);
      s3 = FloatVector.fromArray(LANES, r3, i).fma(w, s3);
      t0 = FloatVector.fromArray(LANES, r0, i + WIDTH).fma(x, t0);
      t1 = FloatVector.fromArray(LANES, r1, i + WIDTH).fma(x, t1);
      t2 = FloatVector.fromArray(LANES, r2, i + WIDTH).fma(x, t2);
      t3 = FloatVector.fromArray(LANES, r3, i + WIDTH).fma(x, t3);
    }
    if (i <= to - WIDTH) {
      FloatVector w = FloatVector.fromArray(LANES, a, i);
      s0 = FloatVector.fromArray(LANES, r0, i).fma(w, s0);
      s1 = FloatVector.fromArray(LANES, r1, i).fma(w, s1);
      s2 = FloatVector.fromArray(LANES, r2, i).fma(w, s2);
      s3 = FloatVector.fromArray(LANES, r3, i).fma(w, s3);
      i += WIDTH;
    }
    s0 = s0.add(t0);
    s1 = s1.add(t1);
    s2 = s2.add(t2);
    s3 = s3.add(t3);
    FloatVector low = s0.blend(s2, UPPER_2).add(s2.blend(s0, UPPER_2).rearrange(BY_2));
    FloatVector high = s1.blend(s3, UPPER_2).add(s3.blend(s1, UPPER_2).rearrange(BY_2));
    FloatVector all = low.blend(high, UPPER_1).add(high.blend(low, UPPER_1).rearrange(BY_1));
    if (WIDTH > 8) {
      all = all.add(all.rearrange(BY_8));
    }
    if (WIDTH > 4) {
      all = all.add(all.rearrange(BY_4));
    }
    float o0 = all.lane(0);
    float o1 = all.lane(1);
    float o2 = all.lane(2);
    float o3 = all.lane(3);
    for (; i < to; i++) {
      float w = a[i];
      o0 = Math.fma(w, r0[i], o0);
      o1 = Math.fma(w, r1[i], o1);
      o2 = Math.fma(w, r2[i], o2);
      o3 = Math.fma(w, r3[i], o3);
    }
    out[offset] = o0;
    out[offset + 1] = o1;
    out[offset + 2] = o2;
    out[offset + 3] = o3;
  }

  private static float sum1(float[] a, float[] row, int from, int to) {
    FloatVector s = FloatVector.zero(LANES);
    int i = from;
    for (; i <= to - WIDTH; i += WIDTH) {
      s = FloatVector.fromArray(LANES, row, i).fma(FloatVector.fromArray(LANES, a, i), s);
    }
    float sum = LaneSum.of(s);
    for (; i < to; i++) {
      sum = Math.fma(a[i], row[i], sum);
    }
    return sum;
  }
}
