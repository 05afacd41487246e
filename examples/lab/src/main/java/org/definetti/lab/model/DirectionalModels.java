package org.definetti.lab.model;

import static org.definetti.lab.model.BuiltInModel.ANY_LENGTH;
import static org.definetti.lab.model.BuiltInModel.ordered;

import java.util.List;
import org.definetti.latent.directional.FiniteRotationRegression;
import org.definetti.latent.directional.RotationRegression;
import org.definetti.latent.directional.VonMisesFisherMean;
import org.ejml.simple.SimpleMatrix;

/** The models of directions of the catalogue. */
final class DirectionalModels {

  static final List<BuiltInModel> ALL =
      List.of(
          new BuiltInModel(
              "von-mises-fisher-mean",
              "Unit vectors scattered around one unknown direction.",
              "z ~ vMF(first axis, prior-concentration), 0 for uniform;  x | z ~ vMF(z, kappa)",
              "posterior, predictive, evidence, entropy, by ratios of Bessel functions",
              ANY_LENGTH,
              ordered("dimension", "3", "concentration", "2", "prior-concentration", "0"),
              DirectionalModels::mean,
              VonMisesFisherMean::from),
          new BuiltInModel(
              "directional",
              "Directions in the plane, turned by one unknown rotation and blurred.",
              "z a uniform rotation;  k uniform on the circle;  v | k, z ~ vMF(z k, kappa);  tokens"
                  + " (k, v)",
              "posterior (von Mises), predictive, evidence, entropy; the plane only: beyond it the"
                  + " normaliser (matrix Fisher) has no closed form",
              ANY_LENGTH,
              ordered("dimension", "2", "concentration", "2"),
              s -> RotationRegression.of(s.whole("dimension"), s.number("concentration")),
              RotationRegression::from),
          new BuiltInModel(
              "finite-directional",
              "Directions turned by one of the maps that permute and flip the axes, and blurred.",
              "z uniform among the 2^d d! signed permutations (other maps by a model file);  k"
                  + " uniform on the sphere;  v | k, z ~ vMF(z k, kappa);  tokens (k, v)",
              "posterior, predictive, evidence, by adding log-likelihoods",
              ANY_LENGTH,
              ordered("dimension", "3", "concentration", "2"),
              s ->
                  FiniteRotationRegression.ofSignedPermutations(
                      s.whole("dimension"), s.number("concentration")),
              FiniteRotationRegression::from));

  private DirectionalModels() {}

  private static VonMisesFisherMean mean(Settings s) {
    VonMisesFisherMean model =
        VonMisesFisherMean.of(s.whole("dimension"), s.number("concentration"));
    double[] parameter = new double[s.whole("dimension")];
    parameter[0] = s.number("prior-concentration");
    return model.withPrior(new SimpleMatrix(1, parameter.length, true, parameter));
  }
}
