package org.definetti.latent.mixture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Sample;
import org.definetti.latent.SequenceContract;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.random.Haar;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Points in the sequence: the contract, the two models it is made of, its symmetry, its edges. */
class ShownAtomsTest implements SequenceContract<ShownAtoms.Scene> {

  private static final double IDENTITY = 1e-12;
  private static final ShownAtoms MODEL = ShownAtoms.of(2, 3, 1.3, 0.6);
  private static final SimpleMatrix POINT = new SimpleMatrix(1, 1, true, 0.0);
  private static final SimpleMatrix MEASUREMENT = new SimpleMatrix(1, 1, true, 1.0);

  @Override
  public LatentModel<ShownAtoms.Scene> model() {
    return MODEL;
  }

  @Override
  public double[] vector(ShownAtoms.Scene latent) {
    return latent.point().getDDRM().data;
  }

  @Override
  public int sequences() {
    return 8_000;
  }

  @Override
  public int draws() {
    return 10_000;
  }

  private static void assertSame(SimpleMatrix expected, SimpleMatrix actual) {
    assertTrue(expected.isIdentical(actual, IDENTITY), () -> expected + " and " + actual);
  }

  /** Returns the vectors of tokens as tokens of another model. */
  private static Tokens vectors(Tokens tokens, RealTokens space) {
    return Tokens.ofRows(space, tokens.values().getDDRM().data);
  }

  @Test
  void withAllPointsShownItIsAChoiceAmongThem() {
    Sample<ShownAtoms.Scene> sample = MODEL.sample(7, Seed.of(1).generator());
    Tokens tokens = sample.tokens();
    GaussianConcepts choice = GaussianConcepts.of(sample.latent().atoms(), 0.6);
    Tokens measured = vectors(tokens.slice(3, 7), choice.tokenSpace());
    Belief<ShownAtoms.Scene> belief = MODEL.prior().observe(tokens);
    var expected = choice.prior().observe(measured).predictive(choice.tokenSpace().emptyQuery());
    assertSame(expected.mean(), belief.mean());
    assertSame(expected.covariance(), belief.predictive(MEASUREMENT).covariance());
    assertEquals(
        choice.prior().observe(measured).logEvidence(),
        belief.logEvidence() - MODEL.prior().observe(tokens.prefix(3)).logEvidence(),
        IDENTITY);
  }

  @Test
  void withNoPointShownItIsAGaussianMean() {
    Tokens tokens = MODEL.sample(8, Seed.of(2).generator()).tokens().slice(3, 8);
    GaussianMean point = GaussianMean.of(2, 1.3, 0.6);
    Belief<SimpleMatrix> expected = point.prior().observe(vectors(tokens, point.tokenSpace()));
    Belief<ShownAtoms.Scene> belief = MODEL.prior().observe(tokens);
    assertSame(expected.mean(), belief.mean());
    assertSame(expected.covariance(), belief.covariance());
    assertEquals(expected.logEvidence(), belief.logEvidence(), IDENTITY);
  }

  /** The next point shown is the measured one with its share of what is not shown. */
  @Test
  void theNextPointMayBeTheOneMeasured() {
    Tokens tokens = MODEL.sample(9, Seed.of(3).generator()).tokens();
    Tokens some = tokens.prefix(1).plus(tokens.slice(3, 9));
    Belief<ShownAtoms.Scene> belief = MODEL.prior().observe(some);
    Tokens next = tokens.slice(1, 2);
    double log = belief.predictive(POINT).logProbability(next.values().getDDRM().data);
    assertEquals(belief.observe(next).logEvidence() - belief.logEvidence(), log, IDENTITY);
  }

  @Test
  void turningEverythingTurnsTheAnswer() {
    RandomGenerator rng = Seed.of(4).generator();
    ShownAtoms model = ShownAtoms.of(5, 4, 1.3, 0.6);
    for (int length : new int[] {2, 6, 11}) {
      Tokens tokens = model.sample(length, rng).tokens();
      for (SimpleMatrix q : List.of(Haar.rotation(5, rng), Haar.reflection(5, rng))) {
        List<Token> turned = new ArrayList<>();
        for (int l = 0; l < length; l++) {
          SimpleMatrix vector = tokens.values().extractVector(true, l).mult(q);
          turned.add(Token.pair(new double[] {tokens.at(l, 0)}, vector.getDDRM().data));
        }
        Belief<ShownAtoms.Scene> here = model.prior().observe(tokens);
        Belief<ShownAtoms.Scene> there =
            model.prior().observe(Tokens.of(model.tokenSpace(), turned));
        assertSame(here.mean().mult(q), there.mean());
        assertSame(q.transpose().mult(here.covariance()).mult(q), there.covariance());
        assertEquals(here.logEvidence(), there.logEvidence(), 1e-11);
      }
    }
  }

  @Test
  void orderAndRepetitionOfPointsDoNotMatter() {
    Tokens tokens = MODEL.sample(6, Seed.of(5).generator()).tokens();
    Belief<ShownAtoms.Scene> belief = MODEL.prior().observe(tokens);
    Belief<ShownAtoms.Scene> other = MODEL.prior().observe(tokens.permute(5, 2, 0, 4, 1, 3));
    assertSame(belief.mean(), other.mean());
    assertEquals(belief.logEvidence(), other.logEvidence(), IDENTITY);
    Belief<ShownAtoms.Scene> again = belief.observe(tokens.prefix(2));
    assertSame(belief.mean(), again.mean());
    assertEquals(8, again.count());
    Belief<ShownAtoms.Scene> merged =
        MODEL.prior().observe(tokens.prefix(4)).merge(MODEL.prior().observe(tokens.slice(4, 6)));
    assertSame(belief.covariance(), merged.covariance());
    assertEquals(belief.logEvidence(), merged.logEvidence(), IDENTITY);
  }

  @Test
  void sampleTellsWhatComesNext() {
    ShownAtoms.Scene scene = MODEL.sample(2, Seed.of(6).generator()).latent();
    assertEquals(2, scene.shown());
    Tokens next = MODEL.drawTokens(scene, 2, Seed.of(7).generator());
    assertEquals(0, next.at(0, 0));
    assertEquals(1, next.at(1, 0));
    assertEquals(scene.atoms().get(2, 1), next.at(0, 2));
  }

  @Test
  void badInputIsNamed() {
    Tokens shown = MODEL.sample(3, Seed.of(8).generator()).tokens();
    Belief<ShownAtoms.Scene> all = MODEL.prior().observe(shown);
    Tokens fourth =
        Tokens.of(MODEL.tokenSpace(), Token.pair(new double[] {0}, new double[] {1, 2}));
    Tokens odd = Tokens.of(MODEL.tokenSpace(), Token.pair(new double[] {2}, new double[] {1, 2}));
    Belief<ShownAtoms.Scene> others = ShownAtoms.of(2, 3, 1.3, 0.7).prior();
    List<Runnable> calls =
        List.of(
            () -> ShownAtoms.of(0, 1, 1, 1),
            () -> ShownAtoms.of(1, 0, 1, 1),
            () -> ShownAtoms.of(1, 1, 0, 1),
            () -> ShownAtoms.of(1, 1, 1, Double.NaN),
            () -> all.observe(fourth),
            () -> all.observe(odd),
            () -> all.predictive(POINT),
            () -> all.predictive(new SimpleMatrix(1, 1, true, 0.5)),
            () -> all.merge(others),
            () -> new ShownAtoms.Scene(new SimpleMatrix(2, 2), 2, 0),
            () -> new ShownAtoms.Scene(new SimpleMatrix(2, 2), 1, 3));
    for (Runnable call : calls) {
      String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
      assertTrue(message.contains("expected"), message);
    }
    assertEquals(MODEL, ShownAtoms.from(MODEL.description()));
  }
}
