package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.definetti.audit.Coherence;
import org.definetti.audit.Exchangeability;
import org.definetti.latent.sequence.AutoRegression;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.latent.sequence.IndexTied;
import org.definetti.latent.sequence.Urn;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.TestAbortedException;

/** The controls of exchangeability fail the checks they are built to fail, and no others. */
class SequenceControlsTest {

  private static final Set<String> ALL_OF_ORDER =
      Set.of("draws", "order", "merge", "A1", "A3", "density");

  /** The checks with fewer draws than a model that is to pass deserves. */
  private record Quick<Z>(LatentModel<Z> model) implements ExchangeabilityContract<Z> {

    @Override
    public int draws() {
      return 5_000;
    }

    @Override
    public int sequences() {
      return 10_000;
    }
  }

  private enum Outcome {
    HELD,
    FAILED,
    SKIPPED
  }

  // The checks that exchangeability adds, by a short name.
  private static <Z> Map<String, Executable> checks(ExchangeabilityContract<Z> contract) {
    Map<String, Executable> checks = new LinkedHashMap<>();
    checks.put("draws", contract::tokensAreDrawnOneByOne);
    checks.put("order", contract::orderOfTokensDoesNotMatter);
    checks.put("merge", contract::mergingCountsThePriorOnce);
    checks.put("A1", contract::probabilityDoesNotDependOnOrder);
    checks.put("A2, A3 of categories", contract::predictionsOfCategoriesAreCoherent);
    checks.put("A2 of others", contract::predictionsAreAMartingale);
    checks.put("A3", contract::nextTwoTokensAreSymmetric);
    checks.put("A4", contract::tokensDoNotRepelEachOther);
    checks.put("density", contract::densitiesAndEvidenceFitTogether);
    checks.put("Bayes", contract::densityObeysBayesRule);
    return checks;
  }

  private static Outcome outcome(Executable check) {
    try {
      check.execute();
      return Outcome.HELD;
    } catch (TestAbortedException skipped) {
      return Outcome.SKIPPED;
    } catch (AssertionError | UnsupportedOperationException failed) {
      return Outcome.FAILED; // a belief that refuses to merge is no set of evidence
    } catch (Throwable wrong) {
      throw new IllegalStateException("a check must hold, fail or be skipped", wrong);
    }
  }

  private static <Z> Set<String> failures(LatentModel<Z> model) {
    Set<String> failed = new TreeSet<>();
    checks(new Quick<>(model))
        .forEach(
            (name, check) -> {
              if (outcome(check) == Outcome.FAILED) {
                failed.add(name);
              }
            });
    return failed;
  }

  private static Set<String> orderAnd(String... more) {
    Set<String> names = new TreeSet<>(ALL_OF_ORDER);
    names.addAll(Set.of(more));
    return names;
  }

  @Test
  void aHiddenMarkovModelFailsTheOrder() {
    assertEquals(
        orderAnd("A2, A3 of categories"), failures(SequenceContractsTest.HIDDEN_MARKOV));
    assertEquals(
        orderAnd("A2 of others"), failures(SequenceContractsTest.GAUSSIAN_HIDDEN_MARKOV));
  }

  @Test
  void aMarkovChainFailsTheOrder() {
    assertEquals(
        orderAnd("A2, A3 of categories", "A4"), // neighbours differ oftener than by chance
        failures(SequenceContractsTest.MARKOV_CHAIN));
  }

  @Test
  void anAutoregressionFailsTheOrder() {
    assertEquals(
        orderAnd("A2 of others"), failures(SequenceContractsTest.AUTO_REGRESSION));
  }

  @Test
  void indexTiedPositionsFailTheOrder() {
    assertEquals(
        orderAnd("A2, A3 of categories", "A4"), // what is likely first is unlikely second
        failures(SequenceContractsTest.INDEX_TIED));
  }

  @Test
  void anUrnIsExchangeableButHasNoLatent() {
    assertEquals(Set.of("A4", "density", "draws"), failures(SequenceContractsTest.URN));
  }

  /** The controls of the controls: the same classes, set so that order stops to matter. */
  @Test
  void withoutMemoryTheyAreExchangeable() {
    assertEquals(Set.of(), failures(AutoRegression.of(0, 1.3, 0.4)));
    IndexTied free =
        IndexTied.of(
            SequenceContractsTest.row(0.3, 0.7),
            List.of(SequenceContractsTest.INDEX_TIED.law(0)));
    assertEquals(Set.of("merge"), failures(free)); // refused, as an index is still counted
  }

  /** An autoregression that swings repels its neighbours too. */
  @Test
  void aSwingingAutoregressionFailsA4() {
    AutoRegression swinging = AutoRegression.of(-0.8, 0.1, 1);
    assertTrue(failures(swinging).contains("A4"));
  }

  /** A1 to A3 by the audits alone, with how much they find. */
  @Test
  void theAuditsMeasureTheViolation() {
    RandomGenerator rng = Seed.of(3).generator();
    HiddenMarkov hidden = SequenceContractsTest.HIDDEN_MARKOV;
    IndexTied tied = SequenceContractsTest.INDEX_TIED;
    Urn urn = SequenceContractsTest.URN;
    for (LatentModel<?> model : List.of(hidden, tied)) {
      Tokens tokens = model.sample(6, rng).tokens();
      double order =
          Exchangeability.largestGap(
              tokens, 20, rng, x -> model.prior().observe(x).logEvidence());
      assertTrue(order > 0.1, model + ", A1: " + order);
      double martingale = Coherence.martingaleGap(tokens, x -> next(model, x));
      double symmetry = Coherence.symmetryGap(tokens, x -> next(model, x));
      assertTrue(martingale > 0.01, model + ", A2: " + martingale);
      assertTrue(symmetry > 0.01, model + ", A3: " + symmetry);
    }
    Tokens balls = urn.sample(6, rng).tokens();
    assertTrue(
        Exchangeability.largestGap(balls, 20, rng, x -> urn.prior().observe(x).logEvidence())
            <= 1e-12);
    assertTrue(Coherence.martingaleGap(balls, x -> next(urn, x)) <= 1e-12);
    assertTrue(Coherence.symmetryGap(balls, x -> next(urn, x)) <= 1e-12);
  }

  private static SimpleMatrix next(LatentModel<?> model, Tokens seen) {
    return model.prior().observe(seen).predictive(model.tokenSpace().emptyQuery()).mean();
  }
}
