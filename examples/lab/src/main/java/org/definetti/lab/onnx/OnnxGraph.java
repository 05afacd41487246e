package org.definetti.lab.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Arrays;
import java.util.List;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A graph of ONNX operators under construction, float32. Values are known by their names; methods
 * add an operator and return the name of what it computes.
 *
 * <p>Source: operators and their versions [recalled: ONNX operator set 17].
 */
final class OnnxGraph {

  private static final int OPERATOR_SET = 17;
  private static final int FORMAT = 8;

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private int count;

  OnnxGraph(String name) {
    graph.setName(name);
  }

  /** Declares an input; a size is a number or the name of a size that varies. */
  String input(String name, Object... sizes) {
    graph.addInput(described(name, sizes));
    return name;
  }

  /** Makes a value an output under another name. */
  void output(String name, String value, Object... sizes) {
    graph.addNode(
        NodeProto.newBuilder().setOpType("Identity").addInput(value).addOutput(name).build());
    graph.addOutput(described(name, sizes));
  }

  private static ValueInfoProto described(String name, Object... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object size : sizes) {
      shape.addDim(
          size instanceof String named
              ? Dimension.newBuilder().setDimParam(named)
              : Dimension.newBuilder().setDimValue((Integer) size));
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** Adds an operator with one output. */
  String add(String operator, List<String> inputs, AttributeProto... attributes) {
    String result = unique(operator);
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(result)
            .addAllInput(inputs)
            .addOutput(result)
            .addAllAttribute(Arrays.asList(attributes))
            .build());
    return result;
  }

  private String unique(String word) {
    count++;
    return word + "_" + count;
  }

  static AttributeProto whole(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto wholes(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static AttributeProto real(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  /** Adds a row of constant whole numbers. */
  String row(long... values) {
    return whole(new long[] {values.length}, values);
  }

  /** Adds a constant whole number without an axis. */
  String whole(long value) {
    return whole(new long[0], value);
  }

  private String whole(long[] shape, long... values) {
    String name = unique("whole");
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.INT64.getNumber());
    for (long size : shape) {
      tensor.addDims(size);
    }
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** Adds one constant. */
  String constant(double value) {
    return constant(SimpleMatrix.filled(1, 1, value));
  }

  /** Adds the entries of a matrix, row by row, as a constant of this shape; none for one number. */
  String constant(SimpleMatrix numbers, long... shape) {
    String name = unique("constant");
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
    for (long size : shape) {
      tensor.addDims(size);
    }
    for (int i = 0; i < numbers.getNumElements(); i++) {
      tensor.addFloatData((float) numbers.get(i));
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** Adds a row of numbers as a constant of one dimension, to be added to the last axis. */
  String row(SimpleMatrix row) {
    return constant(row, row.getNumElements());
  }

  String sum(String left, String right) {
    return add("Add", List.of(left, right));
  }

  String product(String left, String right) {
    return add("Mul", List.of(left, right));
  }

  String quotient(String left, String right) {
    return add("Div", List.of(left, right));
  }

  String matrixProduct(String left, String right) {
    return add("MatMul", List.of(left, right));
  }

  /** Adds x Aᵀ + b along the last axis of x. */
  String affine(String x, SimpleMatrix map, @Nullable SimpleMatrix bias) {
    SimpleMatrix turned = map.transpose();
    String product = matrixProduct(x, constant(turned, turned.getNumRows(), turned.getNumCols()));
    return bias == null ? product : sum(product, row(bias));
  }

  String concat(int axis, String... values) {
    return values.length == 1 ? values[0] : add("Concat", List.of(values), whole("axis", axis));
  }

  String unsqueeze(String x, int axis) {
    return add("Unsqueeze", List.of(x, row(axis)));
  }

  String transpose(String x, long... order) {
    return add("Transpose", List.of(x), wholes("perm", order));
  }

  /** Adds a reshape; a size of 0 is kept as it is. */
  String reshape(String x, long... shape) {
    return add("Reshape", List.of(x, row(shape)));
  }

  String softmax(String x, int axis) {
    return add("Softmax", List.of(x), whole("axis", axis));
  }

  /** Adds the sum over an axis, which then is gone. */
  String sumOver(String x, int axis) {
    return add("ReduceSum", List.of(x, row(axis)), whole("keepdims", 0));
  }

  /** Adds the mean over an axis, which then is gone unless kept. */
  String meanOver(String x, int axis, boolean kept) {
    return add("ReduceMean", List.of(x), wholes("axes", axis), whole("keepdims", kept ? 1 : 0));
  }

  /** Adds x Φ(x), Φ the standard normal distribution. */
  String gelu(String x) {
    String erf = add("Erf", List.of(product(x, constant(Math.sqrt(0.5)))));
    return product(product(x, constant(0.5)), sum(erf, constant(1)));
  }

  /** Adds the norm of the last axis, LayerNorm with a bias and RMS without. */
  String norm(String x, SimpleMatrix gain, @Nullable SimpleMatrix bias, float epsilon) {
    if (bias != null) {
      return add(
          "LayerNormalization",
          List.of(x, row(gain), row(bias)),
          whole("axis", -1),
          real("epsilon", epsilon));
    }
    String square = meanOver(product(x, x), -1, true);
    String root = add("Sqrt", List.of(sum(square, constant(epsilon))));
    return product(quotient(x, root), row(gain));
  }

  /** Adds the size of one axis, a row of one whole number. */
  String size(String x, int axis) {
    return add("Shape", List.of(x), whole("start", axis), whole("end", axis + 1));
  }

  /** Returns the model file's bytes. */
  byte[] bytes() {
    return ModelProto.newBuilder()
        .setIrVersion(FORMAT)
        .setProducerName("definetti")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET))
        .setGraph(graph)
        .build()
        .toByteArray();
  }
}
