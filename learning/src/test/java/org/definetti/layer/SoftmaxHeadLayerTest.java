package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
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

  @Test
  void refusesWhatDoesNotFit() {
    SoftmaxHeadLayer head = SoftmaxHeadLayer.of(WIDTHS);
    Parameters parameters = head.initial(Seed.of(1).generator());
    Workspace workspace = head.workspace(2, 4);
    Batch batch = Batch.zeros(WIDTHS, 2, 4);
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
