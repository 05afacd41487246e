package org.definetti.lab.claims;

import java.util.Arrays;
import java.util.function.Function;
import org.definetti.lab.model.Models;
import org.definetti.lab.model.UserClasses;
import org.definetti.lab.oracle.Oracle;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.numerical.Quadrature;
import org.ejml.simple.SimpleMatrix;

/**
 * One model of the catalogue beside what checks it.
 *
 * @param settings the model with hyperparameters that are not all equal to one
 * @param wrong the same with one hyperparameter off, which the oracle must see
 * @param method how the oracle works, in a few words
 * @param oracle builds the oracle from the plain data of the right model
 */
record OracleCase(String settings, String wrong, String method, Function<Data, Oracle> oracle) {

  private static final double IDENTITY = 1e-10;
  // A quadrature promises 1e-9 of a log evidence, and a log predictive is a difference of two.
  private static final double QUADRATURE = 2e-9;

  /** Returns how far the model may be off. */
  double bound() {
    return model().prior() instanceof Quadrature ? QUADRATURE : IDENTITY;
  }

  /** Returns the name of the model in the catalogue. */
  String name() {
    return settings.substring(0, (settings + ":").indexOf(':'));
  }

  LatentModel<?> model() {
    return Models.of(settings, UserClasses.of(null));
  }

  LatentModel<?> wrongModel() {
    return Models.of(wrong, UserClasses.of(null));
  }

  Oracle oracleOf(LatentModel<?> model) {
    return oracle.apply(new Data(model.description()));
  }

  /** The hyperparameters of a model, by name. */
  record Data(ModelDescription description) {

    double number(String key) {
      Double number = description.numbers().get(key);
      if (number == null) {
        throw new IllegalArgumentException(
            key + ": expected a number of " + description.name() + ", got none");
      }
      return number;
    }

    /** Returns a matrix row by row. */
    double[] array(String key) {
      return matrix(key).getDDRM().data.clone();
    }

    int columns(String key) {
      return matrix(key).getNumCols();
    }

    private SimpleMatrix matrix(String key) {
      SimpleMatrix matrix = description.arrays().get(key);
      if (matrix == null) {
        throw new IllegalArgumentException(
            key + ": expected a matrix of " + description.name() + ", got none");
      }
      return matrix;
    }

    double[] row(String key, int row) {
      int width = columns(key);
      return Arrays.copyOfRange(array(key), row * width, (row + 1) * width);
    }
  }
}
