package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --objective next-token}, from training to an audit of what was trained. */
class NextTokenCommandTest {

  @TempDir Path folder;

  private static Console done(Object... arguments) {
    Console console = Console.run(arguments);
    assertEquals(0, console.code(), console.err());
    return console;
  }

  private Path train(String attention) {
    Path out = folder.resolve(attention);
    done(
        "train",
        "--model",
        "dirichlet-categorical",
        "--attention",
        attention,
        "--objective",
        "next-token",
        "--train-length",
        4,
        "--steps",
        10,
        "--batch-size",
        8,
        "--threads",
        1,
        "--quiet",
        "--out",
        out);
    return out;
  }

  @Test
  void trainsAndAuditsEveryKind() throws IOException {
    for (String attention : new String[] {"null-token-softmax", "softmax", "transformer"}) {
      Path trained = train(attention);
      assertTrue(Files.exists(trained.resolve("checkpoint.safetensors")));
      Console audit =
          done(
              "diagnose",
              "--model",
              "dirichlet-categorical",
              "--trained",
              trained,
              "--length",
              4,
              "--simulations",
              100);
      String table = audit.out().substring(audit.out().indexOf("largest violation"));
      assertTrue(table.contains("trained"), audit.out());
    }
  }

  @Test
  void sweepsThreeObjectivesSideBySide() throws IOException {
    Path out = folder.resolve("sweep");
    done(
        "sweep",
        "--model",
        "gaussian-mean",
        "--attention",
        "null-token-softmax:trained",
        "--objective",
        "supervised,masked,next-token",
        "--lengths",
        "2,4",
        "--seeds",
        2,
        "--sequences",
        20,
        "--steps",
        20,
        "--threads",
        1,
        "--quiet",
        "--out",
        out);
    String curves = Files.readString(out.resolve("curves.csv"));
    for (String objective : new String[] {"supervised", "masked", "next-token"}) {
      assertTrue(curves.contains("trained," + objective + ","), curves);
    }
  }

  @Test
  void anObjectiveThatIsNotThereIsRefusedByName() {
    Console console = Console.run("train", "--objective", "next", "--train-length", 4);
    assertEquals(2, console.code());
    assertTrue(
        console.err().contains("one of [masked, supervised, latent, next-token], got next"),
        console.err());
  }
}
