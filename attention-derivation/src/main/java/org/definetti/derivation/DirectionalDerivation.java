package org.definetti.derivation;

import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.attention.DirectionAttention;
import org.definetti.attention.Head;
import org.definetti.attention.LinearAttention;
import org.definetti.attention.MultiHeadAttention;
import org.definetti.attention.SumAttention;
import org.definetti.latent.DirectionalModel;
import org.ejml.simple.SimpleMatrix;

/**
 * Directions: a sum of tokens, then a readout of its length and direction (M7, MS5).
 *
 * <pre>{@code
 * x | z ~ vMF(z, κ):           η = η0 + κ Σ x^l,                   out = A_d(κ) A_d(|η|) η / |η|
 * v | k, z ~ vMF(Rot(θ)k, κ):  η = κ Σ [(q·k^l) v^l + (q·Jk^l) Jv^l],  out the same
 * }</pre>
 *
 * <p>J turns by a right angle, so the two linear heads of the second line multiply v^l by the
 * conjugate of k^l and by q as complex numbers: exact for unit queries, with a uniform prior.
 */
final class DirectionalDerivation {

  private static final double WRONG_FACTOR = 1.1;

  private DirectionalDerivation() {}

  static List<Derivation> of(DirectionalModel<?> model) {
    boolean rotation = model.tokenSpace().hasQueries();
    if (rotation && model.priorParameter().elementMaxAbs() != 0) {
      return List.of(); // the prior's direction would have to turn with the query
    }
    String concentration = Words.number(model.concentration());
    Attention sum = rotation ? turnedBack() : new SumAttention();
    String what =
        rotation
            ? "Two linear heads, q·k with value v and q·Jk with value Jv (J a right angle), add up"
                + " the values turned back by their keys and on by the query: κ times that is η."
            : "One head adds up the tokens: η = η0 + κ Σ x^l.";
    return List.of(
        new Derivation(
                "direction-readout",
                (rotation ? "two linear heads" : "sum of values")
                    + ", then length by a Bessel ratio, concentration "
                    + concentration,
                attention(model, sum, 1),
                Exactness.exact(),
                what
                    + " A readout scales it: out = A_d(κ) A_d(|η|) η/|η| for every L. No null token"
                    + " of fixed weight is exact, because the posterior mean is not linear in Σ.",
                rotation ? "[derived] M7" : "[derived] MS5")
            .withParameter("concentration κ", concentration)
            .withParameter("prior parameter η0", Words.row(model.priorParameter()))
            .withControl("concentration 10 % too large", attention(model, sum, WRONG_FACTOR)));
  }

  private static Attention attention(DirectionalModel<?> model, Attention sum, double factor) {
    return new DirectionAttention(sum, model.priorParameter(), factor * model.concentration());
  }

  private static Attention turnedBack() {
    SimpleMatrix rightAngle = new SimpleMatrix(2, 2, true, 0.0, -1.0, 1.0, 0.0);
    Attention linear = new LinearAttention(1);
    return MultiHeadAttention.of(
        Head.of(linear), Head.of(linear).withKeyMap(rightAngle).withValueMap(rightAngle));
  }
}
