package org.definetti.lab.model;

import java.util.List;
import org.definetti.latent.LatentModel;

/** Finds a latent model by what the user wrote after {@code --model}. */
public final class Models {

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
    for (BuiltInModel model : BuiltInModel.ALL) {
      if (model.name().equals(name)) {
        return model.build(settings);
      }
    }
    if (UserClasses.looksLikeClass(text)) {
      return classes.make("model", text, LatentModel.class);
    }
    List<String> names = BuiltInModel.ALL.stream().map(BuiltInModel::name).toList();
    throw new IllegalArgumentException(
        "model: expected one of " + names + " or a class of your own, got " + name);
  }
}
