package org.definetti.lab.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFileTest {

  /**
   * Beside the defaults: numbers without a short decimal form, and the other shapes of a family.
   */
  private static final List<String> MORE =
      List.of(
          "gaussian-mean:dimension=3,prior-variance=0.1,noise-variance=1e-12,label-variance=1e12",
          "dirichlet-categorical:alpha=0.3333333333333333/1e-300/7.000000000000001",
          "linear-regression:key-width=2,value-width=3,keys=gaussian",
          "gaussian-concepts:variances=1/2/3",
          "gaussian-process:kernel=matern-three-halves,length-scale=0.1",
          "gaussian-process:kernel=periodic",
          "hidden-markov:tokens=gaussian,means=-0.1/0.1/0.3/0.7",
          "latent-tree:depth=3,states=3");

  @TempDir Path folder;

  static Stream<String> models() {
    return Stream.concat(Models.ALL.stream().map(BuiltInModel::name), MORE.stream());
  }

  private static LatentModel<?> named(String text) {
    return Models.of(text, UserClasses.of(null));
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyModelComesBackFromItsFile(String text) {
    LatentModel<?> model = named(text);
    for (String ending : List.of("yaml", "json")) {
      Path file = folder.resolve("model." + ending);
      ModelFile.write(file, model.description());
      LatentModel<?> back = named(file.toString());
      assertEquals(model.description().text(), back.description().text());
      assertEquals(model, back);
      assertSamePosteriors(model, back);
    }
  }

  /** Same draws, and from them the same posterior: to the last bit. */
  private static void assertSamePosteriors(LatentModel<?> model, LatentModel<?> back) {
    Tokens tokens = model.sample(6, Seed.of(3).generator()).tokens();
    assertEquals(tokens, back.sample(6, Seed.of(3).generator()).tokens());
    Belief<?> expected = model.prior().observe(tokens);
    Belief<?> actual = back.prior().observe(tokens);
    SimpleMatrix query = model.labelQuery();
    assertArrayEquals(
        expected.predictive(query).mean().getDDRM().data,
        actual.predictive(query).mean().getDDRM().data);
    assertEquals(evidence(expected), evidence(actual));
  }

  private static double evidence(Belief<?> belief) {
    try {
      return belief.logEvidence();
    } catch (UnsupportedOperationException e) {
      return 0; // none in closed form, then neither here nor there
    }
  }

  @Test
  void filesAreWrittenForPeople() {
    ModelDescription description =
        ModelDescription.of("some-model")
            .with("kind", "red")
            .with("doubt", "yes")
            .with("count", 3)
            .with("third", 1.0 / 3)
            .with("row", new SimpleMatrix(1, 2, true, 1, 2.5))
            .with("table", new SimpleMatrix(2, 2, true, 1, -0.0, 1e-300, 1e300));
    assertEquals(
        """
        model: some-model
        version: 1
        kind: red
        doubt: "yes"
        count: 3
        third: 0.3333333333333333
        row: [1, 2.5]
        table:
          - [1, -0.0]
          - [1.0E-300, 1.0E300]
        """,
        ModelFile.yaml(description));
    assertEquals(
        """
        {
          "model": "some-model",
          "version": 1,
          "kind": "red",
          "doubt": "yes",
          "count": 3,
          "third": 0.3333333333333333,
          "row": [1, 2.5],
          "table": [
            [1, -0.0],
            [1.0E-300, 1.0E300]
          ]
        }
        """,
        ModelFile.json(description));
    for (boolean json : new boolean[] {false, true}) {
      String text = json ? ModelFile.json(description) : ModelFile.yaml(description);
      ModelDescription back = ModelFields.parse("some file", text, json).description();
      assertEquals(description.text(), back.text());
    }
  }

  /** Other ways to write the same in YAML. */
  @Test
  void layoutIsFree() throws IOException {
    Path file = folder.resolve("MODEL.YML");
    Files.writeString(
        file,
        """
        # ours
        noise-variance: 5e-1
        prior-mean:
        - [.5, +1]   # one row
        "label-variance": 0.5
        dimension: 2.0
        version: 1
        prior-variance: '1.'
        model: gaussian-mean
        """);
    assertEquals(
        "gaussian-mean v1 {}{noise-variance=0.5, label-variance=0.5, dimension=2.0,"
            + " prior-variance=1.0} prior-mean=1x2[0.5, 1.0]",
        ModelFile.read(file).description().text());
    assertEquals(2, named(file.toString()).tokenSpace().width());
  }

  private void assertRefused(Path file, String expected) {
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> named(file.toString()), expected);
    String message = String.valueOf(error.getMessage()).replace(folder + "/", "");
    assertTrue(message.startsWith(expected), message);
    assertEquals(1, message.lines().count(), message);
  }

  private void refuse(String text, String expected) throws IOException {
    Path file = folder.resolve(text.startsWith("{") ? "m.json" : "m.yaml");
    Files.writeString(file, text.replaceAll("; *", "\n"));
    assertRefused(file, expected.replace("FILE", file.getFileName().toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // What is no model at all.
        "#nothing                        | FILE line 1: expected a model, lines such as 'model: gaussian-mean', got nothing",
        "hello                           | FILE line 1: expected a model, lines such as 'model: gaussian-mean', got 'hello'",
        "[1, 2]                          | FILE line 1: expected a model, lines such as 'model: gaussian-mean', got a list",
        "a: 1; b: [1                     | FILE line 2: expected YAML, which this is not: while parsing a flow sequence, expected ',' or ']', but got ",
        "{\"a\": 1, \"b\"                | FILE line 1: expected JSON, which this is not: Unexpected end-of-input",
        "lengths: [4, 8]; seeds: 3       | FILE: expected a line 'model: NAME' with a name of [gaussian-mean, ",
        "model: 3                        | FILE line 1: expected a line 'model: NAME' with a name of [gaussian-mean, ",
        "model: gaussian; version: 1     | FILE line 1: expected one of [gaussian-mean, ",
        "model: gaussian-mean            | FILE: gaussian-mean, version: expected a whole number from 1, such as 'version: 1', got none",
        "model: gaussian-mean; version: 2 | FILE line 2: gaussian-mean, version: expected 1, got 2",
        "model: gaussian-mean; version: 1.5 | FILE line 2: gaussian-mean, version: expected a whole number from 1",
        "COIN; ---; COIN                 | FILE line 7: expected the end of the file after one model, got fields",
        // Fields.
        "COIN; a: 2                      | FILE line 6: beta-bernoulli, a: expected once, got again (first in line 3)",
        "COIN; colour: red               | FILE line 6: beta-bernoulli: expected the fields [a, b, label-variance], got also [colour]",
        "model: beta-bernoulli; version: 1; a: 1 | FILE: beta-bernoulli, b: expected a number, got none",
        "COIN a: two                     | FILE line 6: beta-bernoulli, a: expected a number, got two",
        "COIN a: [1, 2]                  | FILE line 6: beta-bernoulli, a: expected a number, got a matrix",
        "COIN a:                         | FILE line 6: beta-bernoulli, a: expected a word, a number or rows of numbers, got nothing",
        "COIN a: true                    | FILE line 6: beta-bernoulli, a: expected a word, a number or rows of numbers, got 'true'",
        "COIN a: {x: 1}                  | FILE line 6: beta-bernoulli, a: expected a word, a number or rows of numbers, got fields",
        "COIN a: .nan                    | FILE line 6: beta-bernoulli, a: expected a finite decimal number, got '.nan'",
        "COIN a: NaN                     | FILE line 6: beta-bernoulli, a: expected a number, got NaN",
        "COIN a: 1e999                   | FILE line 6: beta-bernoulli, a: expected a number that a double can hold, got '1e999'",
        "COIN a: 0x1f                    | FILE line 6: beta-bernoulli, a: expected a finite decimal number, got '0x1f'",
        "COIN a: 1_000                   | FILE line 6: beta-bernoulli, a: expected a finite decimal number, got '1_000'",
        "COIN a: -1                      | FILE line 6: beta-bernoulli, a: expected finite and > 0, got -1.0",
        "{\"model\": \"beta-bernoulli\", \"version\": 1,; \"a\": NaN} | FILE line 2: beta-bernoulli, a: expected a finite decimal number, got 'NaN'",
        "{\"model\": \"beta-bernoulli\", \"version\": 1,; \"a\": 1, \"a\": 1} | FILE line 2: beta-bernoulli, a: expected once, got again (first in line 2)",
        // Matrices.
        "DICE likelihoods: [[1, 0], [1]] | FILE line 4: categorical-concepts, likelihoods: expected rows of 2 numbers, got 1 in row 2",
        "DICE likelihoods:;- [1, 0];- [0.5, x] | FILE line 6: categorical-concepts, likelihoods: expected numbers in row 2, got 'x'",
        "DICE likelihoods:;- [1, 0];- 3  | FILE line 6: categorical-concepts, likelihoods: expected a row [x, y, …], got '3'",
        "DICE likelihoods: []            | FILE line 4: categorical-concepts, likelihoods: expected numbers in row 1, got none",
        "DICE likelihoods: [[[1]]]       | FILE line 4: categorical-concepts, likelihoods: expected numbers in row 1, got a list",
        "DICE likelihoods: [[1, 0]]      | FILE line 3: categorical-concepts, prior: expected shape (1, 1), got (1, 2)",
        "DICE likelihoods: [[1, 0], [0.5, 0.6]] | FILE line 4: categorical-concepts, likelihoods, row 1: expected a sum of 1, got 1.1",
        "DICE likelihoods: [[1, 0], [-1, 2]] | FILE line 4: categorical-concepts, likelihoods, row 1[0]: expected finite and >= 0, got -1.0",
        "model: multivariate-gaussian-mean; version: 1; prior-mean: [0, 0]; prior-covariance: [[1, 2], [2, 1]]; noise-covariance: [[1, 0], [0, 1]]"
            + "| FILE line 4: multivariate-gaussian-mean, prior-covariance: expected a positive semi-definite matrix",
        "model: multivariate-gaussian-mean; version: 1; prior-mean: [0, 0]; prior-covariance: [[1, 0], [0, 1]]; noise-covariance: [[1, 2], [2, 1]]"
            + "| FILE line 5: multivariate-gaussian-mean, noise-covariance: expected a positive definite matrix of size 2, got pivot 1 = -3.0",
      })
  void whatIsWrongIsNamed(String text, String expected) throws IOException {
    String coin = "model: beta-bernoulli; version: 1; a: 1; b: 2; label-variance: 1";
    refuse(
        text.replace("COIN ", coin.replace("a: 1; ", "") + "; #; ")
            .replace("COIN", coin)
            .replace("DICE ", "model: categorical-concepts; version: 1; prior: [0.5, 0.5]; "),
        "model " + expected);
  }

  @Test
  void whatIsNoFileIsRefused() throws IOException {
    assertRefused(
        folder.resolve("none.yaml"),
        "model: expected a readable model file, got none.yaml (no such file)");
    Path large = folder.resolve("large.json");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(ModelFile.MOST_BYTES + 1);
    }
    assertRefused(large, "model large.json: expected at most 64000000 bytes, got 64000001");
    Path bytes = Files.write(folder.resolve("bytes.yaml"), new byte[] {'a', (byte) 0xff});
    assertRefused(bytes, "model bytes.yaml: expected text in UTF-8, got other bytes");
  }

  @Test
  void whatNoFileCanHoldIsNotWritten() {
    ModelDescription good = ModelDescription.of("good");
    for (ModelDescription wrong :
        List.of(
            good.with("x", Double.NaN),
            good.with("x", new SimpleMatrix(0, 2)),
            good.with("x", 1).with("x", "one"),
            good.with("model", "other"))) {
      assertThrows(IllegalArgumentException.class, () -> ModelFile.yaml(wrong));
    }
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> ModelFile.write(folder.resolve("model.txt"), good))
            .getMessage()
            .startsWith("save: expected a file ending in .yaml, .yml or .json, got "));
  }
}
