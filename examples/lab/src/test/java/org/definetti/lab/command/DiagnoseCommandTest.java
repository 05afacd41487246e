package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiagnoseCommandTest {

  @TempDir Path folder;

  private Console done(Object... arguments) {
    Console console = Console.run(arguments);
    assertEquals(0, console.code(), console::err);
    return console;
  }

  @Test
  void judgesExactDerivedAndTrainedSideBySide() throws IOException {
    Path trained = folder.resolve("trained");
    done(
        "train",
        "--model",
        "gaussian-mean",
        "--attention",
        "multi-head",
        "--objective",
        "latent",
        "--head",
        "gaussian",
        "--clip",
        1,
        "--train-length",
        4,
        "--steps",
        20,
        "--threads",
        1,
        "--quiet",
        "--out",
        trained);
    Path run = folder.resolve("run");
    Console console =
        done(
            "diagnose",
            "--model",
            "gaussian-mean",
            "--trained",
            trained,
            "--length",
            4,
            "--simulations",
            100,
            "--out",
            run);
    assertTrue(console.out().contains("exact"), console.out());
    List<String> rows = Files.readAllLines(run.resolve("diagnosis.csv"));
    assertEquals(1 + 3 * 10, rows.size());
    // Twenty steps learn little, and the exact and the derived posterior are the same law.
    assertTrue(
        rows.stream()
            .anyMatch(row -> row.startsWith("trained,expected-kl,") && row.endsWith("yes,")));
    assertTrue(rows.stream().noneMatch(row -> row.matches("(exact|derived),expected-kl,.*yes,")));
    String page = Files.readString(run.resolve("report.html"));
    assertTrue(page.contains("<h2 id=\"diagnosis\">Diagnosis</h2>"));
    assertTrue(page.contains("share of simulations"));
    assertTrue(Files.exists(run.resolve("curves.csv")));
  }

  @Test
  void withoutATrainingItJudgesWhatThereIs() {
    Console coins = done("diagnose", "--model", "dirichlet-categorical", "--simulations", 100);
    assertTrue(coins.out().contains("derived"), coins.out());
    assertTrue(coins.out().contains("order of past"), coins.out());
  }

  @Test
  void refusesWhatCannotBeJudged() throws IOException {
    Console process = Console.run("diagnose", "--model", "gaussian-process");
    assertEquals(2, process.code());
    assertTrue(process.err().contains("has no rows of latents because"), process.err());
    Console nothing =
        Console.run("diagnose", "--model", "gaussian-mean", "--trained", folder.resolve("none"));
    assertEquals(2, nothing.code());
    assertTrue(nothing.err().contains("trained: expected the directory of a training"));
    Console few = Console.run("diagnose", "--model", "gaussian-mean", "--simulations", 10);
    assertEquals(2, few.code());
    Console head =
        Console.run("train", "--model", "gaussian-mean", "--head", "cauchy", "--train-length", 4);
    assertEquals(2, head.code());
    assertTrue(head.err().contains("head: expected gaussian"), head.err());
  }
}
