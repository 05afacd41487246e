package org.definetti.lab.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.derivation.Derivation;
import org.definetti.engine.Batch;
import org.definetti.lab.oracle.JointGaussian;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchFillingTest {

  // cond(κ(K, K) + λ I) is about 1e4: kernel ridge and the joint Gaussian share no rounding.
  private static final double IDENTITY = 1e-10;

  private static final PatchFilling TASK = PatchFilling.of(8, 0.15, 0.15, 0.01);

  private static Picture drawn(int index) {
    return new MaskedPatches(TASK, 2, 4, Seed.of(5))
        .draw(Seed.of(6).child("picture").child(index).generator());
  }

  private static PatchMask mask(int index) {
    return PatchMask.draw(8, 2, 4, Seed.of(6).child("mask").child(index).generator());
  }

  private static double kernel(int a, int b) {
    double down = Math.PI * (a / 8 - b / 8) / 8;
    double across = Math.PI * (a % 8 - b % 8) / 8;
    double squared = 4 - 2 * Math.cos(down) - 2 * Math.cos(across);
    return 0.15 * (Math.exp(-squared / (2 * 0.15)) + 1);
  }

  @Test
  void exactAndKernelRidgeAreTheConditionalMeanOfTheJointGaussian() {
    Picture picture = drawn(0);
    PatchMask mask = mask(0);
    List<Integer> seen = mask.visible();
    JointGaussian joint =
        JointGaussian.observed(
            seen.size(), (i, j) -> kernel(seen.get(i), seen.get(j)) + (i == j ? 0.01 : 0));
    double[] values = seen.stream().mapToDouble(picture::at).toArray();
    double[] expected = new double[mask.hidden().size()];
    for (int i = 0; i < expected.length; i++) {
      int pixel = mask.hidden().get(i);
      double[] cross = seen.stream().mapToDouble(other -> kernel(pixel, other)).toArray();
      expected[i] = JointGaussian.dot(joint.weights(cross), values);
    }
    Tokens tokens = TASK.tokens(picture, seen);
    Attention cme = Derivation.of(TASK.model()).attention();
    assertEquals("cme", Derivation.of(TASK.model()).form());
    assertArrayEquals(expected, TASK.exact(tokens, mask.hidden()), IDENTITY);
    assertArrayEquals(expected, TASK.attend(cme, tokens, mask.hidden()), IDENTITY);
  }

  @Test
  void trainingBringsAHeadBetweenTheMeanAndThePosterior() {
    TrainingOptions options = TrainingOptions.withDefaults().withSteps(250).withLearningRate(0.1);
    Attention head = TASK.train(2, 4, options, Seed.of(1));
    Attention mean = (queries, context) -> averages(queries.getNumRows(), context.values());
    double[] errors = new double[3];
    double gap = 0;
    // 100 pictures of 16 hidden pixels, the same for all: ratios are known to a few per cent.
    for (int i = 0; i < 100; i++) {
      Picture picture = drawn(i);
      PatchMask mask = mask(i);
      Tokens seen = TASK.tokens(picture, mask.visible());
      Picture exact = picture.with(mask.hidden(), TASK.exact(seen, mask.hidden()));
      Picture trained = picture.with(mask.hidden(), TASK.attend(head, seen, mask.hidden()));
      Picture flat = picture.with(mask.hidden(), TASK.attend(mean, seen, mask.hidden()));
      errors[0] += exact.squaredGap(picture, mask.hidden()) / 100;
      errors[1] += trained.squaredGap(picture, mask.hidden()) / 100;
      errors[2] += flat.squaredGap(picture, mask.hidden()) / 100;
      gap += trained.squaredGap(exact, mask.hidden()) / 100;
      assertShuffling(head, picture, mask);
    }
    assertTrue(errors[0] < 0.93 * errors[1], errors[0] + " " + errors[1]);
    assertTrue(errors[1] < 0.93 * errors[2], errors[1] + " " + errors[2]);
    // Pythagoras: what is not known is orthogonal to any function of what is seen.
    assertEquals(1, (errors[0] + gap) / errors[1], 0.1);
  }

  private static SimpleMatrix averages(int rows, SimpleMatrix values) {
    return SimpleMatrix.filled(rows, 1, values.elementSum() / values.getNumElements());
  }

  /** Shuffling the pairs changes nothing; shuffling positions against values does. */
  private static void assertShuffling(Attention head, Picture picture, PatchMask mask) {
    List<Integer> shuffled = new ArrayList<>(mask.visible());
    Collections.rotate(shuffled, 17);
    Collections.reverse(shuffled.subList(0, 20));
    Tokens plain = TASK.tokens(picture, mask.visible());
    Tokens pairs = TASK.tokens(picture, shuffled);
    Tokens positions = TASK.tokens(picture, shuffled, mask.visible());
    Attention cme = Derivation.of(TASK.model()).attention();
    double[][] answers = new double[3][];
    double[][] moved = new double[3][];
    double[][] wrong = new double[3][];
    List<Tokens> all = List.of(plain, pairs, positions);
    for (int i = 0; i < 3; i++) {
      double[][] into = i == 0 ? answers : i == 1 ? moved : wrong;
      into[0] = TASK.exact(all.get(i), mask.hidden());
      into[1] = TASK.attend(cme, all.get(i), mask.hidden());
      into[2] = TASK.attend(head, all.get(i), mask.hidden());
    }
    for (int way = 0; way < 3; way++) {
      assertArrayEquals(answers[way], moved[way], IDENTITY);
      assertTrue(largestGap(answers[way], wrong[way]) > 1e-3, "positions do not matter");
    }
  }

  private static double largestGap(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  @Test
  void batchesAreTheSameInAnyParts() {
    MaskedPatches data = new MaskedPatches(TASK, 2, 4, Seed.of(3));
    Batch whole = data.batch(7);
    int split = 21; // inside the second picture
    for (int[] part : new int[][] {{0, split}, {split, data.batchSize() - split}}) {
      Batch filled = Batch.zeros(data.widths(), part[1], data.maxLength());
      data.fill(7, part[0], filled);
      Batch expected = Batch.zeros(data.widths(), part[1], data.maxLength());
      for (int i = 0; i < part[1]; i++) {
        expected.copySample(i, whole, part[0] + i);
      }
      assertEquals(expected, filled);
    }
    assertNotEquals(whole, data.batch(8));
  }

  @Test
  void masksHideWholePatches() {
    PatchMask mask = mask(3);
    assertEquals(16, mask.hidden().size());
    assertEquals(48, mask.visible().size());
    for (int pixel : mask.hidden()) {
      int corner = pixel / 8 / 2 * 2 * 8 + pixel % 8 / 2 * 2;
      assertTrue(mask.hidden().containsAll(List.of(corner, corner + 1, corner + 8, corner + 9)));
    }
    var rng = Seed.of(1).generator();
    assertThrows(IllegalArgumentException.class, () -> PatchMask.draw(8, 3, 1, rng));
    assertThrows(IllegalArgumentException.class, () -> PatchMask.draw(8, 2, 16, rng));
    assertThrows(IllegalArgumentException.class, () -> PatchMask.draw(8, 2, 0, rng));
  }

  @Test
  void picturesAreReadAndDrawn(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("p.csv"), "0,4,8,16\n16,16,0,0\n");
    List<Picture> pictures = Picture.read(file, 16);
    assertEquals(List.of(Picture.of(0, 0.25, 0.5, 1), Picture.of(1, 1, 0, 0)), pictures);
    PatchMask mask = new PatchMask(2, List.of(3), List.of(0, 1, 2));
    Picture hidden = PictureTable.hide(pictures.get(0), mask);
    String svg = PictureTable.svg(List.of("a", "b"), List.of(List.of(pictures.get(0), hidden)));
    assertTrue(svg.contains(">a</text>") && svg.contains("fill=\"#404040\""), svg);
    assertEquals(1, svg.split("#4fa8e0", -1).length - 1);
    Path bad = Files.writeString(folder.resolve("q.csv"), "0,4,8,16\n1,2,3\n");
    String message =
        assertThrows(IllegalArgumentException.class, () -> Picture.read(bad, 16)).getMessage();
    assertTrue(message.contains("line 2"), message);
  }
}
