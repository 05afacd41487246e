/* Which of these predictors could be Bayes' rule for a die of unknown bias?
 *
 * The forgetful one looks at the last four rolls, the boastful one squares what Bayes says, and the
 * miser never moves at all. A score does not tell who cheats. The audit does, by four identities
 * that every exchangeable law obeys. The miser passes: it is Bayes' rule for somebody who was
 * certain beforehand. Coherent is not the same as right.
 *
 * $ ./definetti run examples/scripts/CatchTheCheater.java
 *              past  martingale  next two  log P(X)
 * exact        0.000       0.000     0.000     0.000  coherent
 * forgetful    0.429       0.102     0.082     1.674  caught
 * boastful     0.000       0.027     0.016     0.635  caught
 * miser        0.000       0.000     0.000     0.000  coherent
 */
import java.util.LinkedHashMap;
import java.util.function.Function;
import org.definetti.audit.*;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

class CatchTheCheater {

  static SimpleMatrix boast(SimpleMatrix honest) {
    var squares = honest.elementPower(2);
    return squares.divide(squares.elementSum());
  }

  public static void main(String[] arguments) {
    var model = DirichletCategorical.of(1, 1, 1);
    var exact = Predictors.categories(model);
    var predictors = new LinkedHashMap<String, Function<Tokens, SimpleMatrix>>();
    predictors.put("exact", exact);
    predictors.put("forgetful",
        seen -> exact.apply(seen.slice(Math.max(0, seen.length() - 4), seen.length())));
    predictors.put("boastful", seen -> boast(exact.apply(seen)));
    predictors.put("miser", seen -> SimpleMatrix.filled(1, 3, 1.0 / 3));

    var rolls = model.sample(10, Seed.of(1).generator()).tokens();
    System.out.println("             past  martingale  next two  log P(X)");
    predictors.forEach((name, predictor) -> {
      var rng = Seed.of(2).generator();
      var gaps = Coherence.largest(rolls, 20, rng, predictor);
      var joint = Predictors.logProbability(predictor);
      double order = Exchangeability.largestGap(
          rolls, 20, rng, tokens -> joint.applyAsDouble(Tokens.none(tokens.space()), tokens));
      System.out.printf("%-10s %7.3f %11.3f %9.3f %9.3f  %s%n",
          name, gaps.past(), gaps.martingale(), gaps.symmetry(), order,
          gaps.areWithin(1e-9) && order < 1e-9 ? "coherent" : "caught");
    });
  }
}
