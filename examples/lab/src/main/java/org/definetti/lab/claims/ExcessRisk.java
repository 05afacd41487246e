package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.util.CombinatoricsUtils;
import org.definetti.attention.Attention;
import org.definetti.attention.CausalAttention;
import org.definetti.attention.CausalNullHead;
import org.definetti.attention.Context;
import org.definetti.audit.LogLoss;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.Sample;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * The part {@code excess-risk} of X1: what a causal head loses to one who knows z.
 *
 * <pre>{@code
 * ER(T) = (1/T) Σ_t E[log P(x^t | z) - log p_t(x^t)],   T · ER(T) → (1/2) log T + const
 * }</pre>
 *
 * <ul>
 *   <li>The judged number is exact: expectations are sums over counts weighted by their
 *       Beta-binomial law, the entropy given z an integral; the head's own outputs are used.
 *   <li>Control: a head that sees the last 16 tokens only; its loss a token stays that of 16
 *       tokens.
 *   <li>The curves are draws: T·regret against the coin that was drawn.
 *   <li>Source: O(log T / T) [source: Ye-2024, abstract]; the constant 1/2 for one parameter
 *       [recalled: Clarke-Barron].
 * </ul>
 */
final class ExcessRisk {

  private static final String REGRET = "regret-nats";
  private static final String LENGTH = "length";
  private static final String HEAD = "causal-null-head";
  private static final String WINDOWED = "last-16-tokens";
  private static final int WINDOW = 16;
  private static final double A = 1.3;
  private static final double B = 2.45;
  private static final BetaBernoulli MODEL = BetaBernoulli.of(A, B);

  /** What was measured. */
  record Outcome(ClaimPart part, Results results) {}

  private record Size(int longest, int seeds, int sequences) {}

  private ExcessRisk() {}

  static Outcome check(String claim, Budget budget, Seed seed, Runner runner) {
    Size size =
        switch (budget) {
          case SMOKE -> new Size(128, 4, 20);
          case STANDARD -> new Size(256, 8, 30);
          case FULL -> new Size(1024, 10, 50);
        };
    Results results = runner.execute(plan(claim, size, seed), cell -> measure(size, seed, cell));
    return new Outcome(exact(budget == Budget.FULL ? 2048 : 512), results);
  }

  /** The slope of T · ER(T) on log T between a quarter of the longest T and the longest. */
  private static ClaimPart exact(int longest) {
    double[] step = new double[longest]; // excess loss of token t + 1
    double given = entropyGivenCoin();
    for (int t = 0; t < longest; t++) {
      step[t] = expectedLoss(t) - given;
    }
    double all = 0;
    double late = 0;
    double windowed = 0;
    for (int t = 0; t < longest; t++) {
      all += step[t];
      late += t < longest / 4 ? 0 : step[t];
      windowed += t < longest / 4 ? 0 : step[Math.min(t, WINDOW)];
    }
    Prediction prediction = Prediction.near(0.5, 0.01);
    Verdict wrong = Verdict.exact(windowed / Math.log(4), prediction);
    return ClaimPart.of(
            "excess-risk",
            Verdict.exact(late / Math.log(4), prediction)
                .withReason(
                    String.format(
                        Locale.ROOT,
                        "T = %d: excess risk %.3g nats a token, T times it %.3f",
                        longest,
                        all / longest,
                        all)))
        .withControl(
            Judging.control(
                wrong, "the last 16 tokens only: T * excess risk grows by %.2f per log T"));
  }

  /** Returns E[-log p(x^(t+1))] of the null head after t tokens, over all counts of ones. */
  private static double expectedLoss(int seen) {
    CausalNullHead head = CausalNullHead.of(MODEL);
    double sum = 0;
    for (int ones = 0; ones <= seen; ones++) {
      double law =
          Math.exp(
              CombinatoricsUtils.binomialCoefficientLog(seen, ones)
                  + Beta.logBeta(A + ones, B + seen - ones)
                  - Beta.logBeta(A, B));
      double truth = (A + ones) / (A + B + seen);
      double predicted = output(head, seen, ones);
      sum -= law * (truth * Math.log(predicted) + (1 - truth) * Math.log1p(-predicted));
    }
    return sum;
  }

  /** The head's output after one token that counts as all those seen: their mean, so often. */
  private static double output(CausalNullHead head, int seen, int ones) {
    if (seen == 0) {
      return head.nullToken().value().get(0, 0);
    }
    Context context =
        new Context(
            new SimpleMatrix(1, 0),
            new SimpleMatrix(1, 1, true, (double) ones / seen),
            new SimpleMatrix(1, 1, true, Math.log(seen)));
    return head.prefixes(context).get(1, 0);
  }

  /** Returns E[H(z)], the loss of one who knows the coin. */
  private static double entropyGivenCoin() {
    double ones = A / (A + B) * CoinIntegral.loss(A + 1, B, 1, 0);
    double zeros = B / (A + B) * CoinIntegral.loss(A, B + 1, 0, 1);
    return ones + zeros;
  }

  /** Returns the null head of a model that sees no more than the last 16 tokens. */
  static Attention windowed(ConjugateModel<?> model) {
    CausalNullHead head = CausalNullHead.of(model);
    return CausalAttention.past(
        (queries, context) -> {
          int n = context.length();
          SimpleMatrix values =
              n <= WINDOW ? context.values() : context.values().rows(n - WINDOW, n);
          int kept = values.getNumRows();
          SimpleMatrix all = head.prefixes(Context.of(new SimpleMatrix(kept, 0), values));
          return all.rows(kept, kept + 1);
        });
  }

  private static Plan plan(String claim, Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (String attention : List.of(HEAD, WINDOWED)) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", MODEL.description().name())
                .with("claim", claim)
                .with("attention", attention)
                .with("origin", "derived")
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("sequences", String.valueOf(size.sequences));
    configuration.put("longest", String.valueOf(size.longest));
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, LENGTH, cells);
  }

  private static CellResult measure(Size size, Seed seed, Cell cell) {
    boolean whole = cell.axis("attention").equals(HEAD);
    Attention attention = whole ? CausalNullHead.of(MODEL) : windowed(MODEL);
    // The same sequences for both heads: their difference is then all that differs.
    Seed own = seed.child(cell.axis(Cell.SEED));
    int[] lengths = Doubling.upTo(size.longest);
    double[][] regrets = new double[lengths.length][size.sequences];
    for (int n = 0; n < size.sequences; n++) {
      Sample<SimpleMatrix> sample = MODEL.sample(size.longest, own.child(n).generator());
      double[] losses = AutoregressiveNullHead.losses(MODEL, attention, sample.tokens());
      double[] regret = LogLoss.regret(losses, known(sample.latent().get(0, 0), sample.tokens()));
      for (int j = 0; j < lengths.length; j++) {
        regrets[j][n] = regret[lengths[j] - 1];
      }
    }
    List<CellPoint> points = new ArrayList<>();
    for (int j = 0; j < lengths.length; j++) {
      points.add(new CellPoint(lengths[j], Map.of(REGRET, Estimate.of(regrets[j]))));
    }
    return new CellResult(points);
  }

  private static double[] known(double coin, Tokens tokens) {
    return LogLoss.of(tokens, (seen, next) -> next.at(0) == 1 ? Math.log(coin) : Math.log1p(-coin));
  }
}
