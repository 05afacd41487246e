package org.definetti.engine;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Named parameter matrices over one float array, in a fixed order.
 *
 * <p>The matrices lie one after the other, each row by row, so an optimiser sees one vector and a
 * layer sees matrices at fixed offsets. Weights, gradients and optimiser moments share this type.
 *
 * <p>{@link #with} returns a changed copy; {@link #data} is the live storage, which kernels and
 * optimisers write. Not safe to write from several threads.
 */
public final class Parameters {

  private final List<ParameterShape> shapes;
  private final float[] data; // all matrices, one after the other

  private Parameters(List<ParameterShape> shapes, float[] data) {
    this.shapes = shapes;
    this.data = data;
  }

  /**
   * Returns parameters of these shapes, all zero.
   *
   * @throws IllegalArgumentException if two have the same name
   */
  public static Parameters zeros(List<ParameterShape> shapes) {
    Set<String> names = new HashSet<>();
    int size = 0;
    for (ParameterShape shape : shapes) {
      if (!names.add(shape.name())) {
        throw new IllegalArgumentException(
            "shapes: expected distinct names, got " + shape.name() + " twice");
      }
      size = Math.addExact(size, shape.size());
    }
    return new Parameters(List.copyOf(shapes), new float[size]);
  }

  /**
   * Returns parameters of these shapes with these matrices, rounded to float32.
   *
   * @param matrices one for each shape, by name. Not modified.
   * @throws IllegalArgumentException if names differ from the shapes' or a number is not finite
   * @throws org.definetti.latent.ShapeMismatchException if a shape differs
   */
  public static Parameters of(List<ParameterShape> shapes, Map<String, SimpleMatrix> matrices) {
    Parameters parameters = zeros(shapes);
    Set<String> names = new LinkedHashSet<>();
    shapes.forEach(shape -> names.add(shape.name()));
    if (!matrices.keySet().equals(names)) {
      throw new IllegalArgumentException(
          "matrices: expected names " + names + ", got " + matrices.keySet());
    }
    for (Map.Entry<String, SimpleMatrix> entry : matrices.entrySet()) {
      parameters = parameters.with(entry.getKey(), entry.getValue());
    }
    return parameters;
  }

  /** Returns names and shapes in storage order. */
  public List<ParameterShape> shapes() {
    return shapes;
  }

  /** Returns the number of numbers. */
  public int size() {
    return data.length;
  }

  /** Returns the live storage: all matrices one after the other, each row by row. */
  public float[] data() {
    return data;
  }

  /** Returns whether a parameter of this name exists. */
  public boolean has(String name) {
    return shapes.stream().anyMatch(shape -> shape.name().equals(name));
  }

  /**
   * Returns where the matrix of this name starts in {@link #data}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public int offset(String name) {
    int offset = 0;
    for (ParameterShape shape : shapes) {
      if (shape.name().equals(name)) {
        return offset;
      }
      offset += shape.size();
    }
    throw unknown(name);
  }

  /**
   * Returns the shape of the matrix of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public ParameterShape shape(String name) {
    return shapes.stream()
        .filter(shape -> shape.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private IllegalArgumentException unknown(String name) {
    List<String> names = shapes.stream().map(ParameterShape::name).toList();
    return new IllegalArgumentException("name: expected one of " + names + ", got " + name);
  }

  /** Returns a copy, in double precision, of the matrix of this name. */
  public SimpleMatrix matrix(String name) {
    ParameterShape shape = shape(name);
    SimpleMatrix matrix = new SimpleMatrix(shape.rows(), shape.columns());
    double[] out = matrix.getDDRM().data;
    int offset = offset(name);
    for (int i = 0; i < out.length; i++) {
      out[i] = data[offset + i];
    }
    return matrix;
  }

  /** Returns copies, in double precision, of all matrices by name, in storage order. */
  public Map<String, SimpleMatrix> matrices() {
    Map<String, SimpleMatrix> matrices = new LinkedHashMap<>();
    shapes.forEach(shape -> matrices.put(shape.name(), matrix(shape.name())));
    return matrices;
  }

  /**
   * Returns a copy in which the matrix of this name is replaced, rounded to float32.
   *
   * @throws IllegalArgumentException if there is none of this name, or a number is not finite
   * @throws org.definetti.latent.ShapeMismatchException if the shape differs
   */
  public Parameters with(String name, SimpleMatrix matrix) {
    ParameterShape shape = shape(name);
    Check.matrix(name, matrix, shape.rows(), shape.columns());
    Parameters changed = copy();
    double[] in = matrix.getDDRM().data;
    int offset = offset(name);
    for (int i = 0; i < shape.size(); i++) {
      changed.data[offset + i] = (float) in[i];
    }
    return changed;
  }

  /** Returns an independent copy. */
  public Parameters copy() {
    return new Parameters(shapes, data.clone());
  }

  /** Returns parameters of the same names and shapes, all zero. */
  public Parameters zeros() {
    return new Parameters(shapes, new float[data.length]);
  }

  /** Sets every number to zero. */
  public void clear() {
    Arrays.fill(data, 0f);
  }

  /**
   * Adds parameters of the same layout, number by number.
   *
   * @throws IllegalArgumentException if names, shapes or their order differ
   */
  public void add(Parameters others) {
    requireSameLayout(others);
    float[] more = others.data;
    for (int i = 0; i < data.length; i++) {
      data[i] += more[i];
    }
  }

  /** Returns whether every number is finite. */
  public boolean isFinite() {
    return isFinite(0, data.length);
  }

  private boolean isFinite(int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Float.isFinite(data[i])) {
        return false;
      }
    }
    return true;
  }

  /** Returns the name of the first matrix with a number that is not finite, or null. */
  public @Nullable String firstNotFinite() {
    int offset = 0;
    for (ParameterShape shape : shapes) {
      if (!isFinite(offset, offset + shape.size())) {
        return shape.name();
      }
      offset += shape.size();
    }
    return null;
  }

  /**
   * Throws unless the other has the same names and shapes in the same order.
   *
   * @throws IllegalArgumentException if names, shapes or their order differ
   */
  public void requireSameLayout(Parameters other) {
    if (other.shapes != shapes && !other.shapes.equals(shapes)) {
      throw new IllegalArgumentException(
          "parameters: expected layout " + shapes + ", got " + other.shapes);
    }
  }

  /** Equal when names, shapes, order and the bits of all numbers are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Parameters that
        && shapes.equals(that.shapes)
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return 31 * shapes.hashCode() + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return "Parameters" + shapes;
  }
}
