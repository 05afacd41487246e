package org.definetti.lab.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.definetti.architecture.Architecture;
import org.definetti.derivation.Derivation;
import org.definetti.latent.Check;
import org.definetti.latent.LatentModel;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Derives the attention of a model, explains it and checks it on fresh sequences; where there is
 * none, says why and does the same for the networks beyond attention.
 */
@Command(
    name = "derive",
    description = {
      "Derives attention from a model: form, parameters, why, how exact; and checks it on fresh",
      "sequences beside a wrong one. Without an attention: why, and the networks that are exact.",
      "Exit code 1 if what claims to be exact is not, or if the wrong one is not told from it."
    })
public final class DeriveCommand implements Callable<Integer> {

  @Mixin ModelOption model = new ModelOption();

  @Option(
      names = "--attention",
      paramLabel = "FORM",
      description = "The form to derive, such as null-token-softmax; default: every form.")
  @Nullable String attention;

  @Option(
      names = "--temperature",
      paramLabel = "G",
      description = "Temperature of the softmax forms; default ${DEFAULT-VALUE}.")
  double temperature = Derivation.DEFAULT_TEMPERATURE;

  @Option(
      names = "--lengths",
      defaultValue = "0,1,4,16,64,256",
      paramLabel = "L1,L2,…",
      description = "Lengths of the check, one above 0; default ${DEFAULT-VALUE}.")
  String lengths = "";

  @Option(
      names = "--sequences",
      defaultValue = "16",
      paramLabel = "N",
      description = "Sequences of the check; default ${DEFAULT-VALUE}.")
  int sequences;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Same seed, same bits; default ${DEFAULT-VALUE}.")
  long seed;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Check.positive("temperature", temperature);
    Options.atLeast("sequences", 1, sequences);
    int[] checked = Options.increasing("lengths", lengths, 0);
    if (checked[checked.length - 1] == 0) {
      throw new IllegalArgumentException("lengths: expected one above 0, got " + lengths);
    }
    LatentModel<?> prior = model.resolve();
    DerivationPage page = new DerivationPage(prior.description().name());
    String whyNone = Derivation.whyNone(prior);
    boolean holds =
        (whyNone.isEmpty() || attention != null)
            ? derivations(prior, checked, page)
            : networks(prior, checked, page, whyNone);
    spec.commandLine().getOut().print(page.text());
    spec.commandLine().getOut().flush();
    return holds ? 0 : 1;
  }

  private Seed root() {
    return Seed.of(seed).child("derive");
  }

  private boolean derivations(LatentModel<?> prior, int[] checked, DerivationPage page) {
    List<Derivation> derived =
        attention == null
            ? Derivation.all(prior, temperature)
            : List.of(Derivation.of(prior, attention, temperature));
    DerivationCheck<?> check = DerivationCheck.of(prior, checked, sequences, root());
    page.ownError(check.ownError());
    boolean holds = true;
    for (Derivation derivation : derived) {
      List<DerivationCheck.Row> rows = check.rows(derivation);
      page.add(derivation, rows, sequences);
      holds &= DerivationCheck.holds(derivation, rows);
    }
    return holds;
  }

  private boolean networks(
      LatentModel<?> prior, int[] checked, DerivationPage page, String whyNone) {
    page.none(whyNone);
    boolean holds = true;
    for (Architecture network : Architecture.all(prior)) {
      NetworkCheck check = NetworkCheck.of(prior, network, checked, root());
      page.add(network, check);
      holds &= check.holds();
    }
    return holds;
  }
}
