package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.definetti.attention.ConceptAttention;
import org.definetti.attention.Context;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.EqualMeanClusters;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.latent.finite.RegressionConcepts;
import org.definetti.latent.finite.Topics;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * B3: with finitely many concepts two attention steps are exact.
 *
 * <pre>{@code
 * s_k = Σ_l log P(x^l | z_k),   out = Σ_k softmax_k(log p_k + s_k) E[v | z_k, q]
 * }</pre>
 *
 * <ul>
 *   <li>Exact side: Bayes' rule concept by concept with the likelihood of one token multiplied in
 *       at a time and the probabilities renormalised after each, so that no log-likelihoods are
 *       added.
 *   <li>Models: M4a, M4b with one and with several covariances, M4c, M8, M10.
 *   <li>Control: one softmax at temperature 1 on the averaged evidence, which misses the factor L.
 *   <li>Source: [derived] (check B3).
 * </ul>
 */
public final class ConceptDictionaryExact implements Claim {

  private static final double BOUND = 1e-12;
  private static final int SEQUENCES = 5;
  private static final SimpleMatrix MEANS =
      new SimpleMatrix(3, 2, true, 1.0, 0.0, -0.5, 0.8, -0.5, -0.8);
  private static final SimpleMatrix PRIOR = new SimpleMatrix(1, 3, true, 0.2, 0.5, 0.3);

  /** Returns the claim. */
  public ConceptDictionaryExact() {}

  @Override
  public String id() {
    return "B3";
  }

  @Override
  public String slug() {
    return "concept-dictionary-exact";
  }

  @Override
  public String statement() {
    return "With finitely many concepts two attention steps, evidence summed over tokens and then a"
        + " dictionary of concepts with log-prior biases, are the exact posterior and predictive"
        + " mean at every length.";
  }

  @Override
  public Source source() {
    return Source.derived("check B3");
  }

  @Override
  public String prediction() {
    return "largest deviation of posterior and predictive mean <= 1e-12";
  }

  @Override
  public List<String> tags() {
    return List.of("exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.FULL ? 5 : 1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    SimpleMatrix unit = SimpleMatrix.identity(2);
    SimpleMatrix words =
        new SimpleMatrix(3, 4, true, 0.6, 0.2, 0.1, 0.1, 0.1, 0.5, 0.3, 0.1, 0.2, 0.2, 0.0, 0.6);
    List<SimpleMatrix> maps = List.of(MEANS.rows(0, 1), MEANS.rows(1, 2), MEANS.rows(2, 3));
    int[] lengths = Doubling.upTo(longest(budget));
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(exactness("M4a", CategoricalConcepts.of(words).withPrior(PRIOR), lengths, seed));
    parts.add(exactness("M4b", GaussianConcepts.of(MEANS, 2).withPrior(PRIOR), lengths, seed));
    List<SimpleMatrix> own = List.of(unit, unit.scale(0.5), unit.scale(2));
    parts.add(exactness("M4b-own", GaussianConcepts.of(MEANS, own), lengths, seed));
    parts.add(exactness("M4c", RegressionConcepts.of(maps, 0.5).withPrior(PRIOR), lengths, seed));
    parts.add(exactness("M8", Topics.of(Topics.simplexGrid(3, 4), words), lengths, seed));
    parts.add(exactness("M10", EqualMeanClusters.of(0.5, 1, 2), lengths, seed));
    return ClaimResult.of(parts);
  }

  private static int longest(Budget budget) {
    return budget == Budget.SMOKE ? 64 : budget == Budget.STANDARD ? 256 : 1024;
  }

  private static <Z> ClaimPart exactness(
      String name, FiniteLatentModel<Z> model, int[] lengths, Seed seed) {
    ConceptAttention attention = (ConceptAttention) Derivation.of(model).attention();
    ConceptAttention averaged = attention.averagingEvidence();
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int s = 0; s < SEQUENCES; s++) {
      Seed own = seed.child(name).child(s);
      Tokens all =
          model.sample(lengths[lengths.length - 1], own.child("tokens").generator()).tokens();
      SimpleMatrix query = model.drawQuery(own.child("query").generator());
      for (int length : lengths) {
        Tokens tokens = all.prefix(length);
        double[] exact = bayes(model, tokens);
        double[] mean = predictiveMean(model, exact, query);
        Context context = Context.of(model, tokens);
        for (ConceptAttention form : List.of(attention, averaged)) {
          Deviation deviation = form == attention ? right : wrong;
          deviation.add(form.posterior(context).getDDRM().data, exact);
          deviation.add(form.attend(query, context).getDDRM().data, mean);
        }
      }
    }
    return part(name, right, wrong, "evidence averaged");
  }

  /** Returns P(z_k | X), one token at a time. */
  private static <Z> double[] bayes(FiniteLatentModel<Z> model, Tokens tokens) {
    List<Z> latents = model.latents();
    double[] p = model.priorProbabilities().getDDRM().data.clone();
    for (int l = 0; l < tokens.length(); l++) {
      Token token = tokens.get(l);
      double sum = 0;
      for (int k = 0; k < p.length; k++) {
        p[k] *= Math.exp(model.logLikelihood(latents.get(k), token));
        sum += p[k];
      }
      for (int k = 0; k < p.length; k++) {
        p[k] /= sum;
      }
    }
    return p;
  }

  private static <Z> double[] predictiveMean(
      FiniteLatentModel<Z> model, double[] posterior, SimpleMatrix query) {
    double[] mean = new double[model.tokenSpace().valueWidth()];
    for (int k = 0; k < posterior.length; k++) {
      SimpleMatrix of = model.valueLaw(model.latents().get(k), query).mean();
      for (int j = 0; j < mean.length; j++) {
        mean[j] += posterior[k] * of.get(j);
      }
    }
    return mean;
  }

  private static ClaimPart part(String name, Deviation right, Deviation wrong, String control) {
    String text =
        String.format(Locale.ROOT, "%s: largest deviation %.3g", control, wrong.largest());
    return ClaimPart.of(name, right.atMost(BOUND))
        .withControl(Control.of(wrong.atMost(BOUND), text));
  }
}
