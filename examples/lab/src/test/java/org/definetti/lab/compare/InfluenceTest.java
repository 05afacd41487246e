package org.definetti.lab.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.engine.Parameters;
import org.definetti.experiment.Estimate;
import org.definetti.layer.ConvolutionLayer;
import org.definetti.layer.Layer;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

/** Influence profiles against closed forms. */
final class InfluenceTest {

  private static final Seed SEED = Seed.of(21);

  /**
   * A posterior mean of n tokens has the weights 1 / (n + s2), and a new token differs from the old
   * one by 2 (1 + s2) in the mean square. At most 4.5 standard errors, 8 times: below 1e-4.
   */
  @Test
  void aMeanHasALevelProfile() {
    MeanTask task = new MeanTask(2, 3);
    List<Estimate> profile = Influence.of(task, Sight.everything(), 8, 4000, SEED);
    assertEquals(8, profile.size());
    double exact = 2 * 2 * (1 + 3.0) / ((8 + 3) * (8 + 3));
    for (Estimate influence : profile) {
      assertEquals(exact, influence.mean(), 4.5 * influence.standardError());
    }
  }

  /** One relevant token: all influence is at its lag; a window short of it has none at all. */
  @Test
  void oneRelevantTokenHasAllTheInfluence() {
    LagTask task = new LagTask();
    List<Estimate> profile = Influence.of(task, Sight.everything(), 3, 100, SEED);
    for (int k = 1; k <= profile.size(); k++) {
      assertEquals(k == 3, profile.get(k - 1).mean() > 0);
    }
    assertTrue(
        Influence.of(task, Sight.window(2), 3, 100, SEED).stream().allMatch(e -> e.mean() == 0));
  }

  /** A causal convolution is exactly zero beyond its reach and not within. */
  @Test
  void aConvolutionEndsAtItsReach() {
    LagTask task = new LagTask();
    Layer layer = ConvolutionLayer.of(task.widths());
    Parameters parameters = layer.initial(SEED.generator());
    Network network = new Network(task, layer, parameters, 0, 0);
    List<Estimate> profile = Influence.of(network, 2, 20, SEED);
    int reach = 0;
    for (int k = 1; k <= profile.size(); k++) {
      reach = profile.get(k - 1).mean() > 0 ? k : reach;
    }
    assertEquals(4, reach);
  }
}
