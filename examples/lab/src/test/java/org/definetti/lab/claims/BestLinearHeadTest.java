package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.latent.Sample;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

final class BestLinearHeadTest {

  private static final int LENGTH = 128;
  private static final int SEQUENCES = 3000;

  // 3000 sequences of four coordinates have a relative deviation of about 1.5 %, and the closed
  // form leaves out terms of order c / L squared, below 1 %. Seed fixed.
  private static final double TOLERANCE = 0.06;

  /** The scale that is best on average is fitted here by least squares on the exact answers. */
  @Test
  void gapIsThatOfTheBestScaleFoundBySampling() {
    double both = 0;
    double ofHead = 0;
    double ofExact = 0;
    for (int s = 0; s < SEQUENCES; s++) {
      Seed seed = Seed.of(2).child(s);
      Sample<SimpleMatrix> sample = SphereRegression.MODEL.sample(LENGTH, seed.generator());
      SimpleMatrix query = SphereRegression.MODEL.drawQuery(seed.child("query").generator());
      SimpleMatrix exact =
          SphereRegression.MODEL.prior().observe(sample.tokens()).predictive(query).mean();
      SimpleMatrix scores = query.mult(sample.tokens().keys().transpose());
      SimpleMatrix out = scores.mult(sample.tokens().values());
      both += out.dot(exact);
      ofHead += out.dot(out);
      ofExact += exact.dot(exact);
    }
    double gap = (ofExact - both * both / ofHead) / SEQUENCES;
    assertEquals(gap, BestLinearHead.gap(LENGTH), TOLERANCE * gap);
  }

  @Test
  void isBetterThanOneSoftmaxHead() {
    assertTrue(BestLinearHead.knee() < BestSoftmaxHead.knee());
    assertTrue(BestLinearHead.gap(1024) < BestSoftmaxHead.gap(1024));
  }
}
