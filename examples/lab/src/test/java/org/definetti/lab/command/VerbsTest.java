package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.definetti.derivation.Derivation;
import org.definetti.engine.Parameters;
import org.definetti.lab.model.BuiltInModel;
import org.definetti.lab.model.ModelFile;
import org.definetti.lab.model.Models;
import org.definetti.train.Checkpoint;
import org.definetti.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every verb once, at tiny size. */
final class VerbsTest {

  private static final List<String> VERBS =
      List.of(
          "models",
          "claims",
          "verify",
          "sweep",
          "sample",
          "posterior",
          "derive",
          "audit",
          "bound",
          "fit",
          "score",
          "reference",
          "diagnose",
          "train",
          "export",
          "bench",
          "report",
          "run",
          "class-path");

  @TempDir Path folder;

  private static Console done(Object... arguments) {
    Console console = Console.run(arguments);
    assertEquals(0, console.code(), console.err());
    return console;
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  @Test
  void helpNamesEveryVerb() {
    String help = done("--help").out();
    for (String verb : VERBS) {
      assertTrue(help.contains("\n  " + verb + " "), verb);
    }
    assertEquals(help, done().out());
    assertTrue(done("--version").out().startsWith("definetti "));
  }

  @Test
  void helpOfEveryVerbFitsAPage() {
    for (String verb : VERBS) {
      String help = done(verb, "--help").out();
      assertTrue(help.startsWith("Usage: definetti " + verb), help);
      assertTrue(help.lines().allMatch(line -> line.length() <= 100), verb);
    }
  }

  @Test
  void modelsAreOnePerLineNameFirst() {
    List<String> names = done("models").out().lines().map(l -> l.split(" ", 2)[0]).toList();
    assertEquals(Models.ALL.stream().map(BuiltInModel::name).toList(), names);
    assertEquals("gaussian-mean", names.get(0));
    assertTrue(done("models", "--settings").out().contains("noise-variance=1"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyModelIsExplained(BuiltInModel model) {
    String page = done("models", model.name()).out();
    assertTrue(page.startsWith(model.name() + "\n\n  "), page);
    for (String word : List.of("tokens", "exact", "limit", "attention", "settings")) {
      assertTrue(page.contains("\n  " + word + "  "), page);
    }
    for (String setting : model.defaults().keySet()) {
      assertTrue(page.contains(setting + "="), page);
    }
    assertTrue(page.contains("model file"), page);
  }

  static List<BuiltInModel> models() {
    return Models.ALL;
  }

  @Test
  void explanationsSayWhichAttentionFollows() {
    String page = done("models", "linear-regression").out();
    assertTrue(page.contains("cme: the exact predictive mean at every length"), page);
    assertTrue(page.contains("corrected-softmax: its mean squared gap falls as L^-1\n"), page);
    assertTrue(page.contains("\n    model: linear-regression\n    version: 1\n"), page);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yaml", "json"})
  void aModelFileStandsForItsModel(String ending) throws Exception {
    String model = "gaussian-mean:dimension=2,noise-variance=0.3";
    Path saved = file("model." + ending);
    done("models", model, "--save", saved);
    assertEquals(done("models", model).out(), done("models", saved).out());
    Path data = file("data.csv");
    Path again = file("again.csv");
    done("sample", "--model", model, "--length", 4, "--count", 2, "--out", data);
    done("sample", "--model", saved, "--length", 4, "--count", 2, "--out", again);
    assertEquals(-1, Files.mismatch(data, again));
    assertEquals(
        done("posterior", "--model", model, "--data", data).out(),
        done("posterior", "--model", saved, "--data", data).out());
  }

  @Test
  void manifestsHoldTheWholeModel() throws Exception {
    Path saved = file("model.yaml");
    done("models", "gaussian-mean:dimension=2,noise-variance=0.3", "--save", saved);
    Path config = file("sweep.yaml");
    Files.writeString(config, "model: " + saved + "\nlengths: [2, 4]\nseeds: 2\nsequences: 3\n");
    done("sweep", "--config", config, "--quiet", "--out", file("run"));
    JsonNode model = new ObjectMapper().readTree(file("run/manifest.json").toFile()).get("model");
    assertEquals("gaussian-mean", model.get("name").asText());
    assertEquals(0.3, model.get("noise-variance").asDouble());
    assertEquals("[[0.0,0.0]]", model.get("prior-mean").toString());
    assertEquals(ModelFile.read(saved).sha256(), model.get("file-sha256").asText());
    assertTrue(Files.readString(file("run/report.html")).contains("<dt>noise variance</dt>"));
  }

  @Test
  void claimsShowTheirSource() {
    String claims = done("claims").out();
    assertTrue(claims.contains("source: derived: "), claims);
    assertTrue(claims.lines().allMatch(line -> line.length() <= 100));
  }

  @Test
  void boundsSayWhenTheySayNothing() {
    String few = done("bound", "--length", 100, "--relevant", 3, "--samples", 10_000).out();
    assertTrue(few.contains("vacuous     yes: "), few);
    assertTrue(few.contains("needed      4.4"), few); // 4.45e12 within 1 %
    assertTrue(few.contains("any learner 16.3 samples"), few);
    String many =
        done(
                "bound",
                "--length",
                10,
                "--samples",
                "1e12",
                "--token-norm",
                1,
                "--value-norm",
                1,
                "--query-norm",
                0.5,
                "--normaliser",
                "relu")
            .out();
    assertTrue(many.contains("vacuous     no"), many);
    assertTrue(many.contains("relu, constant 4"), many);
  }

  /** One dimension, so that norms of maps are products of numbers; the query is always empty. */
  @Test
  void boundsAreEvaluatedAtTheNormsOfATraining() {
    Path run = file("run");
    done(
        "train",
        "--model=gaussian-mean",
        "--attention=null-token-softmax",
        "--train-length=2..6",
        "--steps=20",
        "--batch-size=8",
        "--out=" + run);
    Parameters head = Checkpoint.read(run.resolve(Trainer.CHECKPOINT_FILE)).solution();
    double score = head.matrix("query.bias").dot(head.matrix("key.map").transpose());
    score /= Math.sqrt(head.shape("key.map").rows());
    double query = Math.hypot(score, head.matrix("null.logit").get(0, 0));
    double readout = head.matrix("readout.map").get(0, 0);
    double value =
        Math.hypot(
            readout * head.matrix("value.map").get(0, 0),
            readout * head.matrix("null.value").get(0, 0));
    String out = done("bound", "--trained", run).out();
    assertTrue(out.contains(String.format(Locale.ROOT, "B_V %.4g, B_u %.4g", value, query)), out);
    assertTrue(out.contains("length T    6 tokens") && out.contains("after 160.000 samples"), out);
    assertTrue(out.contains("vacuous     yes: "), out);
    String fewer = done("bound", "--trained", run, "--query-norm=0.5", "--length=3").out();
    assertTrue(fewer.contains("B_u 0.5") && fewer.contains("length T    3 tokens"), fewer);
  }

  @Test
  void noBoundCoversATransformer() {
    Path run = file("run");
    done(
        "train",
        "--model=gaussian-mean",
        "--attention=transformer",
        "--train-length=3",
        "--steps=2",
        "--batch-size=4",
        "--out=" + run);
    Console refused = Console.run("bound", "--trained", run.toString());
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("expected a softmax head"), refused.err());
    assertEquals(2, Console.run("bound", "--samples=10").code());
  }

  @ParameterizedTest
  @CsvSource({
    "gaussian-mean:dimension=2, csv",
    "gaussian-mean:dimension=2, jsonl",
    "gaussian-mean:dimension=2, npy",
    "dirichlet-categorical, csv",
    "beta-bernoulli, jsonl",
    "linear-regression:key-width=3, npy"
  })
  void whatIsSampledHasItsPosterior(String model, String format) throws Exception {
    Path data = file("data." + format);
    done("sample", "--model", model, "--length", 5, "--count", 3, "--out", data);
    String first = done("posterior", "--model", model, "--data", data).out();
    assertTrue(first.startsWith("sequence,length,quantity,index,exact,attention\n0,5,"), first);
    // The derived attention of these models is exact, so the two columns agree.
    for (String line : first.lines().filter(l -> l.contains(",predictive-mean,")).toList()) {
      String[] fields = line.split(",", -1);
      double exact = Double.parseDouble(fields[4]);
      assertEquals(exact, Double.parseDouble(fields[5]), 1e-12, line);
    }
    done("posterior", "--model", model, "--data", data, "--out", file("posterior.csv"));
    assertEquals(first, Files.readString(file("posterior.csv")));
  }

  @Test
  void exactAnswersAndLabelsAreWrittenBesideTheSequences() throws Exception {
    String model = "linear-regression:key-width=2";
    Path data = file("data.npy");
    Path alone = file("alone.npy");
    done("sample", "--model", model, "--length", 6, "--count", 3, "--out", alone);
    done(
        "sample",
        "--model",
        model,
        "--length",
        6,
        "--count",
        3,
        "--out",
        data,
        "--with-exact",
        "--with-labels");
    assertArrayEquals(Files.readAllBytes(alone), Files.readAllBytes(data), "the same sequences");
    String posterior = done("posterior", "--model", model, "--data", data).out();
    String exact = Files.readString(file("data-exact.csv"));
    // The same table but for the column of the attention.
    assertEquals(withoutLastColumn(posterior), withoutLastColumn(exact));
    assertEquals(3, exact.lines().filter(line -> line.contains(",bayes-risk,")).count());
    done(
        "score",
        "--model",
        model,
        "--data",
        data,
        "--predictions",
        file("data-labels.csv"),
        "--out",
        file("scored"));
  }

  private static String withoutLastColumn(String csv) {
    return csv.lines()
        .map(line -> line.substring(0, line.lastIndexOf(',')))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void whatIsTrainedLeavesTheJvm() throws Exception {
    Path run = file("run");
    done(
        "train",
        "--model",
        "gaussian-mean",
        "--attention",
        "null-token-softmax",
        "--train-length",
        4,
        "--steps",
        3,
        "--out",
        run);
    Path network = file("network.onnx");
    done("export", "--model", "gaussian-mean", "--trained", run, "--out", network);
    assertArrayEquals(
        Files.readAllBytes(network), exported(run, file("again.onnx")), "the same bytes");
    try (var session = OrtEnvironment.getEnvironment().createSession(network.toString())) {
      assertEquals(Set.of("keys", "values", "query"), session.getInputNames());
      assertEquals(Set.of("output"), session.getOutputNames());
    }
  }

  private static byte[] exported(Path run, Path network) throws Exception {
    done("export", "--model", "gaussian-mean", "--trained", run, "--out", network);
    return Files.readAllBytes(network);
  }

  @Test
  void answersAreCheckedAgainstTheReferenceTable() throws Exception {
    Path mine = file("mine.jsonl");
    done("reference", "--out", mine);
    String table = Files.readString(mine);
    assertTrue(done("reference", "--check", mine).out().endsWith(" 0 differ\n"));
    // One case of one quantity alone is enough, and one wrong digit is seen.
    String right = "{\"case\":\"beta-bernoulli/0\",\"exact\":{\"predictive-mean\":[0.5]}}\n";
    assertTrue(table.contains("\"case\":\"beta-bernoulli/0\""), table.substring(0, 200));
    Files.writeString(mine, right);
    assertEquals(0, Console.run("reference", "--check", mine).code());
    Files.writeString(mine, right.replace("0.5", "0.50000002"));
    Console wrong = Console.run("reference", "--check", mine);
    assertEquals(1, wrong.code());
    assertTrue(wrong.out().contains("DIFFERS"), wrong.out());
  }

  @Test
  void formatsHoldTheSameNumbers() {
    String expected = "";
    for (String format : List.of("csv", "jsonl", "npy")) {
      Path data = file("data." + format);
      done("sample", "--model", "gaussian-mean", "--length", 4, "--count", 2, "--out", data);
      String posterior = done("posterior", "--model", "gaussian-mean", "--data", data).out();
      // JSON Lines and CSV keep the names, NumPy numbers the sequences: the same here.
      assertEquals(expected.isEmpty() ? posterior : expected, posterior, format);
      expected = posterior;
    }
  }

  @Test
  void posteriorAnswersAtAQuery() {
    Path data = file("data.csv");
    String model = "linear-regression:key-width=2";
    done("sample", "--model", model, "--length", 4, "--out", data);
    String first = done("posterior", "--model", model, "--data", data).out();
    assertEquals(
        first, done("posterior", "--model", model, "--data", data, "--query", "1,0").out());
    String mean = "0,4,predictive-mean,0,";
    assertTrue(
        done("posterior", "--model", model, "--data", data, "--query", "0,0")
            .out()
            .contains(mean + "0,0"));
  }

  @Test
  void whatIsDerivedIsCheckedForEveryModel() {
    for (BuiltInModel model : Models.ALL) {
      String page =
          done("derive", "--model", model.name(), "--lengths", "0,1,5", "--sequences", 4).out();
      assertTrue(page.startsWith(model.name() + "\n\n  "), page);
      assertTrue(page.lines().allMatch(line -> line.length() <= 100), page);
      assertFalse(page.contains(" NOT "), page);
      boolean none = !Derivation.whyNone(model.build("")).isEmpty();
      assertEquals(none, page.contains("\n  no attention: "), page);
      assertEquals(!none, page.contains("\n    label  "), page);
      assertEquals(page.contains(": EXACT, "), page.contains("equal within 1e-10"), page);
    }
  }

  @Test
  void derivationsAreExplained() {
    String page = done("derive", "--model", "linear-regression", "--lengths", "4,64").out();
    for (String part :
        List.of(
            "\n  cme: EXACT, the exact predictive mean at every length\n",
            "\n    parameters  kernel κ: LinearKernel[]\n",
            "\n    source      [source: Zhang-2023, sec 4.1; ridge derived] B1, M5\n",
            "\n    control     ridge times 2\n",
            "\n  corrected-softmax: its mean squared gap falls as L^-1, times the constant 13.69",
            "\n  softmax: not consistent, its limit is A_d(1/γ) = 0.424381 times ")) {
      assertTrue(page.contains(part), part + " in " + page);
    }
    String one =
        done("derive", "--model=linear-regression", "--attention=softmax", "--temperature=2").out();
    assertTrue(one.contains("softmax, temperature 2.0, no null token, not corrected"), one);
    assertFalse(one.contains("cme"), one);
    assertEquals(
        page, done("derive", "--model", "linear-regression", "--lengths=4,64", "--seed=1").out());
  }

  @Test
  void withoutAnAttentionItSaysWhyAndShowsTheNetworks() {
    String page = done("derive", "--model", "hidden-markov", "--lengths", "8").out();
    assertTrue(page.contains("  no attention: hidden-markov declares no law of one token"), page);
    for (String network :
        List.of("gated-recurrence", "bidirectional-recurrence", "parallel-scan")) {
      assertTrue(page.contains("\n  " + network + ": EXACT, "), page);
    }
    assertTrue(page.contains("3 steps for 8 places"), page);
    String none = done("derive", "--model", "logistic-regression").out();
    assertFalse(none.contains("EXACT"), none);
  }

  /** With a token a sequence, evidence averaged is evidence summed: nothing was checked. */
  @Test
  void aControlThatIsNotCaughtGivesOne() {
    Console console = Console.run("derive", "--model=categorical-concepts", "--lengths=1");
    assertEquals(1, console.code(), console.err());
    assertTrue(console.out().contains("equal within 1e-10; the control is NOT caught"));
  }

  @Test
  void namesOfSequencesAreKept() throws Exception {
    Path data = file("data.csv");
    Files.writeString(data, "\ufeffsequence,x1\r\n\"a,b\",1\r\n\r\n c ,2\r\n");
    String posterior = done("posterior", "--model", "gaussian-mean", "--data", data).out();
    assertTrue(posterior.contains("\n\"a,b\",1,predictive-mean,0,0.5,0.5\n"), posterior);
    assertTrue(posterior.contains("\nc,1,predictive-mean,0,1,1\n"), posterior);
  }

  @Test
  void sweepWritesItsRunAndJudges() throws Exception {
    Path out = file("run");
    Console console =
        done(
            "sweep",
            "--model=gaussian-mean",
            "--attention=mean-pooling,null-token-softmax:derived",
            "--objective=masked,supervised",
            "--lengths=64,128,256",
            "--seeds=4",
            "--sequences=50",
            "--expect=squared-gap ~ L^-2 ± 0.5 over 64..256 for mean-pooling",
            "--quiet",
            "--out=" + out);
    assertEquals("", console.err());
    assertTrue(console.out().contains("CONFIRMED  mean-pooling:derived: "), console.out());
    assertTrue(console.out().contains("  local slopes 64..128: -"), console.out());
    assertTrue(console.out().contains("  bend: p = "), console.out());
    for (String name :
        List.of(
            "manifest.json",
            "journal.jsonl",
            "cells.jsonl",
            "curves.csv",
            "slopes.csv",
            "verdicts.csv",
            "curves.jsonl",
            "slopes.jsonl",
            "local-slopes.jsonl",
            "verdicts.jsonl",
            "report.html")) {
      assertTrue(Files.size(out.resolve(name)) > 0, name);
    }
    assertTrue(
        Files.readString(out.resolve("manifest.json"))
            .contains("squared-gap ~ L^-2 ± 0.5 over 64..256 for mean-pooling"));
    Files.delete(out.resolve("report.html"));
    assertEquals(out.resolve("report.html") + "\n", done("report", out).out());
    assertTrue(Files.exists(out.resolve("report.html")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"L^-1", "exp(-2 L)"})
  void refutedExpectationsGiveOne(String law) {
    Console console =
        Console.run(
            "sweep",
            "--model=gaussian-mean",
            "--attention=mean-pooling",
            "--lengths=8,16,32",
            "--seeds=5",
            "--sequences=200",
            "--expect=squared-gap ~ " + law + " ± 0.1 over 8..32",
            "--out=" + file("run"));
    assertEquals(1, console.code(), console.err());
    assertTrue(console.out().contains("REFUTED  mean-pooling:derived"), console.out());
  }

  @Test
  void sweepReadsAConfiguration() throws Exception {
    Path config = file("sweep.yaml");
    Files.writeString(
        config,
        """
        model: gaussian-mean
        attention: [mean-pooling]
        lengths: [8, 16, 32]
        seeds: 3
        sequences: 20
        identity-values: false
        quiet: true
        expect:
          - squared-gap ~ L^-2 ± 2 over 8..32
        """);
    Path first = file("first");
    Path second = file("second");
    assertEquals("", done("sweep", "--config", config, "--out", first).err());
    done("sweep", "--config=" + first.resolve("manifest.json"), "--out", second);
    for (String name : List.of("cells.jsonl", "curves.csv", "slopes.csv")) {
      assertEquals(Files.mismatch(first.resolve(name), second.resolve(name)), -1, name);
    }
    // What is given beside the file takes its place.
    done("sweep", "--config", config, "--seeds", 2, "--out", file("third"));
    String manifest = Files.readString(file("third").resolve("manifest.json"));
    assertTrue(manifest.contains("\"seeds\" : 2"), manifest);
  }

  @Test
  void aTransformerIsTrainedInTheSizesAskedFor() throws Exception {
    Path out = file("run");
    done(
        "sweep",
        "--model=gaussian-mean",
        "--attention=transformer:trained",
        "--depth=1",
        "--width=8",
        "--heads=2",
        "--lengths=4",
        "--seeds=2",
        "--sequences=20",
        "--steps=10",
        "--batch-size=8",
        "--out=" + out);
    String curves = Files.readString(out.resolve("curves.csv"));
    assertTrue(curves.contains(",transformer,trained,"), curves);
    assertTrue(Files.readString(out.resolve("manifest.json")).contains("\"depth\" : 1"));
    Console wrong =
        Console.run(
            "sweep", "--model=gaussian-mean", "--attention=transformer:trained", "--heads=3");
    assertEquals(2, wrong.code(), wrong.err());
    assertTrue(wrong.err().contains("heads: expected a divisor of the width 32"), wrong.err());
  }

  @Test
  void trainingGoesOnWhereItStood() throws Exception {
    Object[] train = {
      "train",
      "--model=gaussian-mean",
      "--attention=null-token-softmax",
      "--train-length=2..4",
      "--steps=20",
      "--batch-size=8",
      "--threads=1",
      "--out=" + file("run")
    };
    Console console = done(train);
    assertTrue(console.out().contains("after 20 steps"), console.out());
    byte[] first = Files.readAllBytes(file("run").resolve("checkpoint.safetensors"));
    Object[] again = Arrays.copyOf(train, train.length + 1);
    again[train.length] = "--resume";
    done(again);
    byte[] second = Files.readAllBytes(file("run").resolve("checkpoint.safetensors"));
    assertArrayEquals(first, second);
  }

  /** With every option of training; a time limit ends it before its first step. */
  @Test
  void trainingStopsAtItsTimeLimitAndGoesOnToTheSameBytes() throws Exception {
    Object[] train = {
      "train",
      "--model=linear-regression",
      "--train-length=2..6",
      "--mixed-lengths",
      "--sample-count=30",
      "--steps=60",
      "--batch-size=10",
      "--optimiser=adamw:0.001",
      "--schedule=constant",
      "--warmup=3",
      "--clip=5",
      "--averaging=tail:0.5",
      "--patience=50",
      "--validate-every=20",
      "--validation-count=32",
      "--memory-limit=10",
      "--quiet"
    };
    Console whole = done(with(train, "--out=" + file("whole")));
    assertTrue(whole.out().contains("after 60 steps, validation "), whole.out());
    Console stopped = Console.run(with(train, "--out=" + file("run"), "--time-limit=0.000001s"));
    assertEquals(130, stopped.code());
    assertTrue(stopped.err().contains("after 0 of 60 steps"), stopped.err());
    assertTrue(stopped.err().contains("--resume goes on"), stopped.err());
    assertEquals(1, stopped.err().lines().count());
    done(with(train, "--out=" + file("run"), "--time-limit=1h", "--resume", "--threads=2"));
    for (String name : List.of("checkpoint.safetensors", "loss.csv", "validation.csv")) {
      assertEquals(-1, Files.mismatch(file("whole").resolve(name), file("run").resolve(name)));
    }
  }

  private static Object[] with(Object[] arguments, Object... more) {
    Object[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return all;
  }

  @Test
  void verifyChecksOneClaim() throws Exception {
    Path out = file("run");
    Console console = done("verify", "B1", "--quiet", "--threads=1", "--out", out);
    assertTrue(console.out().contains("1 claims checked, 0 not as expected"), console.out());
    assertEquals("", console.err());
    assertTrue(Files.readString(out.resolve("verdicts.csv")).contains("CONFIRMED"));
    JsonNode part =
        new ObjectMapper().readTree(Files.readAllLines(out.resolve("verdicts.jsonl")).get(0));
    assertTrue(part.get("claim").asText().startsWith("B1"), part.toString());
    assertTrue(part.get("measured").isNumber(), part.toString());
    // The name is as good as the id, and a finished run may be asked again.
    done("verify", "cme-exact", "--quiet", "--out", out, "--resume");
  }

  @Test
  void scoreJudgesPredictions() throws Exception {
    // The mean of each sequence instead of the posterior mean: its gap is known exactly.
    Path data = file("data.csv");
    Path predictions = file("predictions.csv");
    StringBuilder tokens = new StringBuilder("sequence,x1\n");
    StringBuilder means = new StringBuilder("sequence,y1\n");
    for (int s = 0; s < 40; s++) {
      int length = s % 2 == 0 ? 3 : 7;
      for (int i = 0; i < length; i++) {
        tokens.append(s).append(',').append(s / 2 % 5 + 1).append('\n');
      }
      means.append(s).append(',').append(s / 2 % 5 + 1).append('\n');
    }
    Files.writeString(data, tokens);
    Files.writeString(predictions, means);
    Path out = file("run");
    Object[] score = {
      "score", "--model=gaussian-mean", "--data=" + data, "--predictions=" + predictions
    };
    Console console = done(score);
    // Mean m of L equal tokens, posterior mean m L / (L + 1): the gap is m² / (L + 1)², and the
    // mean of m² over 1..5 is 11.
    assertTrue(console.out().contains("3: 0.688  7: 0.172"), console.out());
    Object[] judged = Arrays.copyOf(score, score.length + 2);
    judged[score.length] = "--expect=squared-gap ~ L^-1.636 ± 0.001 over 3..7";
    judged[score.length + 1] = "--out=" + out;
    assertTrue(done(judged).out().contains("CONFIRMED  predictions:given"));
    assertTrue(Files.exists(out.resolve("report.html")));
  }

  @Test
  void classPathIsThatOfTheLibrary() {
    assertTrue(done("class-path").out().contains("ejml"));
  }

  @Test
  void runRunsAScript() throws Exception {
    Path script = file("Seven.java");
    Files.writeString(
        script,
        """
        public class Seven {
          public static void main(String[] arguments) {
            System.exit(arguments[0].equals("--six") ? 6 : 7);
          }
        }
        """);
    assertEquals(6, Console.run("run", script, "--six").code());
  }
}
