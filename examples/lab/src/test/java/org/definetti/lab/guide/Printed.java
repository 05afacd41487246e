package org.definetti.lab.guide;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a program prints while it runs in this process. */
final class Printed {

  /** A program. */
  @FunctionalInterface
  interface Program {
    void run() throws Exception;
  }

  private Printed() {}

  /** Returns what a program prints to standard output, with an English locale. */
  static String by(Program program) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stdout = System.out;
    Locale locale = Locale.getDefault();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      Locale.setDefault(Locale.ENGLISH);
      program.run();
    } finally {
      System.setOut(stdout);
      Locale.setDefault(locale);
    }
    return printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }
}
