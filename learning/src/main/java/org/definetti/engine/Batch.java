package org.definetti.engine;

import java.util.Arrays;
import org.definetti.latent.Check;

/**
 * B samples in float32: up to L context tokens, a query and one or more target rows each.
 *
 * <p>A sample may have fewer tokens than L; what lies behind them is padding, finite numbers that
 * no layer lets influence an output.
 *
 * <p>Keys and values are stored as one array per coordinate, over all tokens of all samples. Loops
 * over tokens then read separate arrays at one common index, the form that the compiler turns into
 * vector instructions, and need no transposed copy.
 *
 * <p>The arrays are live and written by whoever fills the batch; different samples may be written
 * from different threads.
 */
public final class Batch {

  private final Widths widths;
  private final int size;
  private final int length;
  private final int rows;
  private final int[] lengths; // (batch): tokens of each sample that count
  private final float[][] keys; // (key width)(batch * length)
  private final float[][] values; // (value width)(batch * length)
  private final float[] queries; // (batch, key width)
  private final float[] targets; // (batch, rows, target width)

  private Batch(Widths widths, int size, int length, int rows) {
    this.widths = widths;
    this.size = size;
    this.length = length;
    this.rows = rows;
    this.lengths = new int[size];
    Arrays.fill(lengths, length);
    int tokens = Math.multiplyExact(size, length);
    this.keys = new float[widths.key()][tokens];
    this.values = new float[widths.value()][tokens];
    this.queries = new float[Math.multiplyExact(size, widths.key())];
    this.targets = new float[Math.multiplyExact(Math.multiplyExact(size, rows), widths.target())];
  }

  /**
   * Returns a batch of zeros with one target row a sample.
   *
   * @param size the number B of samples, at least 1
   * @param length the number L of context tokens of each sample, at least 0
   */
  public static Batch zeros(Widths widths, int size, int length) {
    return zeros(widths, size, length, 1);
  }

  /**
   * Returns a batch of zeros.
   *
   * @param size the number B of samples, at least 1
   * @param length the number L of context tokens of each sample, at least 0
   * @param rows the number of target rows of each sample, at least 0: as many as the layer has
   *     output rows for this length
   */
  public static Batch zeros(Widths widths, int size, int length, int rows) {
    Check.atLeast("size", 1, size);
    Check.atLeast("length", 0, length);
    Check.atLeast("rows", 0, rows);
    return new Batch(widths, size, length, rows);
  }

  /** Returns the widths of keys, values and targets. */
  public Widths widths() {
    return widths;
  }

  /** Returns the number B of samples. */
  public int size() {
    return size;
  }

  /** Returns the number L of places for context tokens of every sample. */
  public int length() {
    return length;
  }

  /** Returns the number of target rows of every sample. */
  public int rows() {
    return rows;
  }

  /** Returns how many tokens of this sample count, at most L; those behind them are padding. */
  public int length(int sample) {
    return lengths[sample];
  }

  /**
   * Says how many tokens of this sample count. A new batch counts all.
   *
   * @param tokens in 0..L
   * @throws IllegalArgumentException if there are not so many
   */
  public void setLength(int sample, int tokens) {
    if (tokens < 0 || tokens > length) {
      throw new IllegalArgumentException("tokens: expected in 0.." + length + ", got " + tokens);
    }
    lengths[sample] = tokens;
  }

  /** Returns one coordinate of all keys: (batch * length), token l of sample b at b·L + l. */
  public float[] keys(int coordinate) {
    return keys[coordinate];
  }

  /** Returns one coordinate of all values: (batch * length), token l of sample b at b·L + l. */
  public float[] values(int coordinate) {
    return values[coordinate];
  }

  /** Returns all coordinates of the keys: (key width)(batch * length). */
  public float[][] keys() {
    return keys;
  }

  /** Returns all coordinates of the values: (value width)(batch * length). */
  public float[][] values() {
    return values;
  }

  /** Returns the queries: (batch, key width). */
  public float[] queries() {
    return queries;
  }

  /** Returns the targets: (batch, rows, target width). */
  public float[] targets() {
    return targets;
  }

  /**
   * Copies sample {@code source} of {@code other}, of equal widths, length and rows, to {@code
   * index}.
   */
  public void copySample(int index, Batch other, int source) {
    if (!other.widths.equals(widths) || other.length != length || other.rows != rows) {
      throw new IllegalArgumentException(
          "other: expected " + widths + ", length " + length + ", rows " + rows + ", got " + other);
    }
    lengths[index] = other.lengths[source];
    for (int j = 0; j < keys.length; j++) {
      System.arraycopy(other.keys[j], source * length, keys[j], index * length, length);
    }
    for (int j = 0; j < values.length; j++) {
      System.arraycopy(other.values[j], source * length, values[j], index * length, length);
    }
    int dk = widths.key();
    int p = rows * widths.target();
    System.arraycopy(other.queries, source * dk, queries, index * dk, dk);
    System.arraycopy(other.targets, source * p, targets, index * p, p);
  }

  /** Copies the tokens of sample {@code source} of this batch to sample {@code index}. */
  public void copyContext(int index, int source) {
    lengths[index] = lengths[source];
    for (float[] coordinate : keys) {
      System.arraycopy(coordinate, source * length, coordinate, index * length, length);
    }
    for (float[] coordinate : values) {
      System.arraycopy(coordinate, source * length, coordinate, index * length, length);
    }
  }

  /** Equal when widths, shape, lengths and the bits of all numbers, padding included, are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Batch that
        && widths.equals(that.widths)
        && size == that.size
        && length == that.length
        && rows == that.rows
        && Arrays.equals(lengths, that.lengths)
        && Arrays.deepEquals(keys, that.keys)
        && Arrays.deepEquals(values, that.values)
        && Arrays.equals(queries, that.queries)
        && Arrays.equals(targets, that.targets);
  }

  @Override
  public int hashCode() {
    int hash = 31 * widths.hashCode() + Arrays.deepHashCode(keys);
    hash = 31 * hash + Arrays.deepHashCode(values);
    hash = 31 * hash + Arrays.hashCode(queries);
    return 31 * hash + Arrays.hashCode(targets);
  }

  @Override
  public String toString() {
    String targets = rows == 1 ? "" : ", rows=" + rows;
    return "Batch[" + size + " samples of length " + length + targets + ", " + widths + "]";
  }
}
