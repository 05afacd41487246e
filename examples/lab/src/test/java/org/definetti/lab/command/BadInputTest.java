package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is wrong is refused in one line that names the argument, what was expected and what came,
 * with exit code 2; nothing that exists is changed.
 */
final class BadInputTest {

  @TempDir Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    write("good.csv", "sequence,x1\na,1\na,2\nb,3\n");
    write("answers.csv", "sequence,y1\na,1\nb,3\n");
    write("file", "not a run\n");
    write("model.yaml", "model: beta-bernoulli\nversion: 1\na: -1\nb: 1\nlabel-variance: 1\n");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /** Arguments are separated by spaces; {@code @} stands for the test's folder. */
  private void refuse(String arguments, String... parts) {
    refuse(2, arguments.split(" ", -1), parts);
  }

  private void refuse(int code, String[] arguments, String... parts) {
    var before = Console.contents(folder);
    Object[] placed = new Object[arguments.length];
    for (int i = 0; i < placed.length; i++) {
      placed[i] = arguments[i].replace("@", folder + "/").replace('_', ' ');
    }
    Console console = Console.run(placed);
    assertEquals(code, console.code(), console.err() + console.out());
    assertEquals(1, console.err().lines().count(), console.err());
    assertTrue(console.err().startsWith("definetti: "), console.err());
    for (String part : parts) {
      assertTrue(console.err().contains(part), "'" + part + "' in " + console.err());
    }
    assertEquals(before, Console.contents(folder));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing                                     | command: expected one of [models, claims, ",
        "models --wrong                              | --wrong",
        "sample --length 3 --out @x.csv              | --model",
        "sample --model gaussian-mean --length x --out @x.csv"
            + "                                          | length: expected a whole number, got x",
        "sample --model gaussian-mean --length -1 --out @x.csv"
            + "                                          | length: expected >= 0, got -1",
        "sample --model gaussian-mean --length 3 --count 0 --out @x.csv"
            + "                                          | count: expected >= 1, got 0",
        "export --model gaussian-mean --trained @ --out @x.pt"
            + "                                          | out: expected a file ending in .onnx, got",
        "export --model gaussian-mean --trained @ --out @x.onnx"
            + "                                          | trained: expected the directory of a training",
        "reference --check @nothing.jsonl            | check: expected a readable file, got",
        "reference --check @good.csv                 | check line 1: expected one JSON object, got",
        "reference --check @good.csv --tolerance 0   | tolerance: expected > 0, got 0.0",
        "reference --check @good.csv --out @x.jsonl  | check: expected no --out beside it, got one",
        "bound --length 0 --samples 9 --relevant 1   | length: expected >= 1, got 0",
        "bound --length 9 --samples 0 --relevant 1   | samples: expected finite and > 0, got 0.0",
        "bound --length 9 --samples 9                | query-norm: expected a norm, or --relevant",
        "bound --length 9 --samples 9 --relevant 9   | length: expected >= 10, got 9",
        "bound --length 9 --samples 9 --relevant 3 --normaliser none"
            + "                                          | normaliser: expected weights that sum to one",
        "bound --length 9 --samples 9 --relevant 3 --normaliser relu"
            + "                                          | normaliser: expected scores below 1 for relu, got",
        "bound --length 9 --samples 9 --relevant 3 --failure 1"
            + "                                          | failure: expected below 1, got 1.0",
        "bound --length 9 --samples 9 --relevant 3 --value-norm -1"
            + "                                          | value-norm: expected finite and > 0, got -1.0",
        "models nothing                              | model: expected one of [gaussian-mean, ",
        "models --save @x.yaml                       | save: expected a MODEL before it, got none",
        "models urn --save @x.txt                    | save: expected a file ending in .yaml, .yml or .json, got ",
        "models urn --save @                         | save: expected a file, got the directory",
        "models @none.json                           | model: expected a readable model file, got ",
        "models @file                                | model: expected a model file to end in .yaml, .yml or .json, got ",
        "sweep --model @model.yaml:a=1               | model: expected a model file without settings",
        "sweep --model @model.yaml                   | model.yaml line 3: beta-bernoulli, a: expected finite and > 0, got -1.0",
        "posterior --model @model.yaml --data @good.csv | model.yaml line 3: beta-bernoulli, a: expected",
        "train --model @model.yaml --train-length 4  | model.yaml line 3: beta-bernoulli, a: expected",
        "sample --model gaussian-mean --length 3 --out @x.txt"
            + "                                          | .csv, .jsonl, .npy or .npz, got ",
        "sample --model gaussian-mean --length 3 --format xls --out @x.csv"
            + "                                          | format: expected csv, jsonl, npy or npz, got xls",
        "sample --model gaussian-mean --length 3 --format csv --out @"
            + "                                          | out: expected a file, got the directory",
        "sweep --model gaussian                      | model: expected one of [gaussian-mean, ",
        "sweep --model gaussian-mean:dimension=two   | dimension: expected a whole number, got two",
        "sweep --model gaussian-mean:width=2         | expected key=value with a key of [dimension",
        "sweep --model gaussian-mean:noise-variance=-1 | noiseVariance: expected finite and > 0, got -1",
        "sweep --model gaussian-mean:noise-variance=NaN | noiseVariance: expected finite and > 0, got NaN",
        "sweep --model linear-regression:keys=cube   | keys: expected [gaussian, sphere], got cube",
        "sweep --attention cmee                      | form: expected one of [cme, ",
        "sweep --attention cme:learned               | attention: expected FORM:derived, ",
        "sweep --attention cmee:trained              | attention: expected one of [softmax, ",
        "sweep --attention cme,cme                   | name: expected a name not yet in the sweep, got 'cme'",
        "sweep --objective next                      | objective: expected masked, supervised or next-token, got next",
        "sweep --lengths 4,4                         | lengths: expected increasing numbers from 1, got 4,4",
        "sweep --lengths 0,4                         | lengths: expected increasing numbers from 1, got 0,4",
        "sweep --lengths 4,x                         | lengths: expected whole numbers separated by commas",
        "sweep --lengths=                            | lengths: expected whole numbers",
        "sweep --seeds 0                             | seeds: expected >= 1, got 0",
        "sweep --sequences 0                         | sequences: expected >= 1, got 0",
        "sweep --threads 0                           | threads: expected >= 1, got 0",
        "sweep --temperature 0                       | temperature: expected finite and > 0, got 0",
        "sweep --seed 1.5                            | seed: expected a whole number, got 1.5",
        "sweep --attention softmax:trained --steps 0 | steps: expected >= 1, got 0",
        "sweep --attention softmax:trained --learning-rate NaN | learningRate: expected finite and > 0, got NaN",
        "sweep --attention softmax:trained --train-length 8..4 | 4",
        "sweep --attention softmax:trained --train-length often | train-length: expected 'each', a length or",
        "sweep --expect fast                         | expect: expected the form 'squared-gap ~ ",
        "sweep --expect squared-gap_~_L^fast_±_0.1_over_4..8 | expect: expected L^S, ",
        "sweep --expect squared-gap_~_L^-1_±_-1_over_4..8 | tolerance: expected ",
        "sweep --expect gap_~_L^-1_±_0.1_over_4..8   | expect: expected a metric of [squared-gap, ",
        "sweep --expect kl_~_L^-1_±_0.1_over_4..8    | got kl",
        "sweep --expect squared-gap_~_n^-1_±_0.1_over_4..8 | expect: expected a law of L, ",
        "sweep --expect squared-gap_~_L^-1_±_0.1_over_5..7 | expect: expected at least 2 of the lengths [4, ",
        "sweep --expect squared-gap_~_L^-1_±_0.1_over_4..8192 | expect: expected a range within the lengths 4..1024",
        "sweep --expect squared-gap_~_L^-1_±_0.1_over_2..8 | expect: expected a range within the lengths 4..1024",
        "sweep --expect squared-gap_~_L^-1_±_0.1_over_4..8_for_x | expect: expected one of [cme:derived, ",
        "sweep --resume                              | resume: expected --out with the directory",
        "sweep --out @file                           | out: expected a directory, got the file",
        "sweep --config @none.yaml                   | config: expected a readable YAML or JSON file",
        "verify Z9                                   | claim: expected one of [",
        "verify --tag nothing                        | tag: expected one of [",
        "verify B2 --tag trained                     | tag: expected one of [length, exact], got trained",
        "verify --budget huge                        | budget: expected one of [smoke, standard, full], got huge",
        "train --model gaussian-mean                 | train-length: expected a length or a range 4..64",
        "train --model gaussian-mean --attention cmee --train-length 4 | attention: expected one of [softmax",
        "train --model gaussian-mean --train-length 4 --optimiser lion | optimiser: expected one of [adam, adamw, momentum, sgd], got lion",
        "train --model gaussian-mean --train-length 4 --optimiser momentum:1 | momentum: expected in [0, 1), got 1",
        "train --model gaussian-mean --train-length 4 --optimiser adamw:x | optimiser: expected a number after the colon, got adamw:x",
        "train --model gaussian-mean --train-length 4 --schedule linear | schedule: expected one of [cosine, constant], got linear",
        "train --model gaussian-mean --train-length 4 --averaging tail:2 | averaging: expected a share in (0, 1], got 2",
        "train --model gaussian-mean --train-length 4 --averaging exponential:2 | decay: expected in [0, 1], got 2",
        "train --model gaussian-mean --train-length 4 --clip -1 | norm: expected finite and > 0, got -1",
        "train --model gaussian-mean --train-length 4 --patience -1 | patience: expected >= 1, got -1",
        "train --model gaussian-mean --train-length 4 --time-limit soon | time-limit: expected 90s, 10m or 2h, got soon",
        "train --model gaussian-mean --train-length 4 --memory-limit -1 | memory-limit: expected mebibytes above zero, got -1",
        "train --model gaussian-mean --train-length 900000 --memory-limit 1 --out @new | memory: expected at most 1.0 MiB (memory limit), got about ",
        "train --model gaussian-mean --train-length 2..4 --sample-count 9 | lengths: expected one length for a fixed data set, or mixed lengths, got 2..4",
        "report @                                    | manifest.json",
        "report @none                                | DIR: expected a run's directory",
        "run @none.java                              | script: expected a readable file ending in .java or .kt, got",
        "run @none.kt                                | script: expected a readable file ending in .java or .kt, got",
        "run @file                                   | script: expected a readable file ending in .java or .kt, got",
        "sample --model gaussian-mean --length 2 --out @x.txt | out: expected a file ending in .csv",
        "sample --model gaussian-mean --length 0 --out @x.csv | length: expected >= 1 for csv",
        "posterior --model gaussian-mean --data @none.csv | data: expected a readable file",
        "posterior --model gaussian-mean --data @file | data: expected a file ending in .csv",
        "posterior --model gaussian-mean:dimension=2 --data @good.csv"
            + "                                | data: expected the header sequence,x1,x2, got sequence,x1",
        "posterior --model gaussian-mean --data @good.csv --query 1 | query: expected none",
        "posterior --model linear-regression --data @good.csv --query 1,2 | query: expected 8 numbers, got 2",
        "posterior --model linear-regression --data @good.csv --query 1,x | query: expected finite numbers",
        "derive --model gaussian                     | model: expected one of [gaussian-mean, ",
        "derive --model gaussian-mean --attention cme | form: expected one of [null-token-softmax, mean-pooling]",
        "derive --model urn --attention cme          | model: expected one with a derivation, got urn, which declares",
        "derive --model gaussian-mean --temperature 0 | temperature: expected finite and > 0, got 0",
        "derive --model gaussian-mean --lengths 0    | lengths: expected one above 0, got 0",
        "derive --model gaussian-mean --lengths 4,1  | lengths: expected increasing numbers from 0, got 4,1",
        "derive --model gaussian-mean --sequences 0  | sequences: expected >= 1, got 0",
        "derive --model gaussian-mean --seed x       | seed: expected a whole number, got x",
        "derive --model @model.yaml                  | model.yaml line 3: beta-bernoulli, a: expected",
        "posterior --model com.acme.None --data @good.csv | model: expected a class on the class path",
        "posterior --model java.lang.String --data @good.csv | model: expected a class that is a org.definetti",
        "posterior --model gaussian-mean --class-path @none --data @good.csv | class-path: expected a jar",
        "score --model gaussian-mean --data @good.csv --predictions @good.csv"
            + "                                | predictions: expected the header sequence,y1, got sequence,x1",
        "score --model gaussian-mean --data @good.csv --predictions @file"
            + "                                | predictions: expected a file ending in .csv or .npy",
        "score --model gaussian-mean --data @good.csv --predictions @answers.csv --out @file"
            + "                                | out: expected a directory, got the file",
      })
  void namesWhatIsWrong(String arguments, String part) {
    refuse(arguments.strip(), part.strip());
  }

  @ParameterizedTest
  @CsvSource({
    "'a,1\nb,NaN\n', 'data line 3, column x1: expected a finite number, got ''NaN'''",
    "'a,1\n\nb,1e999\n', 'data line 4, column x1: expected a finite number, got ''1e999'''",
    "'a,one\n', 'data line 2, column x1: expected a finite number, got ''one'''",
    "'a,1\nb,2,3\n', 'data line 3: expected 2 fields, got 3'",
    "'a\n', 'data line 2: expected 2 fields, got 1'",
    "'a,1\nb,2\na,3\n', 'data line 4: expected the lines of a sequence to stand together'",
    "'\"a,1\n', 'data: expected '"
  })
  void linesOfCsvAreNamed(String lines, String part) throws IOException {
    write("data.csv", "sequence,x1\n" + lines);
    refuse("posterior --model gaussian-mean --data @data.csv", part);
  }

  @Test
  void filesOfNoSequenceAreRefused() throws IOException {
    write("data.csv", "");
    refuse("posterior --model gaussian-mean --data @data.csv", "expected the header sequence,x1");
    write("data.csv", "sequence,x1\n");
    refuse(
        "score --model gaussian-mean --data @data.csv --predictions @answers.csv",
        "data: expected at least 1 sequence");
  }

  @Test
  void categoriesAreChecked() throws IOException {
    write("data.csv", "sequence,category\na,2\nb,3\n");
    refuse("posterior --model dirichlet-categorical --data @data.csv", "data line 3", "got 3");
    write("data.csv", "sequence,category\na,0.5\n");
    refuse("posterior --model dirichlet-categorical --data @data.csv", "data line 2", "got 0.5");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"tokens\":[[1],[1,2]]}', 'data line 1, token 1: expected an array of 1 numbers, got [1,2]'",
    "'{\"tokens\":[[\"x\"]]}', 'data line 1, token 0: expected numbers'",
    "'{\"tokens\":[[1e999]]}', 'data line 1, token 0'",
    "'{\"token\":[[1]]}', 'data line 1: expected an array \"tokens\"'",
    "'[1', 'data line 1: expected one JSON object'"
  })
  void linesOfJsonAreNamed(String line, String part) throws IOException {
    write("data.jsonl", line + "\n");
    refuse("posterior --model gaussian-mean --data @data.jsonl", part);
  }

  @Test
  void arraysAreChecked() throws IOException {
    String posterior = "posterior --data @data.npy --model ";
    write("data.npy", "no array at all");
    refuse(posterior + "gaussian-mean", "data: expected a NumPy file of version 1.0");
    Path data = folder.resolve("data.npy");
    Console.run("sample", "--model=gaussian-mean", "--length=2", "--out=" + data);
    refuse(posterior + "gaussian-mean:dimension=2", "expected shape (any, any, 2), got (1, 2, 1)");
    byte[] whole = Files.readAllBytes(data);
    Files.write(data, Arrays.copyOf(whole, whole.length - 8));
    refuse(posterior + "gaussian-mean", "data: expected 2 numbers, got 8 bytes");
    byte[] wrong = whole.clone();
    wrong[wrong.length - 1] = (byte) 0x7f;
    wrong[wrong.length - 2] = (byte) 0xf8;
    Files.write(data, wrong);
    refuse(posterior + "gaussian-mean", "data sequence 0, token 1", "NaN");
  }

  @ParameterizedTest
  @CsvSource({
    "'a,1\n', 'predictions: expected a line for sequence b, got none'",
    "'a,1\nb,2\nc,3\n', 'predictions: expected the sequences of the data, got also c'",
    "'a,1\nb,2\na,3\n', 'predictions line 4: expected each sequence once, got a again'",
    "'a,1\nb,inf\n', 'predictions line 3, column y1: expected a finite number'"
  })
  void predictionsAreChecked(String lines, String part) throws IOException {
    write("answers.csv", "sequence,y1\n" + lines);
    refuse("score --model gaussian-mean --data @good.csv --predictions @answers.csv", part);
  }

  @ParameterizedTest
  @CsvSource({
    "'lenghts: 4', 'config: expected keys among [attention, '",
    "'config: other.yaml', 'got ''config'''",
    "'resume: sometimes', 'config: expected true or false for resume'",
    "'model: ', 'config: expected a value for model, got null'",
    "'seeds: three', 'seeds: expected a whole number, got three'",
    "'- model', 'config: expected option: value lines, got ARRAY'",
    "'verb: verify', 'config: expected the manifest of a sweep, got that of a verify'",
    "'model: [', 'config: expected a readable YAML or JSON file'"
  })
  void configurationsAreChecked(String text, String part) throws IOException {
    write("sweep.yaml", text + "\n");
    refuse("sweep --config @sweep.yaml", part);
  }

  private static final String SWEEP =
      "sweep --model gaussian-mean --lengths 2,4 --seeds 2 --sequences 3 --quiet --out @run";

  private void finishARun() {
    assertEquals(0, Console.run((Object[]) SWEEP.replace("@", folder + "/").split(" ", -1)).code());
  }

  @Test
  void aRunIsNotOverwritten() {
    finishARun();
    refuse(SWEEP, "out: expected a new directory, got ", "--resume continues it");
    refuse("verify B1 --out @run", "out: expected a new directory, got ");
    refuse(
        "score --model gaussian-mean --data @good.csv --predictions @answers.csv --out @run",
        "out: expected a new directory, got ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--seeds 3", "--seed 2", "--sequences 4", "--lengths 2,8"})
  void anotherRunIsNotContinued(String change) {
    finishARun();
    String option = change.substring(2, change.indexOf(' '));
    String base = SWEEP.replaceAll("--" + option + " \\S+ ", "");
    refuse(base + " --resume " + change, "holds another run; " + option + ": expected ");
  }

  @Test
  void anExpectationIsNotChangedAfterwards() {
    finishARun();
    refuse(
        SWEEP + " --resume --expect squared-gap_~_L^-1_±_9_over_2..4",
        "holds another run; expect: expected [] (as there), got [");
    refuse("verify B1 --resume --out @run", "verb: expected sweep (as there), got verify");
  }

  @Test
  void aJournalOfAnotherPlanIsNotContinued() throws IOException {
    finishARun();
    Files.delete(folder.resolve("run/manifest.json"));
    refuse(SWEEP, "already holds a run; pass --resume");
    refuse(
        SWEEP.replace("--seeds 2", "--seeds 3") + " --resume",
        "out: expected the journal of plan ",
        "seeds: expected 3, got 2");
  }

  /** The file has the same name: what it says is another model. */
  @Test
  void aRunOfAnotherModelFileIsNotContinued() throws IOException {
    String good = "model: beta-bernoulli\nversion: 1\na: 2\nb: 1\nlabel-variance: 1\n";
    write("model.yaml", good);
    String sweep = SWEEP.replace("gaussian-mean", "@model.yaml");
    String[] words = sweep.replace("@", folder + "/").split(" ", -1);
    assertEquals(0, Console.run((Object[]) words).code());
    write("model.yaml", "# the same\n" + good);
    assertEquals(
        0,
        Console.run((Object[]) (sweep + " --resume").replace("@", folder + "/").split(" ", -1))
            .code());
    write("model.yaml", good.replace("a: 2", "a: 3"));
    refuse(sweep + " --resume", "holds another run; model, a: expected 2.0 (as there), got 3.0");
    Files.delete(folder.resolve("run/manifest.json"));
    refuse(sweep + " --resume", "out: expected the journal of plan ", "model: expected ");
  }

  @Test
  void whatCannotBeWrittenIsThree() {
    refuse(
        3,
        "sample --model gaussian-mean --length 1 --out @file/x.csv".split(" ", -1),
        "cannot write ");
    assertFalse(Files.exists(folder.resolve("x.csv")));
  }
}
