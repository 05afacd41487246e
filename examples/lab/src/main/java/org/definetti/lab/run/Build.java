package org.definetti.lab.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.definetti.experiment.Provenance;
import org.jspecify.annotations.Nullable;

/** Which build of the library this is. */
public final class Build {

  private Build() {}

  /** Returns version, commit, JDK and machine; the commit is empty where the build knew none. */
  public static Provenance provenance() {
    Properties build = new Properties();
    try (@Nullable InputStream stream = Build.class.getResourceAsStream("/definetti.properties")) {
      if (stream != null) {
        build.load(stream);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read definetti.properties", e);
    }
    return Provenance.current(
        build.getProperty("version", "development"), System.getProperty("definetti.commit", ""));
  }
}
