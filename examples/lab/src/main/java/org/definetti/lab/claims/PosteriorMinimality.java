package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.audit.StatisticCells;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * A6: the posterior keeps nothing else: it is a function of every sufficient statistic, and merging
 * any two of its values loses information about z.
 *
 * <pre>{@code
 * cells of P(z | X) over W^L sequences ≤ C(L + W - 1, W - 1) count vectors
 * loss of a merge = P(a) KL(P(z|a) ‖ P(z|a or b)) + P(b) KL(P(z|b) ‖ P(z|a or b)) > 0
 * }</pre>
 *
 * <ul>
 *   <li>W = 4, L = 5: 1024 sequences, 56 cells. Two symbols that every concept gives the same
 *       probability leave 21 = C(L + 2, 2). M2: L + 1 cells, the loss measured on the next symbol,
 *       which is at most the loss on z.
 *   <li>A loss above 1e-15 nats counts as one: it is a sum of terms that are not negative, and
 *       where two cells say the same of z it comes out near 1e-32.
 *   <li>Controls: the counts are finer than the posterior where symbols are tied, and the sequence
 *       itself is finer still: some merge is free, so they are not minimal. The counts with two
 *       symbols merged are coarser, so they are not sufficient.
 *   <li>Source: [derived: strict concavity of entropy] (check A6).
 * </ul>
 */
public final class PosteriorMinimality implements Claim {

  private static final int SYMBOLS = 4;
  private static final int LENGTH = 5;
  private static final double LEAST_LOSS = 1e-15;
  private static final double SUFFICIENT = 1e-12;

  /** Returns the claim. */
  public PosteriorMinimality() {}

  @Override
  public String id() {
    return "A6";
  }

  @Override
  public String slug() {
    return "posterior-minimality";
  }

  @Override
  public String statement() {
    return "The posterior is the minimal sufficient statistic for the latent: merging any two of its"
        + " values loses information about it.";
  }

  @Override
  public Source source() {
    return Source.derived("check A6: strict concavity of entropy");
  }

  @Override
  public String prediction() {
    return "1024 sequences (W = 4, L = 5) fall into 56 cells, 21 if two symbols are tied; every"
        + " pairwise merge loses > 0";
  }

  @Override
  public List<String> tags() {
    return List.of("exact", "audit");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.FULL ? 4 : 1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    RandomGenerator rng = seed.child("concepts").generator();
    Cells free = new Cells();
    Cells tied = new Cells();
    int draws = budget == Budget.SMOKE ? 1 : 5;
    for (int n = 0; n < draws; n++) {
      CategoricalConcepts model = AuditedModels.concepts(rng);
      free.add(model, LENGTH);
      tied.add(tied(model), LENGTH);
    }
    Cells longer = new Cells();
    int longest = budget == Budget.FULL ? 6 : 4;
    for (int length = 1; length <= longest; length++) {
      longer.add(AuditedModels.concepts(rng), length);
    }
    return ClaimResult.of(
        count("cells", free.cells, 56, "the sequence itself", free.sequences),
        merges("merges", free.leastLoss, "cells of the sequence itself", free.leastLossOfSequences),
        count("cells-tied", tied.cells, 21, "count vectors", tied.countVectors),
        merges("merges-tied", tied.leastLoss, "cells of count vectors", tied.leastLossOfCounts),
        coarser(free),
        ClaimPart.of(
            "cells-of-other-lengths",
            Verdict.exact(longer.excess, Prediction.near(0, 0))
                .withReason("cells minus count vectors, L = 1.." + longest)),
        twoSymbols(budget == Budget.FULL ? 12 : 8));
  }

  private static ClaimPart count(
      String name, double measured, int expected, String other, double otherCells) {
    Prediction prediction = Prediction.near(expected, 0);
    return ClaimPart.of(name, Verdict.exact(measured, prediction))
        .withControl(
            Control.of(
                Verdict.exact(otherCells, prediction),
                String.format(Locale.ROOT, "%s: %.0f cells", other, otherCells)));
  }

  private static ClaimPart merges(String name, double least, String other, double otherLeast) {
    Prediction prediction = Prediction.atLeast(LEAST_LOSS);
    return ClaimPart.of(name, Verdict.exact(least, prediction).withReason("least loss, nats"))
        .withControl(
            Control.of(
                Verdict.exact(otherLeast, prediction),
                String.format(Locale.ROOT, "%s: least loss %.3g", other, otherLeast)));
  }

  /** The posterior loses nothing; counts with two symbols merged do. */
  private static ClaimPart coarser(Cells cells) {
    return ClaimPart.of("nothing-is-lost", Verdict.exact(cells.lost, Prediction.atMost(SUFFICIENT)))
        .withControl(
            Control.of(
                Verdict.exact(cells.lostByMerging, Prediction.atMost(SUFFICIENT)),
                String.format(
                    Locale.ROOT,
                    "counts with two symbols merged: lose %.3g nats",
                    cells.lostByMerging)));
  }

  private static ClaimPart twoSymbols(int longest) {
    BetaBernoulli model = PosteriorSufficiency.betaBernoulli();
    double excess = 0;
    double least = Double.POSITIVE_INFINITY;
    double finer = Double.POSITIVE_INFINITY;
    for (int length = 2; length <= longest; length++) {
      StatisticCells posterior =
          StatisticCells.of(
              model.tokenSpace(), length, x -> PosteriorSufficiency.moments(model, x));
      excess = Math.max(excess, Math.abs(posterior.count() - (length + 1)));
      least = Math.min(least, posterior.leastMergeLossNats(PosteriorSufficiency::nextOfTwo));
      finer =
          Math.min(
              finer,
              StatisticCells.of(model.tokenSpace(), length, PosteriorSufficiency::rows)
                  .leastMergeLossNats(PosteriorSufficiency::nextOfTwo));
    }
    String name = excess == 0 ? "L + 1 cells" : "not L + 1 cells";
    Verdict verdict =
        Verdict.exact(excess == 0 ? least : Double.NaN, Prediction.atLeast(LEAST_LOSS))
            .withReason(name + ", L = 2.." + longest + "; least loss on the next symbol, nats");
    return ClaimPart.of("beta-bernoulli", verdict)
        .withControl(
            Control.of(
                Verdict.exact(finer, Prediction.atLeast(LEAST_LOSS)),
                String.format(Locale.ROOT, "the sequence itself: least loss %.3g", finer)));
  }

  /** Returns the model with the first two symbols equally likely under every concept. */
  private static CategoricalConcepts tied(CategoricalConcepts model) {
    SimpleMatrix laws = model.likelihoods();
    double[] tied = new double[laws.getNumElements()];
    for (int i = 0; i < tied.length; i++) {
      int row = i / SYMBOLS;
      int symbol = i % SYMBOLS;
      tied[i] = symbol < 2 ? (laws.get(row, 0) + laws.get(row, 1)) / 2 : laws.get(row, symbol);
    }
    return CategoricalConcepts.of(new SimpleMatrix(laws.getNumRows(), SYMBOLS, true, tied))
        .withPrior(model.priorProbabilities());
  }

  private static double[] counts(Tokens tokens) {
    double[] counts = new double[SYMBOLS];
    for (int l = 0; l < tokens.length(); l++) {
      counts[(int) tokens.at(l, 0)]++;
    }
    return counts;
  }

  private static double[] mergedCounts(Tokens tokens) {
    double[] counts = counts(tokens);
    return new double[] {counts[0] + counts[1], counts[2], counts[3]};
  }

  /** What was found over several models: numbers of cells, least losses of a merge. */
  private static final class Cells {

    private double cells = Double.NaN; // NaN once two models disagree
    private double countVectors;
    private double sequences;
    private double excess;
    private double leastLoss = Double.POSITIVE_INFINITY;
    private double leastLossOfCounts = Double.POSITIVE_INFINITY;
    private double leastLossOfSequences = Double.POSITIVE_INFINITY;
    private double lost;
    private double lostByMerging = Double.POSITIVE_INFINITY;
    private int added;

    void add(CategoricalConcepts model, int length) {
      Function<Tokens, double[]> joint = StatisticCells.jointWithLatent(model);
      StatisticCells posterior = of(model, length, x -> PosteriorSufficiency.posterior(model, x));
      StatisticCells counts = of(model, length, PosteriorMinimality::counts);
      StatisticCells all = of(model, length, PosteriorSufficiency::rows);
      cells = added++ == 0 || cells == posterior.count() ? posterior.count() : Double.NaN;
      countVectors = counts.count();
      sequences = all.count();
      excess = Math.max(excess, Math.abs(posterior.count() - counts.count()));
      leastLoss = Math.min(leastLoss, posterior.leastMergeLossNats(joint));
      leastLossOfCounts = Math.min(leastLossOfCounts, counts.leastMergeLossNats(joint));
      if (length <= LENGTH) { // all pairs of sequences
        leastLossOfSequences = Math.min(leastLossOfSequences, all.leastMergeLossNats(joint));
      }
      double information = all.informationNats(joint);
      lost = Math.max(lost, Math.abs(information - posterior.informationNats(joint)));
      StatisticCells merged = of(model, length, PosteriorMinimality::mergedCounts);
      lostByMerging = Math.min(lostByMerging, information - merged.informationNats(joint));
    }

    private static StatisticCells of(
        CategoricalConcepts model, int length, Function<Tokens, double[]> statistic) {
      return StatisticCells.of(model.tokenSpace(), length, statistic);
    }
  }
}
