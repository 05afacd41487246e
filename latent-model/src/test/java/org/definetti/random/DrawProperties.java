package org.definetti.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for every argument and seed. */
class DrawProperties {

  @Property(seed = "101")
  void childrenAreNotTheParentNorOfTheOtherKind(@ForAll long value, @ForAll long number) {
    Seed seed = Seed.of(value);
    assertNotEquals(seed, seed.child(number));
    assertNotEquals(seed.child(number), seed.child(Long.toString(number)));
    assertNotEquals(seed.child(number), seed.child(number + 1));
  }

  @Property(seed = "102")
  void namesOfAnyTextAreStable(@ForAll String name, @ForAll String other) {
    Seed seed = Seed.of(5);
    assertEquals(seed.child(name), seed.child(new String(name.toCharArray())));
    if (!name.equals(other)) {
      assertNotEquals(seed.child(name), seed.child(other));
    }
  }

  @Property(seed = "103")
  void gammaAndItsLogarithmAgree(
      @ForAll long value, @ForAll @DoubleRange(min = 0.5, max = 1e6) double shape) {
    double draw = Gamma.draw(shape, Seed.of(value).generator());
    double log = Gamma.drawLog(shape, Seed.of(value).generator());
    assertTrue(draw > 0);
    assertEquals(Math.log(draw), log, 1e-13 * Math.max(1, Math.abs(log)));
  }

  @Property(seed = "104")
  void betaLiesInTheUnitInterval(
      @ForAll long value,
      @ForAll @IntRange(min = -299, max = 300) int a,
      @ForAll @IntRange(min = -299, max = 300) int b) {
    double draw = Beta.draw(Math.pow(10, a), Math.pow(10, b), Seed.of(value).generator());
    assertTrue(draw >= 0 && draw <= 1);
  }

  @Property(seed = "105")
  void dirichletLiesOnTheSimplex(
      @ForAll long value,
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = -299, max = 10) Integer> exponents) {
    double[] draw = Dirichlet.draw(powers(exponents), Seed.of(value).generator());
    assertTrue(Arrays.stream(draw).allMatch(p -> p >= 0 && p <= 1));
    assertEquals(1, Arrays.stream(draw).sum(), 1e-14);
  }

  @Property(seed = "106")
  void sphereFillsOnlyItsPart(
      @ForAll long value,
      @ForAll @IntRange(min = 1, max = 40) int dimension,
      @ForAll @IntRange(max = 5) int offset) {
    double[] out = new double[dimension + 10];
    Sphere.fill(out, offset, dimension, Seed.of(value).generator());
    double squares = 0;
    for (int i = 0; i < out.length; i++) {
      boolean inside = i >= offset && i < offset + dimension;
      assertEquals(inside, out[i] != 0);
      squares += out[i] * out[i];
    }
    assertEquals(1, squares, 1e-14);
  }

  @Property(seed = "107")
  void categoriesOfPositiveProbabilityOnly(
      @ForAll long value,
      @ForAll @Size(min = 2, max = 30) List<@IntRange(min = -5, max = 1) Integer> exponents) {
    double[] probabilities = Dirichlet.draw(powers(exponents), Seed.of(value).generator());
    int category = Categorical.of(probabilities).draw(Seed.of(value).child(1).generator());
    assertTrue(probabilities[category] > 0);
  }

  private static double[] powers(List<Integer> exponents) {
    return exponents.stream().mapToDouble(exponent -> Math.pow(10, exponent)).toArray();
  }
}
