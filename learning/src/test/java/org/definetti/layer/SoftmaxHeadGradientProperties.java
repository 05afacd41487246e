package org.definetti.layer;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.definetti.attention.SoftmaxHead;
import org.definetti.engine.Widths;
import org.definetti.random.Seed;

/** The float32 layer against the double-precision reference head, on random shapes. */
class SoftmaxHeadGradientProperties {

  /**
   * Of the parameters: makes logits of order one. Larger ones carry errors in proportion, which the
   * bounds do not know of: at scale 1 about one random shape in 300 goes beyond them, whichever the
   * kernels.
   */
  private static final double SCALE = 0.5;

  @Property(tries = 60, seed = "20261121")
  void outputAndGradientAgreeWithTheReference(
      @ForAll @IntRange(min = 1, max = 9) int keyWidth,
      @ForAll @IntRange(min = 1, max = 5) int valueWidth,
      @ForAll @IntRange(min = 1, max = 5) int headWidth,
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll boolean nullToken,
      @ForAll boolean identityValues,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    int target = identityValues ? valueWidth : 1 + seed % 3;
    SoftmaxHeadLayer layer =
        SoftmaxHeadLayer.of(new Widths(keyWidth, valueWidth, target)).withHeadWidth(headWidth);
    layer = identityValues ? layer.withIdentityValues() : layer.withMapWidth(1 + seed % 4);
    layer = nullToken ? layer.withNullToken() : layer;
    GradientCheck.check(
        layer, nullToken ? 0 : 1, length, SCALE, SoftmaxHead::of, Seed.of(seed).generator());
  }
}
