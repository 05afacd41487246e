/* When can a task be read from a model that was only trained to guess hidden tokens?
 *
 * A visitor has two traits, each there or not; what is looked at next depends on them one by one.
 * From a predictor of one hidden token either trait can be read, with errors amplified by kappa at
 * most. Whether exactly one is there can not be read, however much data: hide two tokens at once.
 * The head trained below has errors of its own, and amplifies them by less than the worst case.
 *
 * $ ./definetti run examples/scripts/TransferExperiment.java   # numbers vary a little
 * kappa, hiding  one      two
 * exactly one  Infinity    253.0
 * first trait      16.7     24.6
 * second trait     16.7     24.0
 * a trained head, asked for the first trait: 6.4
 */
import java.util.Map;
import java.util.TreeMap;
import org.definetti.attention.Context;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.layer.MultiHeadLayer;
import org.definetti.objective.*;
import org.definetti.random.Seed;
import org.definetti.train.*;
import org.definetti.transfer.*;
import org.ejml.simple.SimpleMatrix;

class TransferExperiment {

  static double[] number(boolean yes) {
    return new double[] {yes ? 1 : 0};
  }

  public static void main(String[] arguments) {
    var visitors = CategoricalConcepts.of(new SimpleMatrix(new double[][] {
      {0.2, 0.3, 0.5}, // neither trait
      {0.4, 0.3, 0.3}, // the first: 0.2 more of the first page
      {0.2, 0.5, 0.3}, // the second: 0.2 more of the second
      {0.4, 0.5, 0.1}, // both: the sum of the two
    }));
    var tasks = new TreeMap<>(Map.of(
        "first trait", LatentTarget.function(visitors, z -> number(z % 2 == 1)),
        "second trait", LatentTarget.function(visitors, z -> number(z >= 2)),
        "exactly one", LatentTarget.function(visitors, z -> number(z == 1 || z == 2))));
    var one = LatentTarget.maskedToken(visitors);
    var two = LatentTarget.maskedTokens(visitors, 2);
    System.out.println("kappa, hiding  one      two");
    tasks.forEach((name, task) -> System.out.printf("%-12s %8.1f %8.1f%n", name,
        Transfer.of(one, task).kappaTask(), Transfer.of(two, task).kappaTask()));

    var widths = Objective.MASKED.widths(visitors);
    var layer = MultiHeadLayer.of(widths, 4).withNullToken().withLogBias();
    var data = FreshSamples.of(visitors, Objective.MASKED, Lengths.fixed(6), Seed.of(1));
    var head = Trainer.of(layer, data, Loss.squaredError())
        .withOptions(TrainingOptions.withDefaults().withSteps(300)).fit(Seed.of(2)).attention();
    var law = PosteriorLaw.enumerated(visitors, 6); // every posterior there is
    var outputs = law.sequences().stream()
        .map(tokens -> head.attend(visitors.labelQuery(), Context.of(visitors, tokens)))
        .map(output -> output.getDDRM().data)
        .toArray(double[][]::new);
    var errors = law.secondMoments(new SimpleMatrix(outputs).minus(one.predictions(law)));
    var transfer = Transfer.of(one, tasks.get("first trait"));
    System.out.printf(
        "a trained head, asked for the first trait: %.1f%n", transfer.kappaEff(errors));
  }
}
