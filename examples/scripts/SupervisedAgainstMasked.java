/* One softmax head, trained on labels and on masked tokens: both find the same posterior.
 *
 * Also at sixteen times the length trained on, because what the head has found is the weight of the
 * prior, and that weight does not depend on the length.
 *
 * $ ./definetti run examples/scripts/SupervisedAgainstMasked.java   # numbers vary a little
 * trained on lengths 1 to 16, measured at 1, 4, 16, 64, 256
 * the model's prior count is 2
 *   supervised implied-prior-count   1.93834  1.93835  1.93835  1.93835  1.93835
 *   supervised squared-gap           0.00052  0.00017  0.00002  0.00000  0.00000
 *   masked     implied-prior-count   1.93055  1.93055  1.93055  1.93055  1.93055
 *   masked     squared-gap           0.00103  0.00033  0.00004  0.00000  0.00000
 */
import org.definetti.experiment.Sweep;
import org.definetti.experiment.Training;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.objective.Objective;
import org.definetti.train.Lengths;
import org.definetti.train.TrainingOptions;

class SupervisedAgainstMasked {

  public static void main(String[] arguments) {
    var model = GaussianMean.of(1, 1.0, 2.0); // the prior is worth 2.0 / 1.0 = 2 tokens
    var training =
        Training.of(widths -> SoftmaxHeadLayer.of(widths).withNullToken().withIdentityValues())
            .withLengths(Lengths.uniform(1, 16))
            .withOptions(TrainingOptions.withDefaults().withSteps(1500));
    var result =
        Sweep.of(model)
            .withLengths(1, 4, 16, 64, 256)
            .withTrained("softmax", training)
            .withObjectives(Objective.SUPERVISED, Objective.MASKED)
            .withSeeds(3)
            .execute(1);
    System.out.println("trained on lengths 1 to 16, measured at 1, 4, 16, 64, 256");
    System.out.printf("the model's prior count is %.0f%n", model.priorCount());
    for (var curve : result.curves()) {
      if (curve.key().metric().matches("squared-gap|implied-prior-count")) {
        System.out.printf("  %-11s%-20s", curve.key().axis("objective"), curve.key().metric());
        curve.points().forEach(p -> System.out.printf("%9.5f", p.mean()));
        System.out.println();
      }
    }
  }
}
