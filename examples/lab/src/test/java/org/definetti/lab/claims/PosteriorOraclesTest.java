package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.definetti.lab.model.BuiltInModel;
import org.definetti.lab.model.Models;
import org.junit.jupiter.api.Test;

final class PosteriorOraclesTest {

  @Test
  void everyModelMeetsItsOracleAndEveryControlIsCaught() {
    PosteriorOracles claim = new PosteriorOracles();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }

  @Test
  void everyModelOfTheCatalogueHasAnOracle() {
    assertEquals(
        Models.ALL.stream().map(BuiltInModel::name).toList(),
        OracleCases.ALL.stream().map(OracleCase::name).toList());
  }
}
