/* A slope with its verdict: corrected softmax attention reaches the posterior at rate 1/L.
 *
 * The expectation is fixed before the run; the interval comes from resampling seeds; the control is
 * softmax without its correction, which has to be refuted, or the program fails.
 *
 * $ ./definetti run examples/scripts/SlopeWithVerdict.java
 * squared-gap ~ L^-1 ± 0.1 over 128..2048
 *   corrected-softmax  slope -1.018 in [-1.089, -0.948]: CONFIRMED
 *   softmax            slope -0.024 in [-0.040, -0.007]: REFUTED
 */
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.SweepResult;
import org.definetti.latent.regression.LinearRegression;

class SlopeWithVerdict {

  static Outcome judge(SweepResult result, String attention) {
    var rate = result.curve(attention, "squared-gap").rate(128, 2048);
    var outcome = rate.expect(-1, 0.1).outcome();
    System.out.printf(
        "  %-18s slope %.3f in [%.3f, %.3f]: %s%n",
        attention, rate.slope(), rate.interval().low(), rate.interval().high(), outcome);
    return outcome;
  }

  public static void main(String[] arguments) {
    var model = LinearRegression.of(4, 1, 1.0, 0.1); // v = w·k + noise, keys k on the sphere
    var result =
        Sweep.of(model)
            .withLengths(128, 256, 512, 1024, 2048)
            .withDerived("corrected-softmax")
            .withDerived("softmax") // the control: uncorrected, it stops at its own limit
            .withSequences(60)
            .withSeeds(10)
            .execute(1);
    System.out.println("squared-gap ~ L^-1 ± 0.1 over 128..2048");
    boolean confirmed = judge(result, "corrected-softmax") == Outcome.CONFIRMED;
    boolean caught = judge(result, "softmax") == Outcome.REFUTED;
    System.exit(confirmed && caught ? 0 : 1);
  }
}
