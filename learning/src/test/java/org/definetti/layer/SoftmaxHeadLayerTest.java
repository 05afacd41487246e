package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

class SoftmaxHeadLayerTest {

  private static final Widths WIDTHS = new Widths(3, 2, 2);

  @Test
  void namesAndShapesFollowTheOptions() {
    SoftmaxHeadLayer head = SoftmaxHeadLayer.of(WIDTHS).withHeadWidth(5).withMapWidth(4);
    assertEquals(
        "[query.map, query.bias, key.map, value.map, readout.map, readout.bias]", names(head));
    assertEquals(
        "[query.map, query.bias, key.map, value.map, null.logit, null.value, readout.map,"
            + " readout.bias]",
        names(head.withNullToken()));
    assertEquals(
        "[query.map, query.bias, key.map, null.logit, null.value]",
        names(SoftmaxHeadLayer.of(WIDTHS).withNullToken().withIdentityValues()));
    assertEquals(
        new ParameterShape("value.map", 4, 2), Parameters.zeros(head.shapes()).shape("value.map"));
    assertEquals(
        new ParameterShape("readout.map", 2, 4),
        Parameters.zeros(head.shapes()).shape("readout.map"));
  }

  private static String names(Layer layer) {
    return layer.shapes().stream().map(ParameterShape::name).toList().toString();
  }

  @Test
  void equalByWidthsAndOptionsAndToldApartByText() {
    SoftmaxHeadLayer head = SoftmaxHeadLayer.of(WIDTHS);
    assertEquals(head, SoftmaxHeadLayer.of(WIDTHS));
    assertEquals(head.hashCode(), SoftmaxHeadLayer.of(WIDTHS).hashCode());
    assertNotEquals(head, head.withNullToken());
    assertNotEquals(head.toString(), head.withNullToken().toString());
    assertNotEquals(head.toString(), head.withIdentityValues().toString());
  }

  @Test
  void initialParametersFollowTheSeed() {
    SoftmaxHeadLayer head = SoftmaxHeadLayer.of(WIDTHS).withNullToken();
    Parameters initial = head.initial(Seed.of(1).generator());
    assertEquals(initial, head.initial(Seed.of(1).generator()));
    assertNotEquals(initial, head.initial(Seed.of(2).generator()));
    assertEquals(0.0, initial.matrix("null.logit").get(0, 0));
    assertEquals(0.0, initial.matrix("null.value").get(0, 1));
    Parameters identity = head.withIdentityValues().initial(Seed.of(1).generator());
    assertEquals(0.5, identity.matrix("null.value").get(0, 1));
  }

  /** Five of eight tokens count: outputs and gradient equal those of the five alone, to the bit. */
  @Test
  void paddingChangesNothing() {
    SoftmaxHeadLayer head = SoftmaxHeadLayer.of(WIDTHS).withNullToken();
    Parameters parameters = head.initial(Seed.of(1).generator());
    RandomGenerator rng = Seed.of(2).generator();
    Batch padded = Batch.zeros(WIDTHS, 1, 8);
    for (int j = 0; j < 5; j++) {
      float[] column = j < 3 ? padded.keys(j) : padded.values(j - 3);
      for (int l = 0; l < 8; l++) {
        column[l] = (float) Normal.draw(rng);
      }
    }
    Batch cut = Batch.zeros(WIDTHS, 1, 5);
    for (int j = 0; j < 3; j++) {
      System.arraycopy(padded.keys(j), 0, cut.keys(j), 0, 5);
    }
    for (int j = 0; j < 2; j++) {
      System.arraycopy(padded.values(j), 0, cut.values(j), 0, 5);
    }
    Parameters whole = gradient(head, parameters, padded);
    padded.setLength(0, 5);
    assertEquals(gradient(head, parameters, cut), gradient(head, parameters, padded));
    assertNotEquals(whole, gradient(head, parameters, padded));
    padded.setLength(0, 0);
    gradient(head, parameters, padded); // the null token alone
    SoftmaxHeadLayer plain = SoftmaxHeadLayer.of(WIDTHS);
    Parameters others = plain.initial(Seed.of(1).generator());
    assertThrows(IllegalArgumentException.class, () -> gradient(plain, others, padded));
  }

  private static Parameters gradient(SoftmaxHeadLayer head, Parameters parameters, Batch batch) {
    Workspace workspace = head.workspace(1, batch.length());
    head.prepare(parameters, workspace);
    head.forward(parameters, batch, 0, 1, workspace);
    System.arraycopy(workspace.output(), 0, workspace.outputGradient(), 0, 2);
    Parameters sums = Parameters.zeros(head.sums());
    head.backward(parameters, batch, 0, 1, workspace, sums);
    Parameters gradient = parameters.zeros();
    head.finish(parameters, sums, gradient);
    return gradient;
  }

  @Test
  void refusesWhatDoesNotFit() {
    SoftmaxHeadLayer head = SoftmaxHeadLayer.of(WIDTHS);
    Parameters parameters = head.initial(Seed.of(1).generator());
    Workspace workspace = head.workspace(2, 4);
    Batch batch = Batch.zeros(WIDTHS, 2, 4);
    assertThrows(
        IllegalArgumentException.class,
        () -> head.forward(parameters, batch, 0, 2, workspace),
        "never prepared");
    head.prepare(parameters, workspace);
    head.forward(parameters, batch, 0, 2, workspace);
    assertThrows(
        IllegalArgumentException.class,
        () -> head.withNullToken().forward(parameters, batch, 0, 2, workspace));
    assertThrows(
        ShapeMismatchException.class,
        () -> head.forward(parameters, Batch.zeros(new Widths(3, 2, 1), 2, 4), 0, 2, workspace));
    assertThrows(
        IllegalArgumentException.class,
        () -> head.forward(parameters, Batch.zeros(WIDTHS, 3, 4), 0, 3, workspace));
    assertThrows(
        IllegalArgumentException.class,
        () -> head.forward(parameters, Batch.zeros(WIDTHS, 2, 0), 0, 2, workspace));
    assertThrows(
        ShapeMismatchException.class,
        () -> SoftmaxHeadLayer.of(new Widths(3, 2, 1)).withIdentityValues());
    assertThrows(IllegalArgumentException.class, () -> head.withIdentityValues().withMapWidth(3));
  }
}
