package org.definetti.lab.model;

import java.util.List;
import java.util.stream.Stream;
import org.definetti.latent.LatentModel;

/** The catalogue of latent models, and what the user names after {@code --model}. */
public final class Models {

  /** The models of the library, in the order they are listed. */
  public static final List<BuiltInModel> ALL =
      Stream.of(
              ConjugateModels.ALL,
              GaussianModels.ALL,
              RegressionModels.ALL,
              FiniteModels.ALL,
              DirectionalModels.ALL,
              MixtureModels.ALL,
              NumericalModels.ALL,
              SequenceModels.ALL,
              GraphModels.ALL,
              GroupModels.ALL)
          .flatMap(List::stream)
          .toList();

  private Models() {}

  /**
   * Returns the model that a text names: {@code name}, {@code name:key=value,…} or a class.
   *
   * @throws IllegalArgumentException if there is no such model or a hyperparameter is wrong
   */
  public static LatentModel<?> of(String text, UserClasses classes) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String settings = colon < 0 ? "" : text.substring(colon + 1);
    for (BuiltInModel model : ALL) {
      if (model.name().equals(name)) {
        return model.build(settings);
      }
    }
    if (UserClasses.looksLikeClass(text)) {
      return classes.make("model", text, LatentModel.class);
    }
    List<String> names = ALL.stream().map(BuiltInModel::name).toList();
    throw new IllegalArgumentException(
        "model: expected one of " + names + " or a class of your own, got " + name);
  }
}
