package org.definetti.latent;

import static org.definetti.latent.ContractChecks.answer;
import static org.definetti.latent.ContractChecks.query;
import static org.definetti.latent.ContractChecks.row;
import static org.definetti.latent.ContractChecks.targets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.random.RandomGenerator;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/**
 * Sampler and belief must describe one model.
 *
 * <p>Over sequences drawn from the sampler, the belief's prediction errors have mean zero, are
 * orthogonal to the predictions, and are as large as the predictive covariance says. Comparisons
 * allow 5 standard errors.
 *
 * @param <Z> the type of the latent
 */
public interface SamplerContract<Z> extends ModelUnderTest<Z> {

  private RandomGenerator rng(String purpose) {
    return Seed.of(20_002).child(purpose).generator();
  }

  @Test
  default void samplesHaveTheLengthAndSpaceAskedFor() {
    for (int length : new int[] {0, 1, 6}) {
      Sample<Z> sample = model().sample(length, rng("sample"));
      assertEquals(length, sample.tokens().length());
      assertEquals(model().tokenSpace(), sample.tokens().space());
    }
    assertThrows(IllegalArgumentException.class, () -> model().sample(-1, rng("sample")));
  }

  @Test
  default void equalGeneratorsGiveEqualSamples() {
    assertEquals(
        model().sample(7, rng("sample")).tokens(), model().sample(7, rng("sample")).tokens());
  }

  @Test
  default void prefixesOfSamplesAreNested() {
    Tokens longer = model().sample(9, rng("nested")).tokens();
    assertEquals(longer.prefix(4), model().sample(4, rng("nested")).tokens());
  }

  @Test
  default void queriesAndLabelsHaveTheirShapes() {
    int keyWidth = model().tokenSpace().keyWidth();
    Check.matrix("query", model().drawQuery(rng("query")), 1, keyWidth);
    Check.matrix("label query", model().labelQuery(), 1, keyWidth);
    SimpleMatrix mean = model().prior().predictive(model().labelQuery()).mean();
    double[] label = answer(() -> model().drawLabel(model().drawLatent(rng("z")), rng("y")));
    assertEquals(mean.getNumCols(), label.length);
    assertFalse(model().description().name().isBlank());
  }

  /** The predictive of a masked token is right on average, for two lengths. */
  @Test
  default void maskedTokensAreAsPredicted() {
    Belief<Z> prior = model().prior();
    boolean keys = model().tokenSpace().hasQueries();
    SimpleMatrix before = keys ? null : prior.predictive(model().tokenSpace().emptyQuery()).mean();
    for (int length : new int[] {2, 5}) {
      RandomGenerator rng = rng("masked " + length);
      Residuals residuals = new Residuals("masked token after " + length + " tokens");
      for (int n = 0; n < sequences(); n++) {
        Tokens tokens = model().sample(length + 1, rng).tokens();
        SimpleMatrix query = query(model(), tokens, length);
        Predictive predictive = prior.observe(tokens.prefix(length)).predictive(query);
        double[] value = row(targets(model(), tokens), length);
        SimpleMatrix unseen = before == null ? prior.predictive(query).mean() : before;
        residuals.add(value, row(predictive.mean(), 0), row(unseen, 0));
        residuals.addSpread(value, predictive);
      }
      residuals.check();
    }
  }

  /** E[y | X] is the predictive mean at the label query, for two lengths. */
  @Test
  default void labelsAreAsPredicted() {
    Belief<Z> prior = model().prior();
    SimpleMatrix query = model().labelQuery();
    SimpleMatrix before = prior.predictive(query).mean();
    for (int length : new int[] {1, 4}) {
      RandomGenerator rng = rng("label " + length);
      Residuals residuals = new Residuals("label after " + length + " tokens");
      for (int n = 0; n < sequences(); n++) {
        Sample<Z> sample = model().sample(length, rng);
        SimpleMatrix mean = prior.observe(sample.tokens()).predictive(query).mean();
        double[] label = answer(() -> model().drawLabel(sample.latent(), rng));
        residuals.add(label, row(mean, 0), row(before, 0));
      }
      residuals.check();
    }
  }
}
