package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.definetti.lab.Main;
import org.definetti.layer.Layers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code definetti audit}: report cards of layers and forms. */
class AuditCommandTest {

  private static final String[] SMALL = {"--tokens", "3", "--width", "6"};

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... arguments) {
    String[] all = new String[arguments.length + SMALL.length + 1];
    all[0] = "audit";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    System.arraycopy(SMALL, 0, all, arguments.length + 1, SMALL.length);
    return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }

  private void assertLine(String verdict, String audit) {
    assertTrue(
        out.toString().lines().anyMatch(line -> line.matches(verdict + " +" + audit + " .*")),
        () -> verdict + " " + audit + "\n" + out);
  }

  @ParameterizedTest
  @ValueSource(strings = {"softmax-form", "gaussian-form", "knowledge-form"})
  void formsCommuteWithEveryBasis(String form) {
    assertEquals(0, execute("--layer", form), err::toString);
    assertLine("PASS", "parity \\(Q = -I\\)");
    assertLine("PASS", "rotations \\(determinant 1\\)");
    assertLine("PASS", "reflections \\(determinant -1\\)");
    assertLine("PASS", "span of tokens and knowledge");
    assertLine("PASS", "coefficients are Gram functions");
    assertLine("PASS", "token order: equivariant");
    assertLine(form.startsWith("gaussian") ? "PASS" : "FAIL", "translations");
  }

  static List<String> layers() {
    return Layers.names();
  }

  private static final Set<String> SEQUENCES =
      Set.of("convolution", "temporal-convolution", "elman", "gru", "lstm", "rotary-transformer");

  /** Every trainable layer: weights know a basis, unless made not to; only sequences an order. */
  @ParameterizedTest
  @MethodSource("layers")
  void weightsFixABasisAndOnlySequencesAnOrder(String layer) {
    assertEquals(0, execute("--layer", layer), err::toString);
    String basis = layer.equals("equivariant") ? "PASS" : "FAIL";
    String order = SEQUENCES.contains(layer) ? "FAIL" : "PASS";
    assertLine(basis, "parity \\(Q = -I\\)");
    assertLine(basis, "rotations \\(determinant 1\\)");
    assertLine(basis, "reflections \\(determinant -1\\)");
    assertLine(basis, "span of tokens and knowledge");
    assertLine(order, "token order: equivariant");
    assertLine(order, "knowledge order: invariant");
  }

  /** The posterior mean of an isotropic model turns with keys and values (MS4). */
  @Test
  void whatIsDerivedFromAnIsotropicModelTurnsAlong() {
    String model = "linear-regression:key-width=6,value-width=6";
    assertEquals(0, execute("--layer", "cme", "--model", model), err::toString);
    assertLine("PASS", "rotations \\(determinant 1\\)");
    assertLine("PASS", "reflections \\(determinant -1\\)");
    assertLine("PASS", "span of tokens and knowledge");
    assertLine("FAIL", "translations");
    assertEquals(Main.USAGE, execute("--layer", "cme", "--model", "linear-regression"));
    assertTrue(err.toString().contains("model: expected keys as wide as values"), err::toString);
  }

  /** Exact posteriors are audited as layers are (MS6, MS8). */
  @Test
  void thePosteriorOfAModelTurnsUnlessItsPriorLeans() {
    String model = "contaminated-mean:dimension=6";
    assertEquals(0, execute("--layer", "posterior", "--model", model), err::toString);
    assertLine("PASS", "rotations \\(determinant 1\\)");
    assertLine("PASS", "span of tokens and knowledge");
    assertLine("PASS", "token order: invariant");
    out.getBuffer().setLength(0);
    String stretched =
        "multivariate-gaussian-mean:prior-deviations=1/2/3/1/1/1,noise-deviations=1/1/1/1/1/1,noise-correlation=0";
    assertEquals(0, execute("--layer", "posterior", "--model", stretched), err::toString);
    assertLine("FAIL", "rotations \\(determinant 1\\)");
    assertEquals(Main.USAGE, execute("--layer", "posterior", "--model", "dirichlet-categorical"));
    assertTrue(err.toString().contains("model: expected real vectors"), err::toString);
  }

  private void train(String... options) {
    List<String> all =
        new ArrayList<>(
            List.of("train", "--train-length", "4", "--steps", "5", "--batch-size", "8"));
    all.addAll(List.of(options));
    all.addAll(List.of("--quiet", "--out", folder.toString()));
    PrintWriter console = new PrintWriter(out, true);
    assertEquals(
        0,
        Main.execute(console, new PrintWriter(err, true), all.toArray(new String[0])),
        err::toString);
    out.getBuffer().setLength(0);
  }

  @Test
  void whatWasTrainedIsAudited() {
    train("--model", "gaussian-mean:dimension=6", "--attention", "null-token-softmax");
    assertEquals(0, execute("--trained", folder.toString()), err::toString);
    assertLine("PASS", "token order: invariant");
    assertLine("FAIL", "rotations \\(determinant 1\\)");
    assertTrue(out.toString().contains("continuous symmetries: dimension 0 of 36"), out::toString);
    assertTrue(
        out.toString().lines().anyMatch(line -> line.matches("  O\\(6\\): .* ± .* mean square.*")),
        out::toString);
    assertTrue(
        out.toString()
            .lines()
            .anyMatch(line -> line.matches("  orders of 3 tokens: .*e-[23].* 0.0% of .*")),
        out::toString);
  }

  /** The sizes of a trained transformer are read from its run; its tokens are pairs. */
  @Test
  void aTrainedTransformerAnswersEveryKey() {
    String[] sizes = {"--depth", "1", "--width", "8", "--heads", "2"};
    List<String> options = new ArrayList<>(List.of(sizes));
    options.addAll(List.of("--model", "linear-regression", "--attention", "transformer"));
    train(options.toArray(new String[0]));
    assertEquals(0, execute("--trained", folder.toString()), err::toString);
    assertLine("PASS", "token order: equivariant");
    assertLine("FAIL", "causal: no row sees later tokens");
  }

  @Test
  void whatWasNotTrainedIsRefused() {
    assertEquals(Main.USAGE, execute("--layer", "softmax", "--trained", folder.toString()));
    train("--model", "dirichlet-categorical", "--attention", "softmax");
    assertEquals(Main.USAGE, execute("--trained", folder.toString()));
    assertTrue(err.toString().contains("trained: expected a model of real vectors"), err::toString);
    assertEquals(Main.USAGE, execute("--trained", folder.resolve("nothing").toString()));
    assertTrue(err.toString().contains("trained: expected"), err::toString);
  }

  @Test
  void picturesAreWritten() throws IOException {
    assertEquals(0, execute("--layer", "softmax-form", "--out", folder.toString()));
    assertTrue(Files.readString(folder.resolve("card.txt")).startsWith("PASS"));
    String svg = Files.readString(folder.resolve("influence.svg"));
    assertTrue(svg.contains("Influence of tokens in softmax-form"));
    assertTrue(ImageIO.read(folder.resolve("influence.png").toFile()).getWidth() > 100);
    assertTrue(out.toString().contains("influence: how far"));
  }

  @Test
  void sameSeedSameCard() {
    execute("--layer", "softmax");
    String first = out.toString();
    out.getBuffer().setLength(0);
    execute("--layer", "softmax");
    assertEquals(first, out.toString());
  }

  @Test
  void unknownNamesAreRefused() {
    assertEquals(Main.USAGE, execute("--layer", "rnn"));
    assertTrue(err.toString().contains("layer: expected one of [softmax, "), err::toString);
  }
}
