package org.definetti.lab.model;

import static org.definetti.lab.model.BuiltInModel.ANY_LENGTH;
import static org.definetti.lab.model.BuiltInModel.ordered;

import java.util.List;
import org.definetti.latent.mixture.DirichletProcess;
import org.definetti.latent.mixture.ShownAtoms;
import org.definetti.latent.mixture.TwoTopics;
import org.ejml.simple.SimpleMatrix;

/** The models of unknown mixtures of the catalogue. */
final class MixtureModels {

  static final List<BuiltInModel> ALL =
      List.of(
          new BuiltInModel(
              "two-topics",
              "Words of a document that mixes two known topics in an unknown share (latent"
                  + " Dirichlet allocation).",
              "z ~ Beta(a, b);  P(x = w | z) = z beta_1w + (1 - z) beta_2w; rows of beta as"
                  + " proportions",
              "posterior (a mixture of L + 1 Betas), predictive, evidence by the O(L^2) recursion;"
                  + " entropy by quadrature",
              "20,000 tokens: observing them all costs O(L^2)",
              ordered("a", "1", "b", "1", "topics", "6/3/1/0/1/3/4/12"),
              MixtureModels::topics,
              TwoTopics::from),
          new BuiltInModel(
              "dirichlet-process",
              "Draws from an unknown discrete law: old values come back, new ones keep coming.",
              "G ~ DP(nu, N(0, t2 I));  x | G ~ G;  x | X is a value seen n times with weight n, or"
                  + " new with weight nu",
              "predictive (Chinese restaurant), evidence of the partition, posterior draws of G;"
                  + " null-token softmax is exact at every length",
              ANY_LENGTH + " but for the distinct values, about nu log L",
              ordered("dimension", "1", "concentration", "1", "base-variance", "1"),
              s ->
                  DirichletProcess.of(
                      s.whole("dimension"), s.number("concentration"), s.number("base-variance")),
              DirichletProcess::from),
          new BuiltInModel(
              "shown-atoms",
              "A few points are shown, then one of them is measured again and again: which one?",
              "a_1..a_k ~ N(0, t2 I);  z = a_j, j uniform;  tokens (0, a_1)..(0, a_k), then (1, z +"
                  + " noise of variance s2)",
              "posterior (a mixture of the points shown and one Gaussian), predictive, evidence;"
                  + " once all points are shown it is softmax attention to them",
              ANY_LENGTH,
              ordered("dimension", "4", "atoms", "4", "prior-variance", "1", "noise-variance", "1"),
              s ->
                  ShownAtoms.of(
                      s.whole("dimension"),
                      s.whole("atoms"),
                      s.number("prior-variance"),
                      s.number("noise-variance")),
              ShownAtoms::from));

  private MixtureModels() {}

  private static TwoTopics topics(Settings s) {
    SimpleMatrix weights = FiniteModels.rows(s, "topics", 2);
    int words = weights.getNumCols();
    double[] numbers = weights.getDDRM().data;
    SimpleMatrix first = FiniteModels.proportions("topics, row 0", numbers, 0, words);
    SimpleMatrix second = FiniteModels.proportions("topics, row 1", numbers, words, words);
    return TwoTopics.of(first.concatRows(second)).withPrior(s.number("a"), s.number("b"));
  }
}
