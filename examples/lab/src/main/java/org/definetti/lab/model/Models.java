package org.definetti.lab.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
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

  private static final Pattern FILE_WITH_SETTINGS =
      Pattern.compile("(.*\\.(yaml|yml|json)):.*", Pattern.CASE_INSENSITIVE);

  private Models() {}

  /**
   * Returns the model that a text names: {@code name}, {@code name:key=value,…}, a {@link
   * ModelFile} or a class.
   *
   * @throws IllegalArgumentException if there is no such model or a hyperparameter is wrong
   */
  public static LatentModel<?> of(String text, UserClasses classes) {
    if (ModelFile.isNamedBy(text)) {
      return ModelFile.read(Path.of(text)).model();
    }
    if (FILE_WITH_SETTINGS.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "model: expected a model file without settings (they are its fields), got " + text);
    }
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String settings = colon < 0 ? "" : text.substring(colon + 1);
    for (BuiltInModel model : ALL) {
      if (model.name().equals(name)) {
        return model.build(settings);
      }
    }
    if (Files.isRegularFile(Path.of(name))) {
      throw new IllegalArgumentException(
          "model: expected a model file to end in .yaml, .yml or .json, got " + name);
    }
    if (UserClasses.looksLikeClass(text)) {
      return classes.make("model", text, LatentModel.class);
    }
    throw new IllegalArgumentException(
        "model: expected one of "
            + ModelFields.names()
            + ", a model file or a class of your own, got "
            + name);
  }
}
