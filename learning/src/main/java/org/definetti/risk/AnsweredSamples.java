package org.definetti.risk;

import java.util.random.RandomGenerator;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Sample;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.objective.Question;
import org.definetti.random.Seed;
import org.definetti.train.FixedDataSet;
import org.ejml.simple.SimpleMatrix;

/**
 * Samples of a model with the Bayes predictor's answer e = E[y | X, q] beside each target y.
 *
 * <pre>{@code
 * excess risk on the population    E [loss(f, e) - loss(e, e)]       no noise of the target
 * excess risk on the sample        R_n(f) - R_n(e)
 * }</pre>
 *
 * <ul>
 *   <li>Both hold for squared error and cross-entropy: what a prediction loses to another is affine
 *       in the target, so the target may be replaced by its mean given the tokens [derived: check
 *       D3].
 *   <li>The mean of R_n(e) is the Bayes risk. So R(f) - R_n(f) and the difference of the two
 *       excesses have the same mean, and the latter lacks most of the noise.
 *   <li>Cost: two draws and one posterior a sample.
 * </ul>
 *
 * <p>Immutable.
 */
public final class AnsweredSamples {

  private final FixedDataSet data;
  private final float[] exact; // (sample, target width): e

  private AnsweredSamples(FixedDataSet data, float[] exact) {
    this.data = data;
    this.exact = exact;
  }

  /** Draws the samples of {@link FixedDataSet#draw} with the same arguments, and their answers. */
  public static AnsweredSamples draw(
      LatentModel<?> model, Objective objective, FixedDataSet.Size size, Seed seed) {
    FixedDataSet data = FixedDataSet.draw(model, objective, size, seed);
    int width = data.widths().target();
    float[] exact = new float[Math.multiplyExact(data.count(), width)];
    for (int i = 0; i < data.count(); i++) {
      RandomGenerator rng = seed.child("sample").child(i).generator();
      answer(model, objective, data.sample(i).length(0), exact, i * width, rng);
    }
    return new AnsweredSamples(data, exact);
  }

  /** Draws a sample as the data set does, and writes the exact predictive mean of its target. */
  private static <Z> void answer(
      LatentModel<Z> model,
      Objective objective,
      int length,
      float[] exact,
      int offset,
      RandomGenerator rng) {
    Sample<Z> sample = model.sample(length, rng);
    Question question = objective.ask(model, sample.latent(), rng);
    SimpleMatrix mean = model.prior().observe(sample.tokens()).predictive(question.query()).mean();
    for (int j = 0; j < mean.getNumCols(); j++) {
      exact[offset + j] = (float) mean.get(0, j);
    }
  }

  /** Returns the samples with their targets. */
  public FixedDataSet data() {
    return data;
  }

  /** Returns the number of samples. */
  public int count() {
    return data.count();
  }

  /** Returns one coordinate of the exact answer to a sample. */
  public double exact(int sample, int coordinate) {
    return exact[sample * data.widths().target() + coordinate];
  }

  /**
   * Returns the mean of {@code loss(f, e) - loss(e, e)} over all samples: the excess risk of f,
   * estimated without the noise of the targets.
   *
   * @param outputs of these samples
   */
  public double excess(LayerOutputs outputs, Loss loss) {
    int width = data.widths().target();
    double sum = 0;
    for (int i = 0; i < count(); i++) {
      sum +=
          outputs.lossAgainst(loss, i, exact)
              - loss.value(exact, i * width, exact, i * width, width);
    }
    return sum / count();
  }

  /**
   * Returns {@code R_n(f) - R_n(e)}, the excess risk of f on the first n samples with their
   * targets; below zero where f fits their noise.
   *
   * @param outputs of at least the first n of these samples
   * @param count n
   */
  public double excessOnSample(LayerOutputs outputs, Loss loss, int count) {
    return outputs.risk(loss, count) - bayesRisk(loss, count);
  }

  /** Returns R_n(e), the mean loss of the Bayes predictor on the first {@code count} samples. */
  public double bayesRisk(Loss loss, int count) {
    int width = data.widths().target();
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += loss.value(exact, i * width, data.sample(i).targets(), 0, width);
    }
    return sum / count;
  }
}
