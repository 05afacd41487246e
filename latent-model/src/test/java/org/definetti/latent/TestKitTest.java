package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The kit's controls: models that are wrong on purpose must be caught. */
class TestKitTest {

  /** The sampler of one model with the prior belief of another. */
  record Mismatched(LatentModel<SimpleMatrix> sampler, Belief<SimpleMatrix> prior)
      implements LatentModel<SimpleMatrix> {

    @Override
    public TokenSpace tokenSpace() {
      return sampler.tokenSpace();
    }

    @Override
    public SimpleMatrix drawLatent(RandomGenerator rng) {
      return sampler.drawLatent(rng);
    }

    @Override
    public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
      return sampler.drawToken(latent, rng);
    }

    @Override
    public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
      return sampler.drawLabel(latent, rng);
    }
  }

  /** A belief whose evidence or divergence is changed, the rest passed on. */
  record Tampered(Belief<SimpleMatrix> right, UnaryOperator<Double> evidence, double stretch)
      implements Belief<SimpleMatrix> {

    @Override
    public Belief<SimpleMatrix> observe(Tokens tokens) {
      return new Tampered(right.observe(tokens), evidence, stretch);
    }

    @Override
    public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
      return new Tampered(right.merge(((Tampered) other).right), evidence, stretch);
    }

    @Override
    public double count() {
      return right.count();
    }

    @Override
    public Predictive predictive(SimpleMatrix query) {
      return right.predictive(query);
    }

    @Override
    public SimpleMatrix mean() {
      return right.mean();
    }

    @Override
    public SimpleMatrix covariance() {
      return right.covariance();
    }

    @Override
    public double logEvidence() {
      return evidence.apply(right.logEvidence());
    }

    @Override
    public double logDensity(SimpleMatrix latent) {
      return right.logDensity(latent);
    }

    @Override
    public double entropyNats() {
      return right.entropyNats() * stretch;
    }

    @Override
    public double klNats(Belief<SimpleMatrix> other) {
      return right.klNats(((Tampered) other).right) * stretch;
    }

    @Override
    public SimpleMatrix sample(RandomGenerator rng) {
      return right.mean().plus(right.sample(rng).minus(right.mean()).scale(stretch));
    }
  }

  private static final LinearRegression REGRESSION = LinearRegression.of(2, 1, 1, 0.5);

  private static String assertCaught(Executable contract) {
    return assertThrows(AssertionError.class, contract).getMessage();
  }

  private static void assertSays(String expected, String message) {
    assertTrue(message.contains(expected), message);
  }

  private static LatentModelContract<SimpleMatrix> tampered(
      UnaryOperator<Double> evidence, double stretch) {
    return () -> new Mismatched(REGRESSION, new Tampered(REGRESSION.prior(), evidence, stretch));
  }

  @Test
  void aRidgeOffByTwoIsCaught() {
    LatentModel<SimpleMatrix> wrong =
        new Mismatched(REGRESSION, LinearRegression.of(2, 1, 0.5, 0.5).prior());
    LatentModelContract<SimpleMatrix> contract = () -> wrong;
    String masked = assertCaught(contract::maskedTokensAreAsPredicted);
    // With a ridge of 1 for 0.5; the factors are those of 20,000 sequences.
    assertSays("masked token after 2 tokens: the best predictions lie", masked);
    assertSays("the tokens count for too little, so the prior count or the ridge", masked);
    assertSays("times the predicted variance, expected 1: the predictive variance is too", masked);
    assertSays("so the prior or the noise variance is wrong", masked);
    assertSays("the tokens count for too little", assertCaught(contract::labelsAreAsPredicted));
    String calibration = assertCaught(contract::latentsLookLikeDrawsOfThePosterior);
    assertSays("first coordinate of z after 0 tokens", calibration);
    assertSays("expected 50 %", calibration);
    assertSays("the posterior is too narrow", calibration);
  }

  @Test
  void aNoiseOffByTwoIsCaught() {
    LatentModel<SimpleMatrix> wrong =
        new Mismatched(REGRESSION, LinearRegression.of(2, 1, 1, 0.25).prior());
    LatentModelContract<SimpleMatrix> contract = () -> wrong;
    String masked = assertCaught(contract::maskedTokensAreAsPredicted);
    assertSays("the tokens count for too much", masked);
    assertSays("the predictive variance is too small by a factor", masked);
    assertSays(
        "the predictive is too narrow",
        assertCaught(contract::maskedTokensLookLikeDrawsOfThePredictive));
  }

  /** The belief of one model with the mean of another: calibrated in width, not in place. */
  @Test
  void aBiasIsCaught() {
    SimpleMatrix off = new SimpleMatrix(1, 1, true, 0.3);
    LatentModel<SimpleMatrix> wrong =
        new Mismatched(
            GaussianMean.of(1, 1, 0.5), GaussianMean.of(1, 1, 0.5).withPriorMean(off).prior());
    LatentModelContract<SimpleMatrix> contract = () -> wrong;
    assertSays(
        "the predictive mean is too high", assertCaught(contract::maskedTokensAreAsPredicted));
    assertSays(
        "the posterior is too high", assertCaught(contract::latentsLookLikeDrawsOfThePosterior));
  }

  @Test
  void aPriorCountOffByTwoIsCaught() {
    LatentModel<SimpleMatrix> wrong =
        new Mismatched(GaussianMean.of(1, 1, 0.5), GaussianMean.of(1, 0.5, 0.5).prior());
    LatentModelContract<SimpleMatrix> contract = () -> wrong;
    assertCaught(contract::maskedTokensAreAsPredicted);
    assertCaught(contract::labelsAreAsPredicted);
  }

  @Test
  void evidenceWithoutTheNormaliserIsCaught() {
    LatentModelContract<SimpleMatrix> shifted = tampered(log -> log == 0 ? 0 : log + 0.01, 1);
    assertCaught(shifted::evidenceObeysTheChainRule);
    assertCaught(shifted::densitiesAndEvidenceFitTogether);
    tampered(log -> log, 1).evidenceObeysTheChainRule(); // the wrapper itself is innocent
  }

  @Test
  void anEvidenceOfOneForThePriorIsDemanded() {
    assertCaught(tampered(log -> log + 1, 1)::priorHasSeenNothing);
  }

  @Test
  void aSamplerFivePercentTooWideIsCaught() {
    assertCaught(tampered(log -> log, 1.05)::samplesHaveTheBeliefsMoments);
  }

  @Test
  void aDivergenceOrEntropyFivePercentTooLargeIsCaught() {
    assertCaught(tampered(log -> log, 1.05)::divergenceIsTheExpectedLogRatio);
    assertCaught(tampered(log -> log, 1.05)::entropyIsTheExpectedSurprise);
  }

  /** An order-dependent belief: the first token counts twice. */
  record FirstTwice(Belief<SimpleMatrix> right) implements Belief<SimpleMatrix> {

    @Override
    public Belief<SimpleMatrix> observe(Tokens tokens) {
      Tokens seen = right.count() == 0 ? tokens.prefix(1).plus(tokens) : tokens;
      return new FirstTwice(right.observe(seen));
    }

    @Override
    public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
      return new FirstTwice(right.merge(((FirstTwice) other).right));
    }

    @Override
    public double count() {
      return right.count();
    }

    @Override
    public Predictive predictive(SimpleMatrix query) {
      return right.predictive(query);
    }
  }

  @Test
  void dependenceOnOrderIsCaught() {
    LatentModelContract<SimpleMatrix> contract =
        () ->
            new Mismatched(
                GaussianMean.of(1, 1, 1), new FirstTwice(GaussianMean.of(1, 1, 1).prior()));
    assertCaught(contract::orderOfTokensDoesNotMatter);
    assertCaught(contract::mergingCountsThePriorOnce);
  }

  /** A sampler whose shorter draws are not prefixes of its longer ones. */
  record Backwards(LatentModel<SimpleMatrix> right) implements LatentModel<SimpleMatrix> {

    @Override
    public TokenSpace tokenSpace() {
      return right.tokenSpace();
    }

    @Override
    public Belief<SimpleMatrix> prior() {
      return right.prior();
    }

    @Override
    public SimpleMatrix drawLatent(RandomGenerator rng) {
      return right.drawLatent(rng);
    }

    @Override
    public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
      return right.drawToken(latent, rng);
    }

    @Override
    public Tokens drawTokens(SimpleMatrix latent, int length, RandomGenerator rng) {
      Tokens tokens = right.drawTokens(latent, length, rng);
      int[] order = new int[length];
      for (int l = 0; l < length; l++) {
        order[l] = length - 1 - l;
      }
      return tokens.permute(order);
    }
  }

  @Test
  void prefixesThatAreNotNestedAreCaught() {
    LatentModelContract<SimpleMatrix> contract = () -> new Backwards(REGRESSION);
    assertCaught(contract::prefixesOfSamplesAreNested);
    assertCaught(contract::tokensAreDrawnOneByOne);
  }
}
