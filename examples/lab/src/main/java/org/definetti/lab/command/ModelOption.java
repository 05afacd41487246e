package org.definetti.lab.command;

import org.definetti.lab.model.Models;
import org.definetti.latent.LatentModel;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name a model. */
final class ModelOption {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      completionCandidates = Candidates.ModelNames.class,
      description = {
        "A model by name (see 'definetti models'), with settings after a colon:",
        "gaussian-mean:dimension=3,noise-variance=0.5; or a model file, my.yaml",
        "or my.json; or a class of your own, com.acme.MyModel."
      })
  String model = "";

  @Mixin ClassPathOption own = new ClassPathOption();

  LatentModel<?> resolve() {
    return Models.of(model, own.classes());
  }
}
