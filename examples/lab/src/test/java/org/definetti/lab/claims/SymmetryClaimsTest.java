package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.SourceTag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The claims on symmetry at smoke budget: every part holds, and every control is caught. */
class SymmetryClaimsTest {

  static Stream<Claim> claims() {
    return Stream.of(
        new OrthogonalEquivariance(),
        new OddParity(),
        new OutputSpan(),
        new GramCoefficients(),
        new CoefficientRecovery(),
        new PolynomialCompleteness(),
        new PolynomialReproduction(),
        new ReflectionsMatter(),
        new FoundSymmetries(),
        new TokenPermutations(),
        new KnowledgePermutations(),
        new MovingCoefficients(),
        new FrozenKnowledge(),
        new FiniteInformationReadings(),
        new RigidMotions(),
        new DefectIsRisk(),
        new ReceptiveFields(),
        new PlantedViolations());
  }

  @ParameterizedTest
  @MethodSource("claims")
  void holdsAtSmoke(Claim claim) {
    ClaimResult result = Smoke.check(claim);
    for (ClaimPart part : result.parts()) {
      assertEquals(Outcome.CONFIRMED, part.verdict().outcome(), part::toString);
    }
    assertTrue(claim.id().matches("S[0-9]+"), claim.id());
    assertTrue(Claims.ALL.stream().anyMatch(c -> c.id().equals(claim.id())), claim.id());
    assertEquals(SourceTag.DERIVED, claim.source().tag(), "no theorem of a paper not read");
  }
}
