package org.definetti.lab;

import org.definetti.experiment.Provenance;
import org.definetti.lab.run.Build;
import picocli.CommandLine.IVersionProvider;

/** What {@code definetti --version} prints. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    Provenance here = Build.provenance();
    return new String[] {
      "definetti " + here.version() + (here.commit().isEmpty() ? "" : " (" + here.commit() + ")")
    };
  }
}
