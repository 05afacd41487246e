import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.derivation.Derivation;
import org.definetti.latent.*;
import org.definetti.latent.conjugate.ConjugateBelief;
import org.definetti.random.Gamma;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/** A model of your own: the precision of a zero-mean Gaussian, with T(x) = x² as statistic. */
record OwnModel(double shape, double rate) implements ConjugateModel<Double> {

  public TokenSpace tokenSpace() { return new RealTokens(1); }
  public Belief<Double> prior() { return ConjugateBelief.of(this); }
  public Double drawLatent(RandomGenerator rng) { return Gamma.draw(shape, rng) / rate; }
  public Token drawToken(Double precision, RandomGenerator rng) {
    return Token.real(Normal.draw(rng) / Math.sqrt(precision));
  }

  // p(x | z) has natural parameter -z/2 for x²; E[x² | z] = 1/z, so ν = 2·shape - 2, χ0 = E[1/z].
  public double priorCount() { return 2 * shape - 2; }
  public SimpleMatrix priorMean() { return SimpleMatrix.filled(1, 1, rate / (shape - 1)); }
  public SimpleMatrix statistic(Tokens tokens) { return tokens.values().elementPower(2); }
  public Belief<Double> posterior(double count, SimpleMatrix sum) {
    return ConjugateBelief.of(this, count, sum);
  }

  public static void main(String[] arguments) {
    OwnModel model = new OwnModel(3, 2);
    Tokens tokens = model.sample(50, Seed.of(1).generator()).tokens();
    SimpleMatrix exact = model.prior().observe(tokens).predictive(model.labelQuery()).mean();
    Derivation derived = Derivation.of(model);
    SimpleMatrix attended = derived.attention().attend(model.labelQuery(), Context.of(model, tokens));
    System.out.println(derived.form() + ": E[x² | X] = " + attended.get(0));
    System.out.println("equal to 1e-12: " + attended.isIdentical(exact, 1e-12));
  }
}
