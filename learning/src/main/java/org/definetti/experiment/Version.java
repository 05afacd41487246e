package org.definetti.experiment;

/** The version of this library. */
final class Version {

  private Version() {}

  /** Returns the version in the jar's manifest, or {@code development} outside a jar. */
  static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
