package org.definetti.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * What is to be predicted, given each of the K latents: the means and second moments of a target t
 * that is independent of the tokens seen given z.
 *
 * <pre>{@code
 * M = (E[t | z_1], ..., E[t | z_K]),   E[t | X] = M π_X
 * noise S = E Cov(t | X) = E[Σ_k π_k E[t tᵀ | z_k] - (M π_X)(M π_X)ᵀ]
 * }</pre>
 *
 * <ul>
 *   <li>Shapes: means M (d, K), second moments K times (d, d).
 *   <li>Source: [derived] (section 7.4 of the project's notes).
 * </ul>
 *
 * @param means M, shape (d, K)
 * @param secondMoments E[t tᵀ | z_k] for each k, shape (d, d) each
 */
public record LatentTarget(SimpleMatrix means, List<SimpleMatrix> secondMoments) {

  /**
   * Checks the shapes.
   *
   * @throws ShapeMismatchException if there is not one moment a latent, as wide as the means
   */
  public LatentTarget {
    Check.matrix("means", means, -1, secondMoments.size());
    Check.atLeast("means, rows", 1, means.getNumRows());
    int width = means.getNumRows();
    secondMoments.forEach(moment -> Check.matrix("secondMoments", moment, width, width));
    secondMoments = List.copyOf(secondMoments);
  }

  /**
   * Returns the target that is a function of the latent: the usual downstream task.
   *
   * @param value of each latent, d numbers, the same d for all. Not modified.
   * @throws ShapeMismatchException if the latents' values differ in width
   */
  public static <Z> LatentTarget function(FiniteLatentModel<Z> model, Function<Z, double[]> value) {
    List<SimpleMatrix> means = new ArrayList<>();
    for (Z latent : model.latents()) {
      double[] own = value.apply(latent).clone();
      means.add(new SimpleMatrix(own.length, 1, true, own));
    }
    return of(means, means.stream().map(mean -> mean.mult(mean.transpose())).toList());
  }

  /**
   * Returns the target of masked-token pretraining: the value of one hidden token, one-hot for
   * categories.
   *
   * @throws UnsupportedOperationException if the model does not say the law of a value given z
   * @throws IllegalArgumentException if tokens are pairs, whose target depends on the query; for
   *     those see {@link KeyShift}
   */
  public static LatentTarget maskedToken(FiniteLatentModel<?> model) {
    if (model.tokenSpace().hasQueries()) {
      throw new IllegalArgumentException(
          "model: expected tokens without keys, got " + model.tokenSpace());
    }
    return maskedValue(model);
  }

  private static <Z> LatentTarget maskedValue(FiniteLatentModel<Z> model) {
    List<SimpleMatrix> means = new ArrayList<>();
    List<SimpleMatrix> moments = new ArrayList<>();
    for (Z latent : model.latents()) {
      Predictive law = model.valueLaw(latent, model.tokenSpace().emptyQuery());
      SimpleMatrix mean = law.mean().transpose();
      means.add(mean);
      moments.add(law.covariance().plus(mean.mult(mean.transpose())));
    }
    return of(means, moments);
  }

  /**
   * Returns the target of several hidden categories together: their outer product.
   *
   * <pre>{@code  t = e_{x^1} ⊗ ... ⊗ e_{x^m},   E[t | z] = P_z ⊗ ... ⊗ P_z  }</pre>
   *
   * <p>The product does not depend on the order of the tokens, so it is written in one coordinate
   * for each vector of counts n, divided by the root of the number of orders {@code m! / Π n_w!}:
   * the same singular values, κ_task and κ_cond from C(m + W - 1, m) numbers instead of W^m. The
   * noise of the order, which no readout of M sees, is left out, so that the trace of {@link
   * #noise} is smaller and κ_eff larger than those of the full product.
   *
   * @param masks m, at least 1
   * @throws IllegalArgumentException if tokens are not categories
   */
  public static LatentTarget maskedTokens(FiniteLatentModel<?> model, int masks) {
    if (!(model.tokenSpace() instanceof CategoricalTokens)) {
      throw new IllegalArgumentException(
          "model: expected tokens that are categories, got " + model.tokenSpace());
    }
    Check.atLeast("masks", 1, masks);
    SimpleMatrix logs = PosteriorLaw.logOfCategories(model); // (W, K)
    CountVectors counts = CountVectors.of(logs.getNumRows(), masks);
    int width = counts.size();
    List<SimpleMatrix> means = new ArrayList<>();
    List<SimpleMatrix> moments = new ArrayList<>();
    for (int k = 0; k < logs.getNumCols(); k++) {
      double[] mean = new double[width];
      double[] square = new double[width];
      for (int i = 0; i < width; i++) {
        double ordered = Math.exp(counts.logLikelihood(i, logs, k));
        mean[i] = ordered * Math.exp(0.5 * counts.logOrders(i));
        square[i] = ordered;
      }
      means.add(new SimpleMatrix(width, 1, true, mean));
      moments.add(SimpleMatrix.diag(square));
    }
    return of(means, moments);
  }

  private static LatentTarget of(List<SimpleMatrix> columns, List<SimpleMatrix> moments) {
    int width = columns.get(0).getNumRows();
    double[] means = new double[width * columns.size()];
    for (int k = 0; k < columns.size(); k++) {
      Check.matrix("value of latent " + k, columns.get(k), width, 1);
      for (int i = 0; i < width; i++) {
        means[i * columns.size() + k] = columns.get(k).get(i, 0);
      }
    }
    return new LatentTarget(new SimpleMatrix(width, columns.size(), true, means), moments);
  }

  /** Returns the number d of coordinates. */
  public int width() {
    return means.getNumRows();
  }

  /** Returns {@code E[t | X]} for every posterior of the law, shape (S, d), one a row. */
  public SimpleMatrix predictions(PosteriorLaw law) {
    return law.posteriors().mult(means.transpose());
  }

  /**
   * Returns {@code E Cov(t | X)}, shape (d, d): the noise that masked least squares works against.
   *
   * @throws ShapeMismatchException if the law is about another number of latents
   */
  public SimpleMatrix noise(PosteriorLaw law) {
    Check.matrix("law, posteriors", law.posteriors(), -1, secondMoments.size());
    SimpleMatrix weights = law.probabilities().mult(law.posteriors()); // (1, K)
    SimpleMatrix noise = law.secondMoments(predictions(law)).scale(-1);
    for (int k = 0; k < secondMoments.size(); k++) {
      noise = noise.plus(weights.get(0, k), secondMoments.get(k));
    }
    return noise;
  }
}
