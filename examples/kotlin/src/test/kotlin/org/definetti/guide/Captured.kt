package org.definetti.guide

import java.io.ByteArrayOutputStream
import java.io.PrintStream

/** What a program prints while it runs in this process. */
fun captured(program: () -> Unit): String {
  val stdout = System.out
  val bytes = ByteArrayOutputStream()
  try {
    System.setOut(PrintStream(bytes, true, Charsets.UTF_8))
    program()
  } finally {
    System.setOut(stdout)
  }
  return bytes.toString(Charsets.UTF_8).replace(System.lineSeparator(), "\n")
}
