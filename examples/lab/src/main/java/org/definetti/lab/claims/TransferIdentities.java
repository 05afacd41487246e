package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Interval;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.random.Dirichlet;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.transfer.KeyShift;
import org.definetti.transfer.LatentTarget;
import org.definetti.transfer.LinearReadout;
import org.definetti.transfer.PosteriorLaw;
import org.definetti.transfer.Transfer;
import org.ejml.simple.SimpleMatrix;

/**
 * D5: what a linear readout of a pretrained predictor can and cannot do.
 *
 * <pre>{@code
 * T1  GJ = W MJ  implies  y* = W h* + c                         E[g(z) | X] from E[x^m | X]
 * T2  E||W ĥ - W h*||² <= κ E||ĥ - h*||²,   κ = ||GJ (MJ)⁺||²    any ĥ; equality attained
 * T3  E_down <= 2 κ E_pre + C sy2 r / n_d                        readout learned from n_d labels
 * }</pre>
 *
 * <ul>
 *   <li>{@code range}: random models of K concepts and W > K categories, where every G is readable;
 *       all sequences, the posterior by the model's own belief and h* as its predictive mean.
 *   <li>{@code amplification}, {@code attained}: random errors, and the worst one.
 *   <li>{@code learned-readout}: least squares on n_d = 100..10,000 labels of the features h* + an
 *       error of size E_pre; C = 2 with r = K readout coefficients, which is twice what independent
 *       labels cost. The judged number is the largest mean error over the bound.
 *   <li>{@code key-shift}: the same for regression (M5): κ_shift bounds and is attained, and least
 *       squares meets {@code tr(S_pre⁻¹ S_down) / d}.
 *   <li>Controls: G outside the rows of M; κ_eff in place of κ; no term for the labels; the two
 *       second moments exchanged.
 *   <li>Source: [derived] (section 7.4 of the project's notes; T3 is consistent with [source:
 *       Lee-2020, abstract]).
 * </ul>
 */
public final class TransferIdentities implements Claim {

  private static final double ROUNDING = 1e-10;
  private static final double LABEL_CONSTANT = 2;

  /** Returns the claim. */
  public TransferIdentities() {}

  @Override
  public String id() {
    return "D5";
  }

  @Override
  public String slug() {
    return "transfer";
  }

  @Override
  public String statement() {
    return "If the centred downstream means lie in the rows of the centred pretraining means, the"
        + " Bayes predictor downstream is an affine readout of the pretrained one, and the readout"
        + " multiplies the squared error of any predictor by at most kappa.";
  }

  @Override
  public Source source() {
    return Source.derived("check D5: T1, T2, T3");
  }

  @Override
  public String prediction() {
    return "readout exact to 1e-10; ratio <= kappa, attained; learned readout <= 2 kappa E_pre +"
        + " 2 sy2 r / n_d; regression: kappa_shift bounds, least squares tr(S_pre^-1 S_down)/d";
  }

  @Override
  public List<String> tags() {
    return List.of("transfer", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 2 : budget == Budget.STANDARD ? 4 : 20);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int models = budget == Budget.SMOKE ? 3 : budget == Budget.STANDARD ? 10 : 50;
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(range(models, seed.child("range")));
    parts.addAll(amplification(models, seed.child("amplification")));
    parts.add(learnedReadout(budget, seed.child("labels")));
    parts.addAll(keyShift(budget, seed.child("keys")));
    return ClaimResult.of(parts);
  }

  private static CategoricalConcepts model(int concepts, int categories, Seed seed) {
    RandomGenerator rng = seed.generator();
    double[] ones = new double[categories];
    Arrays.fill(ones, 1.0);
    double[][] rows = new double[concepts][];
    for (int k = 0; k < concepts; k++) {
      rows[k] = Dirichlet.draw(ones, rng);
    }
    double[] counts = new double[concepts];
    Arrays.fill(counts, 2.0);
    return CategoricalConcepts.of(new SimpleMatrix(rows))
        .withPrior(new SimpleMatrix(1, concepts, true, Dirichlet.draw(counts, rng)));
  }

  private static SimpleMatrix normals(int rows, int columns, Seed seed) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, seed.generator());
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  private static ClaimPart range(int models, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int i = 0; i < models; i++) {
      int concepts = 2 + i % 3;
      CategoricalConcepts model = model(concepts, concepts + 1, seed.child(i));
      SimpleMatrix question = normals(2, concepts, seed.child(i).child("question"));
      Transfer transfer = Transfer.of(LatentTarget.maskedToken(model).means(), question);
      addSequences(model, question, transfer, right);
      // Categories merged into two: their law has one centred row only.
      CategoricalConcepts blind = merged(model);
      SimpleMatrix three = normals(2, concepts, seed.child(i).child("question"));
      if (concepts > 2) {
        addSequences(
            blind, three, Transfer.of(LatentTarget.maskedToken(blind).means(), three), wrong);
      }
    }
    return ClaimPart.of("range", right.atMost(ROUNDING))
        .withControl(
            Control.of(
                wrong.atMost(ROUNDING),
                String.format(
                    Locale.ROOT,
                    "two categories for three concepts or more: off by %.2g",
                    wrong.largest())));
  }

  private static CategoricalConcepts merged(CategoricalConcepts model) {
    double[][] rows = new double[model.concepts()][];
    for (int k = 0; k < rows.length; k++) {
      double first = model.likelihoods().get(k, 0);
      rows[k] = new double[] {first, 1 - first};
    }
    return CategoricalConcepts.of(new SimpleMatrix(rows)).withPrior(model.priorProbabilities());
  }

  /** Compares both sides of T1 for every sequence of up to four tokens, in order. */
  private static void addSequences(
      CategoricalConcepts model, SimpleMatrix question, Transfer transfer, Deviation deviation) {
    int categories = model.tokenSpace().count();
    for (int length = 0; length <= 4; length++) {
      int count = (int) Math.round(Math.pow(categories, length));
      for (int code = 0; code < count; code++) {
        double[] tokens = new double[length];
        for (int l = 0, rest = code; l < length; l++, rest /= categories) {
          tokens[l] = rest % categories;
        }
        FiniteBelief<Integer> belief =
            FiniteBelief.prior(model).observe(Tokens.ofRows(model.tokenSpace(), tokens));
        SimpleMatrix pretrained =
            belief.predictive(model.tokenSpace().emptyQuery()).mean().transpose();
        SimpleMatrix read = transfer.readout().mult(pretrained).plus(transfer.offset());
        SimpleMatrix exact = question.mult(belief.probabilities().transpose());
        deviation.add(read.getDDRM().data, exact.getDDRM().data);
      }
    }
  }

  private static List<ClaimPart> amplification(int models, Seed seed) {
    double largest = 0;
    double overEffective = 0;
    Deviation attained = new Deviation();
    Deviation missed = new Deviation();
    for (int i = 0; i < models; i++) {
      CategoricalConcepts model = model(4, 5, seed.child(i));
      LatentTarget target = LatentTarget.maskedToken(model);
      SimpleMatrix question = normals(2, 4, seed.child(i).child("question"));
      Transfer transfer = Transfer.of(target.means(), question);
      double kappa = transfer.kappaTask();
      double effective = transfer.kappaEff(target.noise(PosteriorLaw.enumerated(model, 3)));
      for (int j = 0; j < 50; j++) {
        double ratio = ratio(transfer, normals(5, 1, seed.child(i).child(j)));
        largest = Math.max(largest, ratio / kappa);
        overEffective = Math.max(overEffective, ratio / effective);
      }
      SimpleMatrix worst = transfer.worstError();
      attained.add(ratio(transfer, worst) / kappa, 1);
      missed.add(ratio(transfer, normals(5, 1, seed.child(i).child("any"))) / kappa, 1);
    }
    Prediction bound = Prediction.atMost(1 + ROUNDING);
    return List.of(
        ClaimPart.of("amplification", Verdict.exact(largest, bound))
            .withControl(
                Control.of(
                    Verdict.exact(overEffective, bound),
                    String.format(
                        Locale.ROOT,
                        "kappa_eff as the bound: exceeded %.1f times",
                        overEffective))),
        ClaimPart.of("attained", attained.atMost(1e-8))
            .withControl(Control.of(missed.atMost(1e-8), "any error in place of the worst one")));
  }

  private static double ratio(Transfer transfer, SimpleMatrix error) {
    SimpleMatrix read = transfer.readout().mult(error);
    return read.dot(read) / error.dot(error);
  }

  /** T3 on the dice of E6: the error of the readout is that of prediction plus that of labels. */
  private static ClaimPart learnedReadout(Budget budget, Seed seed) {
    int repetitions = budget == Budget.FULL ? 400 : 60;
    CategoricalConcepts dice = TransferModels.dice(1);
    PosteriorLaw law = PosteriorLaw.enumerated(dice, 6);
    LatentTarget target = LatentTarget.maskedToken(dice);
    LatentTarget label = LatentTarget.function(dice, z -> new double[] {z - 1});
    Transfer transfer = Transfer.of(target, label);
    SimpleMatrix exact = label.predictions(law);
    SimpleMatrix predictor = target.predictions(law);
    double noise = label.noise(law).get(0, 0);
    double worst = 0;
    double high = 0;
    double low = 0;
    double control = 0;
    for (int count : new int[] {100, 1000, 10_000}) {
      for (double size : new double[] {0, 1e-4, 1e-2}) {
        double[] errors = new double[repetitions];
        for (int r = 0; r < repetitions; r++) {
          Seed own = seed.child(count).child(String.valueOf(size)).child(r);
          // An error that no function of the posterior explains, of mean square `size` in all.
          SimpleMatrix error =
              normals(law.size(), target.width(), own.child("error"))
                  .scale(Math.sqrt(size / target.width()));
          SimpleMatrix features = predictor.plus(error);
          LabelledCells labelled = LabelledCells.draw(law, count, own.child("labels").generator());
          LinearReadout readout =
              LinearReadout.weighted(
                  features, labelled.labels(label.means()), labelled.weights(), 0);
          errors[r] = law.secondMoments(readout.read(features).minus(exact)).trace();
        }
        Estimate mean = Estimate.of(errors);
        double labels = LABEL_CONSTANT * noise * dice.concepts() / count;
        double bound = 2 * transfer.kappaTask() * size + labels;
        if (mean.mean() / bound > worst) {
          worst = mean.mean() / bound;
          low = (mean.mean() - 1.96 * mean.standardError()) / bound;
          high = (mean.mean() + 1.96 * mean.standardError()) / bound;
        }
        control = size > 0 ? control : Math.max(control, mean.mean());
      }
    }
    Prediction prediction = Prediction.atMost(1);
    return ClaimPart.of("learned-readout", Verdict.of(worst, new Interval(low, high), prediction))
        .withControl(
            Control.of(
                control > ROUNDING,
                String.format(
                    Locale.ROOT,
                    "no term for the labels: the exact predictor still has error %.2g",
                    control)));
  }

  private static List<ClaimPart> keyShift(Budget budget, Seed seed) {
    int d = 3;
    SimpleMatrix pre = SimpleMatrix.diag(0.2, 1, 3);
    SimpleMatrix down = SimpleMatrix.diag(2, 1, 0.5);
    KeyShift shift = KeyShift.of(pre, down);
    KeyShift exchanged = KeyShift.of(down, pre);
    double largest = 0;
    double wrong = 0;
    for (int i = 0; i < 200; i++) {
      SimpleMatrix delta = normals(1, d, seed.child(i));
      double ratio = quadratic(delta, down) / quadratic(delta, pre);
      largest = Math.max(largest, ratio / shift.kappa());
      wrong = Math.max(wrong, ratio / exchanged.kappaEff());
    }
    SimpleMatrix worst = shift.worstError();
    double attained = quadratic(worst, down) / quadratic(worst, pre) / shift.kappa();
    Prediction bound = Prediction.atMost(1 + ROUNDING);
    Deviation equal = new Deviation();
    equal.add(attained, 1);
    Deviation missed = new Deviation();
    missed.add(exchanged.kappa() / shift.kappa(), 1);
    return List.of(
        ClaimPart.of("key-shift", Verdict.exact(largest, bound))
            .withControl(
                Control.of(Verdict.exact(wrong, bound), "second moments exchanged, averaged")),
        ClaimPart.of("key-shift-attained", equal.atMost(1e-8))
            .withControl(Control.of(missed.atMost(1e-8), "second moments exchanged")),
        leastSquares(budget, pre, down, seed.child("least-squares")));
  }

  private static double quadratic(SimpleMatrix delta, SimpleMatrix moments) {
    return delta.mult(moments).mult(delta.transpose()).trace();
  }

  /** Regression maps learned by least squares at one key law, used at another. */
  private static ClaimPart leastSquares(
      Budget budget, SimpleMatrix pre, SimpleMatrix down, Seed seed) {
    int repetitions = budget == Budget.FULL ? 20_000 : budget == Budget.STANDARD ? 4000 : 800;
    int tokens = 200;
    double[] before = new double[repetitions];
    double[] after = new double[repetitions];
    for (int r = 0; r < repetitions; r++) {
      SimpleMatrix keys = normals(tokens, 3, seed.child(r).child("keys"));
      SimpleMatrix scaled =
          keys.mult(SimpleMatrix.diag(Math.sqrt(pre.get(0, 0)), 1, Math.sqrt(pre.get(2, 2))));
      SimpleMatrix noise = normals(tokens, 1, seed.child(r).child("noise"));
      // The map is linear in the values, so its error is the fit to the noise.
      SimpleMatrix delta =
          scaled.transpose().mult(scaled).solve(scaled.transpose().mult(noise)).transpose();
      before[r] = quadratic(delta, pre);
      after[r] = quadratic(delta, down);
    }
    Estimate pretraining = Estimate.of(before);
    Estimate downstream = Estimate.of(after);
    double predicted = KeyShift.of(pre, down).kappaEff();
    double ratio = downstream.mean() / pretraining.mean() / predicted;
    double error =
        Math.hypot(
            downstream.standardError() / downstream.mean(),
            pretraining.standardError() / pretraining.mean());
    Prediction near = Prediction.near(1, budget == Budget.SMOKE ? 0.2 : 0.1);
    double kappa = KeyShift.of(pre, down).kappa();
    return ClaimPart.of(
            "key-shift-least-squares",
            Verdict.of(ratio, Interval.around(ratio, 1.96 * ratio * error), near))
        .withControl(
            Control.of(
                Verdict.exact(ratio * predicted / kappa, near),
                String.format(Locale.ROOT, "over kappa_shift: %.2f", ratio * predicted / kappa)));
  }
}
