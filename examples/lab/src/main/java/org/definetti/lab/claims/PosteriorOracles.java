package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.lab.oracle.Oracle;
import org.definetti.latent.Belief;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * M: every model of the catalogue beside an oracle that shares no code with it.
 *
 * <pre>{@code
 * log P(X),   E[v | q, X],   log P(x^(L+1) | X)      deviation |a - e| / max(1, |e|)
 * }</pre>
 *
 * <ul>
 *   <li>Oracles: sums over all latents, or over the nodes of a quadrature rule, of plain products
 *       of probabilities; the joint Gaussian of all values; predictions counted anew at every
 *       token.
 *   <li>One part a model, named after it; its verdict says which oracle it met.
 *   <li>Control of each part: the same model with one hyperparameter off by a tenth or so.
 *   <li>Source: models M1-M12, X3 of the theory; sums and quadratures [derived].
 * </ul>
 */
public final class PosteriorOracles implements Claim {

  /** The id of the claim. */
  public static final String ID = "M";

  /** Returns the claim. */
  public PosteriorOracles() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "posterior-oracles";
  }

  @Override
  public String statement() {
    return "Evidence, predictive mean and predictive probability of every built-in model agree with"
        + " brute force that shares no code with it.";
  }

  @Override
  public Source source() {
    return Source.derived("models M1-M12 and X3; Bayes' rule written out");
  }

  @Override
  public String prediction() {
    return "largest deviation of a model <= 1e-10, or 2e-9 where it is a quadrature, over lengths 0..16";
  }

  @Override
  public List<String> tags() {
    return List.of("models", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> 20;
          case FULL -> 90;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<ClaimPart> parts = new ArrayList<>();
    for (OracleCase model : OracleCases.ALL) {
      parts.add(part(model, budget, seed.child(model.name())));
    }
    return ClaimResult.of(parts);
  }

  private static int[] lengths(Budget budget) {
    return budget == Budget.SMOKE ? new int[] {0, 1, 5} : new int[] {0, 1, 2, 5, 16};
  }

  private static int sequences(Budget budget) {
    return switch (budget) {
      case SMOKE -> 1;
      case STANDARD -> 4;
      case FULL -> 20;
    };
  }

  private static ClaimPart part(OracleCase pair, Budget budget, Seed seed) {
    LatentModel<?> right = pair.model();
    LatentModel<?> wrong = pair.wrongModel();
    Oracle oracle = pair.oracleOf(right);
    Deviation ofRight = new Deviation();
    Deviation ofWrong = new Deviation();
    int[] lengths = lengths(budget);
    for (int s = 0; s < sequences(budget); s++) {
      Seed own = seed.child(s);
      int longest = lengths[lengths.length - 1];
      Tokens sequence = right.sample(longest + 1, own.child("tokens").generator()).tokens();
      SimpleMatrix query = right.drawQuery(own.child("query").generator());
      for (int length : lengths) {
        double[] exact = exact(oracle, sequence, length, query);
        ofRight.add(answers(right, sequence, length, query), exact);
        ofWrong.add(answers(wrong, sequence, length, query), exact);
      }
    }
    String text = pair.wrong() + String.format(Locale.ROOT, ": %.3g", ofWrong.largest());
    return ClaimPart.of(pair.name(), ofRight.atMost(pair.bound()).withReason(pair.method()))
        .withControl(Control.of(ofWrong.atMost(pair.bound()), text));
  }

  private static double[] exact(Oracle oracle, Tokens sequence, int length, SimpleMatrix query) {
    double evidence = oracle.logEvidence(sequence.prefix(length));
    double next = oracle.logEvidence(sequence.prefix(length + 1)) - evidence;
    double[] mean = oracle.predictiveMean(sequence.prefix(length), query.getDDRM().data);
    return joined(evidence, next, mean);
  }

  private static double[] joined(double evidence, double next, double[] mean) {
    double[] all = Arrays.copyOf(mean, mean.length + 2);
    all[mean.length] = evidence;
    all[mean.length + 1] = next;
    return all;
  }

  private static <Z> double[] answers(
      LatentModel<Z> model, Tokens sequence, int length, SimpleMatrix query) {
    Belief<Z> belief = model.prior().observe(sequence.prefix(length));
    Tokens next = sequence.slice(length, length + 1);
    SimpleMatrix key = model.tokenSpace().hasQueries() ? next.keys() : query;
    SimpleMatrix value =
        model instanceof ConjugateModel<Z> conjugate ? conjugate.statistic(next) : next.values();
    Predictive predictive = belief.predictive(key);
    return joined(
        belief.logEvidence(),
        predictive.logProbability(value.getDDRM().data),
        belief.predictive(query).mean().getDDRM().data);
  }
}
