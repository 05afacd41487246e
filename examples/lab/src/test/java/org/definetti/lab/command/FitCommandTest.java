package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FitCommandTest {

  private static final Pattern GAIN = Pattern.compile("gain (-?\\d+\\.\\d+)");

  @TempDir Path folder;

  private static Console done(Object... arguments) {
    Console console = Console.run(arguments);
    assertEquals(0, console.code(), console.err());
    return console;
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Path sampled(String model, String name) {
    Path out = file(name);
    done("sample", "--model", model, "--length", 8, "--count", 40, "--out", out);
    return out;
  }

  private static double gain(Console console) {
    Matcher matcher = GAIN.matcher(console.out());
    assertTrue(matcher.find(), console.out());
    return Double.parseDouble(matcher.group(1));
  }

  private Console fit(String kind, Path data, String out, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("fit", "--model", kind));
    arguments.addAll(List.of("--data", data, "--out", file(out), "--restarts", 2));
    arguments.addAll(List.of(more));
    return done(arguments.toArray());
  }

  @Test
  void everyKindIsFittedAndAcceptedWhereAModelNameIs() {
    Path words = sampled("topics", "words.csv");
    Path dice = sampled("categorical-concepts", "dice.jsonl");
    Path points = sampled("gaussian-concepts", "points.npy");
    Path groups = sampled("normal-inverse-wishart", "groups.csv");
    fit("topics", words, "topics.yaml", "--components", 2, "--steps", 2);
    fit("mixture", dice, "dice.json", "--tokens", "categories", "--components", 2);
    assertTrue(gain(fit("mixture", points, "points.yaml", "--components", 2)) > 0);
    assertTrue(gain(fit("gaussian", groups, "groups.yml")) > 0);
    fit("gaussian", groups, "means.yaml", "--family", "multivariate-gaussian-mean");
    fit("gaussian", points, "mean.yaml", "--family", "gaussian-mean");
    fit("mixture", points, "shared.yaml", "--covariance", "shared", "--prior-tokens", 0);

    done("posterior", "--model", file("topics.yaml"), "--data", words);
    done("posterior", "--model", file("dice.json"), "--data", dice);
    done("posterior", "--model", file("points.yaml"), "--data", points);
    String answers = done("posterior", "--model", file("groups.yml"), "--data", groups).out();
    assertTrue(answers.contains("predictive-mean"), answers);
    done(
        "sweep",
        "--model",
        file("groups.yml"),
        "--lengths",
        "2,4",
        "--seeds",
        1,
        "--sequences",
        3,
        "--out",
        file("sweep"));
  }

  @Test
  void sameSeedSameBytesWhateverTheFormat() throws IOException {
    String model = "gaussian-concepts";
    Path csv = sampled(model, "x.csv");
    Path jsonl = sampled(model, "x.jsonl");
    Path npy = sampled(model, "x.npy");
    fit("mixture", csv, "a.json", "--components", 2);
    fit("mixture", jsonl, "b.json", "--components", 2);
    fit("mixture", npy, "c.json", "--components", 2);
    fit("mixture", npy, "d.json", "--components", 2, "--seed", 2);
    assertEquals(-1, Files.mismatch(file("a.json"), file("b.json")));
    assertEquals(-1, Files.mismatch(file("a.json"), file("c.json")));
    assertTrue(Files.mismatch(file("a.json"), file("d.json")) >= 0, "held out the same");
  }

  @Test
  void aFileSaysWhereItsNumbersComeFrom() throws IOException {
    Console console = fit("mixture", sampled("gaussian-mean", "x.csv"), "m.yaml");
    String text = Files.readString(file("m.yaml"));
    assertTrue(text.startsWith("# definetti "), text);
    assertTrue(text.contains(" fit of x.csv\n"), text);
    console
        .out()
        .lines()
        .limit(3)
        .forEach(line -> assertTrue(text.contains("# " + line + "\n"), text));
    assertTrue(console.out().contains("32 sequences, 256 tokens; 8 sequences held out"));
  }

  @Test
  void nothingHeldOutSaysNothingAboutIt() {
    Path data = sampled("gaussian-mean", "x.csv");
    Console console = fit("mixture", data, "m.yaml", "--hold-out", 0);
    assertTrue(console.out().contains("40 sequences, 320 tokens; 0 sequences held out"));
    assertTrue(!console.out().contains("gain"), console.out());
  }

  @Test
  void wrongUsageIsNamed() throws IOException {
    Path data = sampled("gaussian-mean", "x.csv");
    Path words = sampled("topics", "w.csv");
    refused("out", "fit", "--model", "gaussian", "--data", data, "--out", file("m.txt"));
    refused(
        "model: expected one of",
        "fit",
        "--model",
        "nothing",
        "--data",
        data,
        "--out",
        file("m.yaml"));
    refused("components", "--components", 0, "--data", data);
    refused("sequences: expected at least 1000", "--components", 1000, "--data", data);
    refused("hold-out", "--hold-out", 1, "--data", data);
    refused("hold-out", "--hold-out", "NaN", "--data", data);
    refused("prior-tokens", "--prior-tokens", -1, "--data", data);
    refused("restarts", "--restarts", 0, "--data", data);
    refused("category in 0..1", "--categories", 2, "--data", words);
    refused("data", "--tokens", "categories", "--data", data);
    refused("data", "--data", file("missing.csv"));
    Path empty = Files.writeString(file("empty.jsonl"), "{\"tokens\":[]}\n");
    refused("at least one token", "--data", empty);
    Path broken = Files.writeString(file("broken.jsonl"), "{\"tokens\":\n");
    refused("data", "--data", broken);
    refused(
        "family",
        "fit",
        "--model",
        "gaussian",
        "--family",
        "student",
        "--data",
        data,
        "--out",
        file("m.yaml"));
  }

  private void refused(String part, Object... arguments) {
    Object[] all = arguments;
    if (!arguments[0].equals("fit")) {
      List<Object> more = new ArrayList<>(List.of("fit", "--model", "mixture"));
      more.addAll(List.of("--out", file("m.yaml")));
      more.addAll(List.of(arguments));
      all = more.toArray();
    }
    Console console = Console.run(all);
    assertEquals(2, console.code(), console.out());
    assertTrue(console.err().contains(part), console.err());
    assertEquals(1, console.err().lines().count(), console.err());
  }

  @Test
  void aDirectionThatDoesNotVaryIsANumericalFailure() throws IOException {
    Path flat = Files.writeString(file("flat.csv"), "sequence,x1,x2\n0,1,2\n0,2,4\n1,3,6\n");
    Console console =
        Console.run("fit", "--model", "mixture", "--data", flat, "--out", file("m.yaml"));
    assertTrue(console.code() == 2 || console.code() == 3, console.err());
    assertTrue(!Files.exists(file("m.yaml")), "a model was written");
  }
}
