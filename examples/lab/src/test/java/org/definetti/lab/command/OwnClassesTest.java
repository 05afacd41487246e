package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own model, attention and claim, by class name, from a folder and from a jar. */
final class OwnClassesTest {

  /** Gaussian-mean under another name: what it is made of is not the point here. */
  private static final String MODEL =
      """
      package com.acme;

      import java.util.random.RandomGenerator;
      import org.definetti.latent.*;
      import org.definetti.latent.conjugate.GaussianMean;
      import org.ejml.simple.SimpleMatrix;

      final class MyModel implements LatentModel<SimpleMatrix> {
        private final GaussianMean inner = GaussianMean.of(1, 2, 1);

        @Override public TokenSpace tokenSpace() { return inner.tokenSpace(); }
        @Override public Belief<SimpleMatrix> prior() { return inner.prior(); }
        @Override public SimpleMatrix drawLatent(RandomGenerator rng) {
          return inner.drawLatent(rng);
        }
        @Override public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
          return inner.drawToken(latent, rng);
        }
        @Override public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
          return inner.drawLabel(latent, rng);
        }
        @Override public ModelDescription description() { return ModelDescription.of("mine"); }
      }
      """;

  /** Numbers around an unknown point, whose author knows how likely they are and no more. */
  private static final String SAMPLED =
      """
      package com.acme;

      import java.util.random.RandomGenerator;
      import org.definetti.latent.*;
      import org.definetti.latent.numerical.ImportanceSampling;
      import org.definetti.random.*;
      import org.ejml.simple.SimpleMatrix;

      public final class Sampled implements LikelihoodModel<Double> {
        @Override public TokenSpace tokenSpace() { return new RealTokens(1); }
        @Override public Belief<Double> prior() {
          return ImportanceSampling.of(this, Seed.of(7)).withDraws(2000);
        }
        @Override public Double drawLatent(RandomGenerator rng) { return Normal.draw(rng); }
        @Override public Token drawToken(Double z, RandomGenerator rng) {
          return Token.real(z + Normal.draw(rng));
        }
        @Override public double logLikelihood(Double z, Token token) {
          return law(z).logProbability(token.coordinates());
        }
        @Override public Predictive valueLaw(Double z, SimpleMatrix query) { return law(z); }
        private static IsotropicGaussian law(double z) {
          return new IsotropicGaussian(SimpleMatrix.filled(1, 1, z), 1);
        }
      }
      """;

  private static final String POOLING =
      """
      package com.acme;

      import org.definetti.attention.*;
      import org.ejml.simple.SimpleMatrix;

      public final class Pooling implements Attention {
        @Override public SimpleMatrix attend(SimpleMatrix queries, Context context) {
          double mean = context.values().elementSum() / context.length();
          return SimpleMatrix.filled(1, 1, mean);
        }
      }
      """;

  /** Says that its prior is worth three tokens, which is not what its posterior says. */
  private static final String MISTAKEN =
      """
      package com.acme;

      import java.util.random.RandomGenerator;
      import org.definetti.latent.*;
      import org.definetti.latent.conjugate.GaussianMean;
      import org.ejml.simple.SimpleMatrix;

      public final class Mistaken implements ConjugateModel<SimpleMatrix> {
        private final GaussianMean inner = GaussianMean.of(1, 2, 1);

        @Override public TokenSpace tokenSpace() { return inner.tokenSpace(); }
        @Override public double priorCount() { return 3; }
        @Override public Belief<SimpleMatrix> prior() { return inner.prior(); }
        @Override public SimpleMatrix priorMean() { return inner.priorMean(); }
        @Override public Belief<SimpleMatrix> posterior(double count, SimpleMatrix sum) {
          return inner.posterior(count, sum);
        }
        @Override public SimpleMatrix drawLatent(RandomGenerator rng) {
          return inner.drawLatent(rng);
        }
        @Override public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
          return inner.drawToken(latent, rng);
        }
      }
      """;

  private static final String ATTENTION =
      """
      package com.acme;

      import org.definetti.attention.*;
      import org.ejml.simple.SimpleMatrix;

      public final class FirstValue implements Attention {
        @Override public SimpleMatrix attend(SimpleMatrix queries, Context context) {
          return context.values().rows(0, 1);
        }
      }
      """;

  private static final String CLAIM =
      """
      package com.acme;

      import java.time.Duration;
      import java.util.List;
      import org.definetti.experiment.*;
      import org.definetti.random.Seed;

      public final class TwoAndTwo implements Claim {
        @Override public String id() { return "T1"; }
        @Override public String slug() { return "two-and-two"; }
        @Override public String statement() { return "Two and two is four."; }
        @Override public Source source() { return new Source(SourceTag.DERIVED, "arithmetic"); }
        @Override public String prediction() { return "4"; }
        @Override public Duration cost(Budget budget) { return Duration.ZERO; }
        @Override public ClaimResult check(Budget budget, Seed seed, Runner runner) {
          throw new ArithmeticException("the sum does not converge");
        }
      }
      """;

  private static final String BROKEN =
      """
      package com.acme;

      import org.definetti.attention.*;
      import org.ejml.simple.SimpleMatrix;

      public final class Broken implements Attention {
        public Broken(int parameter) {}
        @Override public SimpleMatrix attend(SimpleMatrix queries, Context context) {
          return queries;
        }
      }
      """;

  private static final String WIDE =
      """
      package com.acme;

      import org.definetti.attention.*;
      import org.ejml.simple.SimpleMatrix;

      public final class Wide implements Attention {
        @Override public SimpleMatrix attend(SimpleMatrix queries, Context context) {
          return new SimpleMatrix(1, 7);
        }
      }
      """;

  @TempDir static Path folder;

  @TempDir Path out;

  @BeforeAll
  static void compile() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("sources"));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String path = System.getProperty("surefire.test.class.path");
    for (String text : List.of(MODEL, SAMPLED, POOLING, MISTAKEN, ATTENTION, CLAIM, BROKEN, WIDE)) {
      String name = text.replaceAll("(?s).*final class (\\w+).*", "$1");
      Path source = Files.writeString(sources.resolve(name + ".java"), text);
      int result =
          compiler.run(
              null,
              null,
              null,
              "-proc:none",
              "-cp",
              path == null ? System.getProperty("java.class.path") : path,
              "-d",
              classes.toString(),
              source.toString());
      assertEquals(0, result, name);
    }
    try (OutputStream file = Files.newOutputStream(folder.resolve("mine.jar"));
        JarOutputStream jar = new JarOutputStream(file);
        Stream<Path> found = Files.walk(classes)) {
      for (Path entry : found.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(entry).toString()));
        Files.copy(entry, jar);
      }
    }
  }

  private static Path classes(String name) {
    return folder.resolve(name);
  }

  @Test
  void ownModelIsSampledAndUnderstood() {
    Path data = out.resolve("data.csv");
    for (String from : List.of("classes", "mine.jar")) {
      Object[] sample = {
        "sample",
        "--model=com.acme.MyModel",
        "--class-path=" + classes(from),
        "--length=3",
        "--out=" + data
      };
      assertEquals(0, Console.run(sample).code());
      Console posterior =
          Console.run(
              "posterior",
              "--model=com.acme.MyModel",
              "--class-path=" + classes(from),
              "--data=" + data);
      assertEquals(0, posterior.code(), posterior.err());
      // It declares no family, so no attention is derived from it: the last column is empty.
      assertTrue(
          posterior.out().lines().anyMatch(l -> l.matches("0,3,predictive-mean,0,[^,]+,")),
          posterior.out());
    }
  }

  @Test
  void whatAnOwnModelDeclaresIsCheckedAgainstItsPosterior() {
    String path = "--class-path=" + classes("classes");
    Console mistaken = Console.run("derive", "--model=com.acme.Mistaken", path);
    assertEquals(1, mistaken.code(), mistaken.err());
    String result = "NOT equal within 1e-10; the control is caught";
    assertTrue(mistaken.out().contains(result), mistaken.out());
    Console undeclared = Console.run("derive", "--model=com.acme.MyModel", path);
    assertEquals(0, undeclared.code(), undeclared.err());
    assertTrue(undeclared.out().contains("no attention: mine declares no law"), undeclared.out());
    Console sampled = Console.run("derive", "--model=com.acme.Sampled", "--lengths=4", path);
    assertEquals(0, sampled.code(), sampled.err());
    String doubt = "the exact answers are numerical and may themselves be off by 0.";
    assertTrue(sampled.out().contains(doubt), sampled.out());
  }

  @Test
  void ownAttentionIsSweptBesideTheOthers() {
    Object[] sweep = {
      "sweep",
      "--model=gaussian-mean",
      "--attention=com.acme.FirstValue,mean-pooling",
      "--class-path=" + classes("classes"),
      "--lengths=2,4",
      "--seeds=2",
      "--sequences=5",
      "--out=" + out.resolve("run")
    };
    Console console = Console.run(sweep);
    assertEquals(0, console.code(), console.err());
    assertTrue(console.out().contains("FirstValue:given, masked, squared-gap"), console.out());
    assertTrue(console.out().contains("mean-pooling:derived"), console.out());
  }

  @Test
  void ownModelIsSwept() {
    Console console =
        Console.run(
            "sweep",
            "--model=com.acme.MyModel",
            "--attention=com.acme.FirstValue",
            "--class-path=" + classes("mine.jar"),
            "--lengths=2",
            "--seeds=2",
            "--sequences=5",
            "--out=" + out.resolve("run"));
    assertEquals(0, console.code(), console.err());
    assertTrue(console.out().contains("FirstValue:given"), console.out());
  }

  /** 2,000 draws are too few for a gap of 1/L²: marked wherever it is shown, and not judged. */
  @Test
  void whatTheDrawsAreTooFewForIsMarkedAndNotJudged() throws Exception {
    Object[] sweep = {
      "sweep",
      "--model=com.acme.Sampled",
      "--attention=com.acme.Pooling",
      "--class-path=" + classes("classes"),
      "--lengths=32,64,128",
      "--seeds=3",
      "--sequences=10",
      "--quiet",
      "--expect=squared-gap ~ L^-2 ± 9 over 32..128", // so wide that any slope would be confirmed
      "--out=" + out.resolve("run")
    };
    Console console = Console.run(sweep);
    assertEquals(1, console.code(), console.err());
    String why = "the exact answers are not exact enough";
    assertTrue(console.out().contains("INCONCLUSIVE  Pooling:given"), console.out());
    assertTrue(console.out().contains(why), console.out());
    assertTrue(console.out().contains("? the exact answers' own error"), console.out());
    List<String> cells = Files.readAllLines(out.resolve("run/cells.jsonl"));
    assertTrue(cells.stream().allMatch(line -> line.endsWith(",\"mark\":\"oracle-error\"}")));
    for (String line : Files.readAllLines(out.resolve("run/curves.csv"))) {
      boolean gap = line.contains(",squared-gap,") || line.contains(",excess-risk,");
      assertEquals(gap, line.endsWith(",oracle-error"), line);
    }
    assertTrue(Files.readString(out.resolve("run/slopes.csv")).contains(",INCONCLUSIVE\n"));
    assertTrue(Files.readString(out.resolve("run/verdicts.csv")).contains(why));
    String page = Files.readString(out.resolve("run/report.html"));
    assertTrue(page.contains("squared gap at length 32, 64, 128: nothing is confirmed"));
    assertTrue(page.contains(why));
  }

  @Test
  void aModelWithoutDerivationNeedsAnAttention() {
    Console console =
        Console.run(
            "sweep",
            "--model=com.acme.MyModel",
            "--class-path=" + classes("classes"),
            "--out=" + out.resolve("run"));
    assertEquals(2, console.code(), console.err());
    assertTrue(console.err().contains("attention: expected one, such as softmax:trained or a"));
  }

  /** The predictions of a network are held against the same yardstick. */
  @Test
  void scoresAreMarkedToo() throws Exception {
    Path data = out.resolve("data.csv");
    StringBuilder tokens = new StringBuilder("sequence,x1\n");
    StringBuilder predictions = new StringBuilder("sequence,y1\n");
    for (int s = 0; s < 8; s++) {
      int length = s % 2 == 0 ? 32 : 64;
      tokens.append((s + ",0.5\n").repeat(length));
      predictions.append(s).append(",0.5\n");
    }
    Files.writeString(data, tokens);
    Files.writeString(out.resolve("predictions.csv"), predictions);
    Console console =
        Console.run(
            "score",
            "--model=com.acme.Sampled",
            "--class-path=" + classes("classes"),
            "--data=" + data,
            "--predictions=" + out.resolve("predictions.csv"),
            "--expect=squared-gap ~ L^-2 ± 9 over 32..64",
            "--out=" + out.resolve("run"));
    assertEquals(1, console.code(), console.err());
    assertTrue(console.out().contains("INCONCLUSIVE  predictions:given"), console.out());
    assertTrue(Files.readString(out.resolve("run/curves.csv")).contains(",oracle-error\n"));
  }

  private Console refused(String attention, int code) {
    Console console =
        Console.run(
            "sweep",
            "--model=gaussian-mean",
            "--attention=" + attention,
            "--class-path=" + classes("classes"),
            "--lengths=2",
            "--seeds=2",
            "--out=" + out.resolve("run"));
    assertEquals(code, console.code(), console.err());
    assertEquals(1, console.err().lines().count(), console.err());
    return console;
  }

  @Test
  void whatIsNoAttentionIsRefused() {
    assertTrue(refused("com.acme.Missing", 2).err().contains("attention: expected a class on"));
    assertTrue(refused("com.acme.MyModel", 2).err().contains("expected a class that is a"));
    assertTrue(refused("com.acme.Broken", 2).err().contains("constructor without arguments"));
    assertTrue(refused("com.acme.Wide", 2).err().contains("expected an output of shape (1, 1)"));
  }

  @Test
  void numericalFailureOfAnOwnClaimIsThree() {
    Console console =
        Console.run(
            "verify",
            "com.acme.TwoAndTwo",
            "--class-path=" + classes("classes"),
            "--quiet",
            "--out=" + out.resolve("run"));
    assertEquals(3, console.code(), console.err());
    assertEquals("definetti: the sum does not converge\n", console.err());
  }
}
