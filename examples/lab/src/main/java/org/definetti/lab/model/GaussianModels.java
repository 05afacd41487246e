package org.definetti.lab.model;

import static org.definetti.lab.model.BuiltInModel.ANY_LENGTH;
import static org.definetti.lab.model.BuiltInModel.ordered;

import java.util.List;
import org.definetti.kernel.ConstantKernel;
import org.definetti.kernel.Kernel;
import org.definetti.kernel.LinearKernel;
import org.definetti.kernel.MaternKernel;
import org.definetti.kernel.PeriodicKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.conjugate.GammaPoisson;
import org.definetti.latent.conjugate.MultivariateGaussianMean;
import org.definetti.latent.conjugate.NormalInverseWishart;
import org.definetti.latent.regression.GaussianProcess;
import org.ejml.simple.SimpleMatrix;

/** Gaussian families of full covariance, counts and Gaussian processes of the catalogue. */
final class GaussianModels {

  private static final String EXACT =
      "posterior, predictive, evidence; null-token softmax is exact for the mean of a new token at"
          + " every length";

  static final List<BuiltInModel> ALL =
      List.of(
          new BuiltInModel(
              "multivariate-gaussian-mean",
              "Noisy measurements of one unknown point, more certain in some directions.",
              "z ~ N(m0, S0);  x | z ~ N(z, S);  standard deviations and one correlation for all"
                  + " pairs here, any S0 (singular too) and S in a model file",
              "posterior, predictive, evidence, for any covariances",
              ANY_LENGTH,
              ordered(
                  "prior-deviations",
                  "1/2",
                  "prior-correlation",
                  "0.5",
                  "noise-deviations",
                  "1/1",
                  "noise-correlation",
                  "-0.5"),
              s ->
                  MultivariateGaussianMean.of(
                      covariance(s.numbers("prior-deviations"), s.number("prior-correlation")),
                      covariance(s.numbers("noise-deviations"), s.number("noise-correlation"))),
              MultivariateGaussianMean::from),
          new BuiltInModel(
              "normal-inverse-wishart",
              "Points from a Gaussian whose mean and covariance are both unknown.",
              "C ~ inverse-Wishart(scale I, f);  m | C ~ N(0, C / nu);  x | m, C ~ N(m, C)",
              EXACT,
              ANY_LENGTH,
              ordered(
                  "dimension", "2", "prior-count", "1", "scale", "4", "degrees-of-freedom", "7"),
              s ->
                  NormalInverseWishart.of(
                      new SimpleMatrix(1, s.whole("dimension")),
                      s.number("prior-count"),
                      SimpleMatrix.identity(s.whole("dimension")).scale(s.number("scale")),
                      s.number("degrees-of-freedom")),
              NormalInverseWishart::from),
          new BuiltInModel(
              "gamma-poisson",
              "Counts of events of unknown rate.",
              "z ~ Gamma(shape, rate);  x | z ~ Poisson(z);  a new count is negative binomial",
              EXACT,
              ANY_LENGTH,
              ordered("shape", "2", "rate", "1"),
              s -> GammaPoisson.of(s.number("shape"), s.number("rate")),
              GammaPoisson::from),
          new BuiltInModel(
              "gaussian-process",
              "Noisy values of an unknown function at random keys.",
              "z ~ GP(0, t2 kernel);  v = z(k) + noise of variance s2;  tokens (k, v);  kernels rbf,"
                  + " matern-half, matern-three-halves, matern-five-halves, periodic, linear,"
                  + " constant; sums in a model file",
              "posterior at any key, predictive, evidence, divergence; kernel-ridge (CME) attention"
                  + " is exact at every length; functions are drawn without approximation",
              GaussianProcess.MOST_TOKENS + " tokens: time grows with their cube",
              ordered(
                  "key-width",
                  "3",
                  "value-width",
                  "1",
                  "kernel",
                  "rbf",
                  "length-scale",
                  "0.7",
                  "period",
                  "1",
                  "prior-variance",
                  "1",
                  "noise-variance",
                  "0.25",
                  "keys",
                  "sphere",
                  "label-variance",
                  "0.25"),
              s ->
                  GaussianProcess.of(
                          kernel(s),
                          s.whole("key-width"),
                          s.number("prior-variance"),
                          s.number("noise-variance"))
                      .withValueWidth(s.whole("value-width"))
                      .withKeys(s.choice("keys", KeyLaw.class))
                      .withLabelVariance(s.number("label-variance")),
              GaussianProcess::from));

  private GaussianModels() {}

  private static SimpleMatrix covariance(double[] deviations, double correlation) {
    int d = deviations.length;
    double[] rows = new double[d * d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        rows[i * d + j] = (i == j ? 1 : correlation) * deviations[i] * deviations[j];
      }
    }
    return new SimpleMatrix(d, d, true, rows);
  }

  /** The kernels that settings can name. */
  private enum KernelName {
    RBF,
    MATERN_HALF,
    MATERN_THREE_HALVES,
    MATERN_FIVE_HALVES,
    PERIODIC,
    LINEAR,
    CONSTANT
  }

  private static Kernel kernel(Settings s) {
    double lengthScale = s.number("length-scale");
    return switch (s.choice("kernel", KernelName.class)) {
      case RBF -> new RbfKernel(lengthScale * lengthScale);
      case MATERN_HALF -> new MaternKernel(MaternKernel.Smoothness.HALF, lengthScale);
      case MATERN_THREE_HALVES ->
          new MaternKernel(MaternKernel.Smoothness.THREE_HALVES, lengthScale);
      case MATERN_FIVE_HALVES -> new MaternKernel(MaternKernel.Smoothness.FIVE_HALVES, lengthScale);
      case PERIODIC -> new PeriodicKernel(s.number("period"), lengthScale);
      case LINEAR -> new LinearKernel();
      case CONSTANT -> new ConstantKernel();
    };
  }
}
