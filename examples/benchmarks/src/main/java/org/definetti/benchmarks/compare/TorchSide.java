package org.definetti.benchmarks.compare;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;

/**
 * The peer: PyTorch through the Deep Java Library, running TorchScript that holds the model, its
 * gradient and fused Adam in one call a step.
 *
 * <p>The scripts are {@code step.py} with one of {@code block.py}, {@code head.py} and {@code
 * folded-head.py} behind it, in this package's resources. Attention is {@code
 * scaled_dot_product_attention}; where a model can be written in several ways, or run by several
 * executors, {@link #fastest} takes the fastest, so that nobody wins against a weak peer.
 */
final class TorchSide implements Side {

  private static final int TRIED_STEPS = 3;
  private static final long TRIED_NANOS = 700_000_000L;

  /** The answer of PyTorch's choice of an attention kernel that means the fused one. */
  private static final float FUSED = 1f;

  private final Task task;
  private final Problem problem;
  private final String model;
  private final boolean optimised;
  private final long before; // resident before any tensor
  private final PtNDManager manager = (PtNDManager) NDManager.newBaseManager("PyTorch");
  private final PtSymbolBlock module;
  private final NDList train = new NDList();
  private final NDList infer = new NDList();

  private TorchSide(Task task, Problem problem, String model, boolean optimised, long before) {
    this.task = task;
    this.problem = problem;
    this.model = model;
    this.optimised = optimised;
    this.before = before;
    useExecutor();
    int d = problem.batch().widths().target();
    String code =
        (script("step.py") + script(model + ".py"))
            .replace("$HEADS", Integer.toString(task.shape().heads()))
            .replace("$WIDTH", Integer.toString(d));
    this.module = load(code);
    fillLists();
  }

  /** Returns the fastest way the peer can do this task with the task's threads. */
  static TorchSide fastest(Task task) {
    Engine engine = Engine.getEngine("PyTorch");
    if (!engine.getVersion().startsWith("2.")) {
      throw new IllegalStateException("peer: expected PyTorch 2, got " + engine.getVersion());
    }
    JniUtils.setNumThreads(task.threads());
    JniUtils.setGradMode(true);
    Problem problem = Problem.of(task);
    long before = Memory.residentPeak();
    List<String> models = task.work().isBlock() ? List.of("block") : List.of("head", "folded-head");
    String fastestModel = "";
    boolean fastestOptimised = false;
    long least = Long.MAX_VALUE;
    for (String model : models) {
      for (boolean optimised : new boolean[] {false, true}) {
        try (TorchSide side = new TorchSide(task, problem, model, optimised, before)) {
          long nanos = side.leastNanos();
          if (nanos < least) {
            least = nanos;
            fastestModel = model;
            fastestOptimised = optimised;
          }
        }
      }
    }
    return new TorchSide(task, problem, fastestModel, fastestOptimised, before);
  }

  private long leastNanos() {
    long least = Long.MAX_VALUE;
    long end = System.nanoTime() + TRIED_NANOS;
    for (int step = 0; step < TRIED_STEPS || System.nanoTime() < end; step++) {
      least = Math.min(least, nanos(1)[0]);
    }
    return least;
  }

  private static String script(String name) {
    try (InputStream in = TorchSide.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PtSymbolBlock load(String code) {
    try {
      return JniUtils.loadModule(
          manager, new ByteArrayInputStream(TorchArchive.of(code)), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void useExecutor() {
    JniUtils.setGraphExecutorOptimize(optimised);
  }

  private void fillLists() {
    NDArray method = manager.create(0f);
    method.setName("module_method:infer");
    infer.add(method);
    for (NDArray input : inputs()) {
      add(input, "inputs[]", train, infer);
    }
    add(tensor(problem.batch().targets(), targetShape()), "target", train);
    List<NDArray> parameters = parameters();
    for (NDArray parameter : parameters) {
      add(parameter, "parameters[]", train, infer);
    }
    for (NDArray parameter : parameters) {
      add(parameter.zerosLike(), "first[]", train);
    }
    for (NDArray parameter : parameters) {
      add(parameter.zerosLike(), "second[]", train);
    }
    for (int i = 0; i < parameters.size(); i++) {
      add(manager.create(0f), "steps[]", train);
    }
  }

  private static void add(NDArray array, String name, NDList... lists) {
    array.setName(name);
    for (NDList list : lists) {
      list.add(array);
    }
  }

  private NDArray tensor(float[] numbers, Shape shape) {
    return manager.create(numbers, shape);
  }

  private List<NDArray> inputs() {
    Batch batch = problem.batch();
    int b = batch.size();
    int l = batch.length();
    int d = task.shape().dimension();
    NDArray values = tensor(Problem.rows(batch.values()), new Shape(b, l, d));
    if (task.work().isBlock()) {
      return List.of(values);
    }
    NDArray queries = tensor(batch.queries(), new Shape(b, d));
    NDArray keys = tensor(Problem.rows(batch.keys()), new Shape(b, l, d));
    return List.of(queries, keys, values);
  }

  private Shape targetShape() {
    int b = task.shape().batch();
    int d = task.shape().dimension();
    return task.work().isBlock() ? new Shape(b, task.shape().length(), d) : new Shape(b, d);
  }

  /** The layer's parameters; of a block, query, key and value are one, as they lie in storage. */
  private List<NDArray> parameters() {
    float[] data = problem.initial().data();
    List<NDArray> tensors = new ArrayList<>();
    int offset = 0;
    List<ParameterShape> shapes = problem.initial().shapes();
    for (int i = 0; i < shapes.size(); i++) {
      int joined = task.work().isBlock() && i < 6 ? 3 : 1;
      int rows = joined * shapes.get(i).rows();
      int columns = shapes.get(i).columns();
      boolean vector = shapes.get(i).rows() == 1;
      float[] part = Arrays.copyOfRange(data, offset, offset + rows * columns);
      offset += part.length;
      i += joined - 1;
      tensors.add(tensor(part, vector ? new Shape(part.length) : new Shape(rows, columns)));
    }
    return tensors;
  }

  @Override
  public String description() {
    return String.format(
        Locale.ROOT,
        "pytorch %s, %s, %s, fused adam, %s executor",
        Engine.getEngine("PyTorch").getVersion(),
        model,
        attention(),
        optimised ? "profiling" : "simple");
  }

  /** Which attention computes; of a block, as PyTorch itself chooses for these shapes. */
  private String attention() {
    if (model.equals("folded-head")) {
      return "softmax between two batched products";
    }
    if (!task.work().isBlock()) {
      return "scaled_dot_product_attention";
    }
    NDList asked = new NDList();
    add(manager.create(0f), "module_method:attention", asked);
    asked.add(infer.get(1));
    return "scaled_dot_product_attention "
        + (call(asked, false)[0] == FUSED ? "fused" : "not fused");
  }

  @Override
  public double[] losses() {
    if (task.work() == Work.INFER) {
      float[] output = call(infer, false);
      float[] target = problem.batch().targets();
      double sum = 0.0;
      for (int i = 0; i < output.length; i++) {
        double error = (double) output[i] - target[i];
        sum += error * error;
      }
      return new double[] {sum * task.shape().dimension() / output.length};
    }
    double[] losses = new double[COMPARED];
    for (int i = 0; i < COMPARED; i++) {
      losses[i] = call(train, true)[0];
    }
    return losses;
  }

  private float[] call(NDList arguments, boolean gradients) {
    try (NDList out = IValueUtils.forward(module, arguments, gradients)) {
      return out.get(0).toFloatArray();
    }
  }

  @Override
  public long[] nanos(int steps) {
    useExecutor();
    boolean gradients = task.work() != Work.INFER;
    NDList arguments = gradients ? train : infer;
    long[] nanos = new long[steps];
    for (int i = 0; i < steps; i++) {
      long start = System.nanoTime();
      // Returns when the numbers are there: on a processor nothing is deferred.
      IValueUtils.forward(module, arguments, gradients).close();
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }

  @Override
  public long memory() {
    return Memory.residentPeak() - before;
  }

  @Override
  public void close() {
    module.close();
    manager.close();
  }
}
