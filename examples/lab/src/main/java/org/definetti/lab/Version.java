package org.definetti.lab;

import org.definetti.experiment.Provenance;
import picocli.CommandLine.IVersionProvider;

/** What {@code definetti --version} prints. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    Provenance here = Provenance.here();
    return new String[] {"definetti " + here.version() + " (" + here.commit() + ")"};
  }
}
