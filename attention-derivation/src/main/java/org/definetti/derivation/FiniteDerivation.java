package org.definetti.derivation;

import java.util.List;
import java.util.function.Function;
import org.definetti.attention.ConceptAttention;
import org.definetti.latent.FiniteLatentModel;
import org.ejml.simple.SimpleMatrix;

/**
 * Finitely many latents: evidence is gathered, then looked up in a dictionary of concepts (B3).
 *
 * <pre>{@code
 * s_k = Σ_l log P(x^l | z_k),   out = Σ_k softmax_k(log p_k + s_k) E[v | z_k, q]
 * }</pre>
 */
final class FiniteDerivation {

  private FiniteDerivation() {}

  static <Z> List<Derivation> of(FiniteLatentModel<Z> model) {
    int concepts = model.latents().size();
    ConceptAttention twoSteps =
        ConceptAttention.of(
            model.priorProbabilities(),
            context -> model.logLikelihoods(ContextTokens.of(model.tokenSpace(), context)),
            dictionary(model));
    return List.of(
        new Derivation(
                "concept-dictionary",
                "evidence summed, then softmax over " + concepts + " concepts at temperature 1",
                twoSteps,
                Exactness.exact(),
                "Step 1 gathers the evidence s_k = Σ_l log P(x^l|z_k): a null head divided by its"
                    + " null weight. Step 2 looks up a dictionary of concepts with logits log p_k +"
                    + " s_k and values E[v|z_k, q]. out = Σ_k P(z_k|X) E[v|z_k, q] for every L.",
                "[derived] B3")
            .withParameter("concepts K", String.valueOf(concepts))
            .withParameter("log-prior biases log p", logs(model.priorProbabilities()))
            .withParameter("temperature", "1")
            .withControl(
                "evidence averaged over tokens, not summed", twoSteps.averagingEvidence()));
  }

  private static <Z> Function<SimpleMatrix, SimpleMatrix> dictionary(FiniteLatentModel<Z> model) {
    if (model.tokenSpace().hasQueries()) {
      return query -> values(model, query);
    }
    SimpleMatrix fixed = values(model, model.tokenSpace().emptyQuery());
    return query -> fixed;
  }

  private static <Z> SimpleMatrix values(FiniteLatentModel<Z> model, SimpleMatrix query) {
    List<Z> latents = model.latents();
    SimpleMatrix values = new SimpleMatrix(latents.size(), model.tokenSpace().valueWidth());
    int width = values.getNumCols();
    for (int k = 0; k < latents.size(); k++) {
      double[] mean = model.valueLaw(latents.get(k), query).mean().getDDRM().data;
      System.arraycopy(mean, 0, values.getDDRM().data, k * width, width);
    }
    return values;
  }

  private static String logs(SimpleMatrix priors) {
    return priors.getNumCols() > Words.LONGEST
        ? priors.getNumCols() + " numbers"
        : Words.row(priors.elementLog());
  }
}
