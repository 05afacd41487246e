import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.derivation.Derivation;
import org.definetti.latent.*;
import org.definetti.latent.conjugate.ConjugateBelief;
import org.definetti.random.*;
import org.ejml.simple.SimpleMatrix;

/** A model of your own: x | z ~ N(0, 1/z) with precision z ~ Gamma(shape, rate); T(x) = x². */
record OwnModel(double shape, double rate) implements ConjugateModel<Double> {

  public TokenSpace tokenSpace() { return new RealTokens(1); }
  public Double drawLatent(RandomGenerator rng) { return Gamma.draw(shape, rng) / rate; }
  public Token drawToken(Double precision, RandomGenerator rng) {
    return Token.real(Normal.draw(rng) / Math.sqrt(precision));
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
    var query = model.labelQuery();
    var exact = model.prior().observe(tokens).predictive(query).mean();
    var derived = Derivation.of(model);
    var attended = derived.attention().attend(query, Context.of(model, tokens));
    System.out.printf("derived:   %s%n", derived.label());
    System.out.printf("E[x² | X]: %.6f exact, %.6f attended%n", exact.get(0), attended.get(0));
    System.out.println(attended.isIdentical(exact, 1e-12) ? "equal to 1e-12" : "different");
  }
}
