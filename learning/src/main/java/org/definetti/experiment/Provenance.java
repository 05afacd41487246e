package org.definetti.experiment;

/**
 * Under what circumstances results came about; for the manifest, never part of compared results.
 *
 * @param version the version of this library
 * @param commit the commit it was built from, or empty
 * @param jdk vendor and version of the Java virtual machine
 * @param operatingSystem name, version and architecture
 * @param processors the number of processors the virtual machine may use
 */
public record Provenance(
    String version, String commit, String jdk, String operatingSystem, int processors) {

  /** Returns the circumstances of this virtual machine. */
  public static Provenance current(String version, String commit) {
    return new Provenance(
        version,
        commit,
        property("java.vm.vendor") + " " + property("java.vm.version"),
        property("os.name") + " " + property("os.version") + " " + property("os.arch"),
        Runtime.getRuntime().availableProcessors());
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }
}
