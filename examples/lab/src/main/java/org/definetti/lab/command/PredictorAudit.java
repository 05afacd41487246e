package org.definetti.lab.command;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.audit.Coherence;
import org.definetti.audit.CoherenceGaps;
import org.definetti.audit.Predictors;
import org.definetti.derivation.Derivation;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Violations of exchangeability (A2, A3) by what predicts the next token, where tokens are
 * categories.
 */
final class PredictorAudit {

  private static final int ORDERS = 10;

  private PredictorAudit() {}

  /** Returns a table, or nothing for tokens that are no categories. */
  static String table(LatentModel<?> model, @Nullable TrainedRun run, int length, Seed seed) {
    if (!(model.tokenSpace() instanceof CategoricalTokens categories)
        || !predictsCategories(model, categories.count())) {
      return "";
    }
    Map<String, Function<Tokens, SimpleMatrix>> predictors = new LinkedHashMap<>();
    predictors.put("exact", Predictors.categories(model));
    if (Derivation.whyNone(model).isEmpty()) {
      predictors.put("derived", predictor(model, Derivation.of(model).attention()));
    }
    if (run != null && run.head() == null && predictsTokens(run.objective())) {
      predictors.put("trained", predictor(model, run.attention()));
    }
    StringBuilder text =
        new StringBuilder("\nlargest violation by the prediction of the next token");
    text.append(
        String.format(
            Locale.ROOT,
            "%n%-12s  %-10s  %-10s  %-10s%n",
            "",
            "order of past",
            "martingale",
            "two-step"));
    Tokens tokens = model.sample(length, seed.child("tokens").generator()).tokens();
    predictors.forEach(
        (name, predictor) -> {
          try {
            CoherenceGaps gaps =
                Coherence.largest(tokens, ORDERS, seed.child("orders").generator(), predictor);
            text.append(
                String.format(
                    Locale.ROOT,
                    "%-12s  %-13.2g  %-10.2g  %-10.2g%n",
                    name,
                    gaps.past(),
                    gaps.martingale(),
                    gaps.symmetry()));
          } catch (IllegalArgumentException e) {
            text.append(name).append(": ").append(e.getMessage()).append('\n');
          }
        });
    return text.toString();
  }

  private static boolean predictsTokens(Objective objective) {
    return objective == Objective.MASKED || objective == Objective.NEXT_TOKEN;
  }

  private static boolean predictsCategories(LatentModel<?> model, int count) {
    return !(model instanceof ConjugateModel<?> conjugate)
        || conjugate.priorMean().getNumCols() == count;
  }

  private static Function<Tokens, SimpleMatrix> predictor(
      LatentModel<?> model, Attention attention) {
    return tokens -> attention.attend(model.tokenSpace().emptyQuery(), Context.of(model, tokens));
  }
}
