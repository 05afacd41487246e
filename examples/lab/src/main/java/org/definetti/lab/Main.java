package org.definetti.lab;

/** The entry point of the {@code definetti} command. */
public final class Main {

  private Main() {}

  /** Prints the version. */
  public static void main(String[] args) {
    System.out.println("definetti 0.1.0-SNAPSHOT");
  }
}
