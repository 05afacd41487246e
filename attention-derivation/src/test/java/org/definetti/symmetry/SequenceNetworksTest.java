package org.definetti.symmetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Convolution and recurrence, what they see, and the audits that ask about it. */
class SequenceNetworksTest {

  private final RandomGenerator rng = Seed.of(1717).generator();

  private SimpleMatrix influence(SequenceFunction function, int tokens, int width) {
    return Influence.matrix(AuditPlan.of(tokens, 0, width), 4, rng, function);
  }

  @Test
  void fields() {
    assertEquals(3, ConvolutionNetwork.centred(2, 3, List.of(1), rng).field());
    assertEquals(15, ConvolutionNetwork.centred(2, 3, List.of(1, 2, 4), rng).field());
    ConvolutionNetwork published = ConvolutionNetwork.temporal(1, 8, 8, rng);
    assertEquals(3571, published.field());
    assertEquals(0, published.forward());
    assertThrows(
        IllegalArgumentException.class, () -> ConvolutionNetwork.centred(2, 4, List.of(1), rng));
    assertThrows(
        IllegalArgumentException.class, () -> ConvolutionNetwork.causal(2, 2, List.of(), rng));
    assertThrows(
        IllegalArgumentException.class, () -> ConvolutionNetwork.causal(2, 2, List.of(0), rng));
  }

  @Test
  void whatIsSeenIsTheField() {
    ConvolutionNetwork dilated = ConvolutionNetwork.centred(3, 3, List.of(1, 2), rng);
    SimpleMatrix seen = influence(dilated, 12, 3);
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 12; j++) {
        assertEquals(Math.abs(i - j) <= 3, seen.get(i, j) > 0, i + " " + j);
      }
    }
    assertEquals(3, Influence.reach(seen));
    assertEquals(3, Influence.reach(seen.transpose()));
    assertEquals(0, Influence.byLag(seen)[4]);
    ConvolutionNetwork causal = ConvolutionNetwork.temporal(3, 2, 2, rng);
    SimpleMatrix past = influence(causal, 12, 3);
    assertEquals(6, Influence.reach(past));
    assertEquals(0, Influence.reach(past.transpose()));
    assertEquals(6, causal.back());
  }

  @Test
  void aHoleInADilatedKernelIsNotSeen() {
    SimpleMatrix seen = influence(ConvolutionNetwork.causal(2, 2, List.of(3), rng), 8, 2);
    double[] lags = Influence.byLag(seen);
    assertTrue(lags[0] > 0 && lags[3] > 0);
    assertArrayEquals(new double[] {0, 0, 0}, new double[] {lags[1], lags[2], lags[4]});
  }

  /** One number a token: both networks by the formula, with the weights read off their outputs. */
  @Test
  void scalarNetworksByHand() {
    SimpleMatrix none = new SimpleMatrix(0, 1);
    ConvolutionNetwork network = ConvolutionNetwork.causal(1, 2, List.of(1), rng);
    double own = atanh(network.transform(new SimpleMatrix(1, 1, true, 0.5), none).get(0)) / 0.5;
    double before = atanh(network.transform(column(0.5, 0), none).get(1)) / 0.5;
    SimpleMatrix y = network.transform(column(0.3, -0.7, 0.2), none);
    assertEquals(Math.tanh(0.3 * own), y.get(0), 1e-14);
    assertEquals(Math.tanh(-0.7 * own + 0.3 * before), y.get(1), 1e-14);
    assertEquals(Math.tanh(0.2 * own - 0.7 * before), y.get(2), 1e-14);
    SimpleMatrix around = network.withCircularPadding().transform(column(0.3, -0.7, 0.2), none);
    assertEquals(Math.tanh(0.3 * own + 0.2 * before), around.get(0), 1e-14);

    ElmanNetwork elman = ElmanNetwork.draw(1, 0.8, rng);
    SimpleMatrix impulse = elman.transform(column(0.5, 0), none);
    double in = atanh(impulse.get(0)) / 0.5;
    double state = atanh(impulse.get(1)) / impulse.get(0);
    SimpleMatrix h = elman.transform(column(0.3, -0.7, 0.2), none);
    double expected = 0;
    for (int i = 0; i < 3; i++) {
      expected = Math.tanh(expected * state + new double[] {0.3, -0.7, 0.2}[i] * in);
      assertEquals(expected, h.get(i), 1e-14);
    }
  }

  private static SimpleMatrix column(double... numbers) {
    return new SimpleMatrix(numbers.length, 1, true, numbers);
  }

  private static double atanh(double y) {
    return Math.log((1 + y) / (1 - y)) / 2;
  }

  @Test
  void aContractingStateForgets() {
    double[] lags = Influence.byLag(influence(ElmanNetwork.draw(4, 0.3, rng), 20, 4));
    assertTrue(lags[15] < 1e-6 * lags[0] && lags[4] < lags[0]);
    assertEquals(0, new CausalAudit().examine(AuditPlan.of(6, 0, 4), rng, elman()).measured());
  }

  private SequenceFunction elman() {
    return ElmanNetwork.draw(4, 0.9, rng);
  }

  @Test
  void orderNeedsTwoCausalLayers() {
    Audit audit = new EarlierOrderAudit();
    AuditPlan plan = AuditPlan.of(5, 2, 4).withElements(3);
    SequenceFunction one = CausalForm.of(GramAttention.softmax(4));
    SequenceFunction two = (x, z) -> one.transform(one.transform(x, z), z);
    assertEquals(AuditVerdict.PASS, audit.examine(plan, rng, one).verdict());
    assertEquals(AuditVerdict.FAIL, audit.examine(plan, rng, two).verdict());
    assertEquals(AuditVerdict.FAIL, audit.examine(plan, rng, elman()).verdict());
    assertTrue(!audit.whyNot(AuditPlan.of(2, 0, 4), new SimpleMatrix(2, 4)).isEmpty());
  }

  @Test
  void plantedViolationsAnswerInProportion() {
    AuditPlan plan = AuditPlan.of(4, 2, 4).withElements(3);
    List<Double> sizes = List.of(1e-2, 1e-5, 1e-8, 1e-11);
    SequenceFunction form = GramAttention.softmax(4);
    List<SequenceFunction> planted =
        sizes.stream().map(size -> OrthogonalAudit.planted(size, form)).toList();
    Audit audit = new OrthogonalAudit(-1);
    List<Double> errors = Mutation.response(audit, plan, Seed.of(18), planted);
    assertEquals(1, Mutation.slope(sizes, errors), 0.01);
    List<SequenceFunction> harmless =
        sizes.stream().map(size -> Mutation.planted(size, (x, z) -> x.scale(0), form)).toList();
    assertTrue(Mutation.response(audit, plan, Seed.of(18), harmless).get(0) < 1e-14);
    assertEquals(2, Mutation.slope(List.of(0.1, 0.01), List.of(3e-2, 3e-4)), 1e-12);
    assertTrue(Double.isNaN(Mutation.slope(List.of(0.1, 0.01), List.of(0.0, 0.0))));
  }
}
