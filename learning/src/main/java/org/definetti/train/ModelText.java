package org.definetti.train;

import java.util.Arrays;
import java.util.Map;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.ejml.simple.SimpleMatrix;

/** Writes a model's description in full precision, for the identity of a training run. */
final class ModelText {

  private ModelText() {}

  static String of(LatentModel<?> model) {
    ModelDescription description = model.description();
    StringBuilder text = new StringBuilder(description.name());
    text.append(" v").append(description.version()).append(' ').append(description.numbers());
    for (Map.Entry<String, SimpleMatrix> array : description.arrays().entrySet()) {
      SimpleMatrix matrix = array.getValue();
      text.append(' ').append(array.getKey()).append('=').append(matrix.getNumRows()).append('x');
      text.append(matrix.getNumCols()).append(Arrays.toString(matrix.getDDRM().data));
    }
    return text.toString();
  }
}
