package org.definetti.lab.image;

import java.util.List;
import java.util.stream.IntStream;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.kernel.ConstantKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.kernel.ScaledKernel;
import org.definetti.kernel.SumKernel;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Tokens;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.objective.Loss;
import org.definetti.random.Seed;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;

/**
 * Pictures as functions drawn from a Gaussian process, and the ways to fill in what is masked.
 *
 * <pre>{@code
 * token of a pixel:  key k = (cos aφ, sin aφ, cos aψ, sin aψ),   value v = its grey value
 * z ~ GP(0, t2 (exp(-|k - k'|² / (2 h)) + c)),   v = z(k) + N(0, s2)
 * exact:  E[v at a masked pixel | visible tokens];  kernel ridge (CME) is the same number
 * }</pre>
 *
 * <ul>
 *   <li>Where: φ, ψ row and column, a = π / side. Keys have one length, and {@code |k - k'|²} grows
 *       with the distance of pixels, so a softmax of {@code k·k'/γ} is a smoother of that kernel.
 *       The constant c lets the brightness of the whole picture be unknown.
 *   <li>Shapes: key 4 numbers, value one.
 *   <li>A picture's tokens are exchangeable: shuffling the pairs changes no answer, shuffling
 *       positions against values does.
 *   <li>Source: exactness of kernel ridge [source: Zhang-2023, sec 4.1; ridge derived] B1; the
 *       masked patches as a task [derived].
 * </ul>
 *
 * <p>Immutable.
 */
public final class PatchFilling {

  private static final int KEY_WIDTH = 4;

  private final int side;
  private final GaussianProcess model;

  private PatchFilling(int side, GaussianProcess model) {
    this.side = side;
    this.model = model;
  }

  /**
   * Returns the task for pictures of {@code side} rows and columns.
   *
   * @param bandwidth h, above zero; neighbouring pixels are about {@code a²} apart in {@code |k -
   *     k'|²}
   * @param priorVariance t2, above zero
   * @param noiseVariance s2, above zero
   */
  public static PatchFilling of(
      int side, double bandwidth, double priorVariance, double noiseVariance) {
    Check.atLeast("side", 2, side);
    SumKernel kernel =
        new SumKernel(new RbfKernel(bandwidth), new ScaledKernel(1, new ConstantKernel()));
    return new PatchFilling(
        side, GaussianProcess.of(kernel, KEY_WIDTH, priorVariance, noiseVariance));
  }

  /** Returns the prior over pictures. */
  public GaussianProcess model() {
    return model;
  }

  /** Returns the rows and columns of the pictures. */
  public int side() {
    return side;
  }

  /** Returns the keys of pixels, shape (pixels, 4). */
  public SimpleMatrix keys(List<Integer> pixels) {
    double[] rows = new double[pixels.size() * KEY_WIDTH];
    for (int i = 0; i < pixels.size(); i++) {
      double down = Math.PI * (pixels.get(i) / side) / side;
      double across = Math.PI * (pixels.get(i) % side) / side;
      rows[i * KEY_WIDTH] = Math.cos(down);
      rows[i * KEY_WIDTH + 1] = Math.sin(down);
      rows[i * KEY_WIDTH + 2] = Math.cos(across);
      rows[i * KEY_WIDTH + 3] = Math.sin(across);
    }
    return new SimpleMatrix(pixels.size(), KEY_WIDTH, true, rows);
  }

  /** Returns the tokens of some pixels of a picture, in the order of the list. */
  public Tokens tokens(Picture picture, List<Integer> pixels) {
    return tokens(picture, pixels, pixels);
  }

  /**
   * Returns tokens with the positions of some pixels and the values of others: for the control that
   * shuffles positions against values.
   */
  public Tokens tokens(Picture picture, List<Integer> positions, List<Integer> values) {
    if (picture.side() != side || positions.size() != values.size()) {
      throw new IllegalArgumentException(
          "picture: expected side "
              + side
              + " and a value for each position, got "
              + picture
              + ", "
              + positions.size()
              + " positions, "
              + values.size()
              + " values");
    }
    SimpleMatrix keys = keys(positions);
    double[] rows = new double[positions.size() * (KEY_WIDTH + 1)];
    for (int i = 0; i < positions.size(); i++) {
      for (int j = 0; j < KEY_WIDTH; j++) {
        rows[i * (KEY_WIDTH + 1) + j] = keys.get(i, j);
      }
      rows[i * (KEY_WIDTH + 1) + KEY_WIDTH] = picture.at(values.get(i));
    }
    return Tokens.owning(model.tokenSpace(), rows);
  }

  /** Returns the log evidence of all pixels of pictures, to choose a prior by. */
  public double logEvidence(List<Picture> pictures) {
    double sum = 0;
    for (Picture picture : pictures) {
      List<Integer> all = IntStream.range(0, side * side).boxed().toList();
      sum += model.prior().observe(tokens(picture, all)).logEvidence();
    }
    return sum;
  }

  /** Returns the exact posterior means at pixels, given tokens. */
  public double[] exact(Tokens seen, List<Integer> pixels) {
    Belief<?> belief = model.prior().observe(seen);
    SimpleMatrix keys = keys(pixels);
    double[] means = new double[pixels.size()];
    for (int i = 0; i < means.length; i++) {
      means[i] = belief.predictive(keys.extractVector(true, i)).mean().get(0);
    }
    return means;
  }

  /** Returns what an attention puts at pixels, given tokens as its context. */
  public double[] attend(Attention attention, Tokens seen, List<Integer> pixels) {
    return attention.attend(keys(pixels), Context.of(model, seen)).getDDRM().data.clone();
  }

  /**
   * Trains a softmax head with a null token to fill in masked patches of pictures drawn from the
   * prior, by squared error; it sees pictures, never the model.
   *
   * @param patch rows and columns of a patch
   * @param count patches hidden in each picture
   * @param options how long and how fast
   * @param seed fixes pictures, masks and initial parameters
   */
  public Attention train(int patch, int count, TrainingOptions options, Seed seed) {
    MaskedPatches data = new MaskedPatches(this, patch, count, seed.child("data"));
    SoftmaxHeadLayer layer =
        SoftmaxHeadLayer.of(data.widths()).withNullToken().withIdentityValues();
    return Trainer.of(layer, data, Loss.squaredError())
        .withOptions(options)
        .fit(seed.child("fit"))
        .attention();
  }
}
