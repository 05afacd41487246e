package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
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
    } catch (AssertionError failed) {
      return Outcome.FAILED;
    } catch (Throwable wrong) {
      throw new IllegalStateException("a check must hold, fail or be skipped", wrong);
    }
  }

  private static <Z> Set<String> failures(ExchangeabilityContract<Z> contract) {
    Set<String> failed = new TreeSet<>();
    checks(contract)
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
        orderAnd("A2, A3 of categories"), failures(() -> SequenceContractsTest.HIDDEN_MARKOV));
    assertEquals(
        orderAnd("A2 of others"), failures(() -> SequenceContractsTest.GAUSSIAN_HIDDEN_MARKOV));
  }
}
