/* A model of your own in three lines of conjugacy, and the attention that follows from them.
 *
 * What to sum, what the prior is worth in tokens, what it expects: from these the library derives
 * softmax attention with a null token. Importance sampling, which knows nothing of them, agrees.
 *
 * $ ./definetti run examples/scripts/OwnModel.java
 * E[x² | X]: 0.5907 attended, 0.5905 sampled
 * agree
 */
import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.derivation.Derivation;
import org.definetti.latent.*;
import org.definetti.latent.conjugate.ConjugateBelief;
import org.definetti.random.*;
import org.ejml.simple.SimpleMatrix;

/** x | z ~ N(0, 1/z) with precision z ~ Gamma(shape, rate); T(x) = x². */
record OwnModel(double shape, double rate) implements ConjugateModel<Double> {
  public TokenSpace tokenSpace() { return new RealTokens(1); }
  public Double drawLatent(RandomGenerator rng) { return Gamma.draw(shape, rng) / rate; }
  public Token drawToken(Double z, RandomGenerator rng) {
    return Token.real(Normal.draw(rng) / Math.sqrt(z));
  }
  // Conjugacy in three lines: what to sum, what the prior is worth in tokens, what it expects.
  public SimpleMatrix statistic(Tokens tokens) { return tokens.values().elementPower(2); }
  public double priorCount() { return 2 * shape - 2; }
  public SimpleMatrix priorMean() { return SimpleMatrix.filled(1, 1, rate / (shape - 1)); }
  public Belief<Double> prior() { return ConjugateBelief.prior(this); }
  public Belief<Double> posterior(double count, SimpleMatrix sum) {
    return ConjugateBelief.of(this, count, sum);
  }
  public static void main(String[] arguments) {
    var model = new OwnModel(3, 2);
    var tokens = model.sample(50, Seed.of(1).generator()).tokens();
    var head = Derivation.of(model).attention();
    double attended = head.attend(model.labelQuery(), Context.of(model, tokens)).get(0);
    // The same by importance sampling, which knows no conjugacy: E[1/z | X] with weights P(X | z).
    double squares = model.statistic(tokens).elementSum(), weights = 0, sum = 0;
    var rng = Seed.of(2).generator();
    for (int i = 0; i < 1_000_000; i++) {
      double z = model.drawLatent(rng), w = Math.exp(25 * (Math.log(z) + 1 - z * squares / 50));
      weights += w; sum += w / z;
    }
    System.out.printf("E[x² | X]: %.4f attended, %.4f sampled%n", attended, sum / weights);
    System.out.println(Math.abs(attended * weights / sum - 1) < 0.005 ? "agree" : "differ");
  }
}
