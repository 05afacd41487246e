package org.definetti.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CurveTest {

  /** The quantile 0.975 of Student's t with two degrees of freedom, from printed tables. */
  private static final double T_2 = 4.302653;

  private static final double TABLE_DIGITS = 1e-6;

  private static Results results(String... values) {
    List<Cell> cells =
        List.of(
            Cell.of("model", "m").with("heads", "4").with("seed", "0"),
            Cell.of("model", "m").with("heads", "4").with("seed", "1"),
            Cell.of("model", "m").with("heads", "4").with("seed", "2"));
    Plan plan = Plan.of("0.1", Map.of(), "length", cells);
    return Runner.withDefaults()
        .withThreads(1)
        .execute(
            plan,
            cell ->
                CellResult.of(
                    new CellPoint(
                        8,
                        Map.of(
                            "gap",
                            new Estimate(
                                Double.parseDouble(values[Integer.parseInt(cell.axis("seed"))]),
                                0.5,
                                10)))));
  }

  @Test
  void pooledOverSeedsByHand() {
    Curve curve = results("1", "2", "6").curves().get(0);
    CurvePoint point = curve.points().get(0);
    assertEquals(3, point.mean());
    double error = Math.sqrt(7.0 / 3);
    assertEquals(error, point.standardError(), 1e-15);
    assertEquals(3 - T_2 * error, point.interval().low(), TABLE_DIGITS * 2);
    assertEquals(30, point.count());
  }

  @Test
  void filesByHand() {
    Results results = results("1", "1", "1");
    assertEquals(
        "model,attention,origin,objective,train_length,metric,axis,value,fixed,mean,"
            + "standard_error,low,high,count\nm,,,,,gap,length,8,heads=4,1,0,1,1,30\n",
        ResultFiles.curves(results.curves()));
    String key = results.plan().cells().get(0).key();
    assertEquals(
        "{\"key\":\""
            + key
            + "\",\"axes\":{\"model\":\"m\",\"heads\":\"4\",\"seed\":\"0\",\"length\":\"8\"},"
            + "\"metrics\":{\"gap\":{\"mean\":1.0,\"standard_error\":0.5,\"count\":10}}}",
        ResultFiles.cells(List.of(results)).lines().findFirst().orElseThrow());
  }

  @Test
  void slopesHaveTheColumnsOfTheDocumentation() {
    assertEquals(
        "model,attention,origin,objective,train_length,metric,axis,fixed,from,to,slope,low,high,"
            + "predicted,verdict\n",
        ResultFiles.slopes(List.of()));
  }

  @Test
  void oneSeedUsesTheErrorWithinIt() {
    CurveKey key = new CurveKey(Map.of("model", "m"), "gap", "length");
    Curve curve =
        new Curve(
            key, List.of(8.0), List.of(new SeedCurve("0", List.of(new Estimate(1, 0.5, 10)))));
    assertEquals(0.5, curve.points().get(0).standardError());
  }

  @Test
  void keyOfACellDoesNotDependOnTheOrderOfItsAxes() {
    Cell one = Cell.of("a", "1").with("b", "2");
    Cell other = Cell.of("b", "2").with("a", "1");
    assertEquals(one, other);
    assertEquals(one.key(), other.key());
    assertNotEquals(one.key(), Cell.of("a", "12").with("b", "").key());
    // printf '1:a1:11:b1:2' | sha256sum
    assertEquals("4016e0316f40793b", one.key());
  }

  @Test
  void planRefusesTheSameCellTwiceAndTheSweptAxis() {
    Cell cell = Cell.of("length", "8");
    assertThrows(
        IllegalArgumentException.class,
        () -> Plan.of("0.1", Map.of(), "seed", List.of(cell, cell)));
    assertThrows(
        IllegalArgumentException.class, () -> Plan.of("0.1", Map.of(), "length", List.of(cell)));
  }

  @Test
  void fieldsAreQuotedWhereNeeded() {
    Csv csv = Csv.withColumns("a", "b").row("x,y", "say \"z\"").row(Double.NaN, 0.1);
    assertEquals("a,b\n\"x,y\",\"say \"\"z\"\"\"\n,0.1\n", csv.text());
    assertEquals(
        "{\"a\":\"x,y\",\"b\":\"say \\\"z\\\"\"}\n{\"a\":null,\"b\":0.1}\n", csv.jsonLines());
    assertThrows(IllegalArgumentException.class, () -> csv.row("x"));
  }

  @Test
  void linesOfJsonHoldNumbersTextsAndNothing() {
    Csv csv =
        Csv.withColumns("a", "b", "c").row(128.0, "", 7).row(-1e-12, Double.NEGATIVE_INFINITY, "7");
    assertEquals(
        "{\"a\":128,\"b\":null,\"c\":7}\n{\"a\":-1.0E-12,\"b\":\"-Infinity\",\"c\":\"7\"}\n",
        csv.jsonLines());
  }

  @Test
  void meanOfTrialsByHand() {
    Estimate estimate = Estimate.of(0, 2, 4);
    assertEquals(new Estimate(2, Math.sqrt(8.0 / 2 / 3), 3), estimate);
  }
}
