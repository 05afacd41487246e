package org.definetti.lab.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.attention.Context;
import org.definetti.derivation.Derivation;
import org.definetti.derivation.Exactness;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.directional.VonMisesFisherMean;
import org.definetti.latent.mixture.DirichletProcess;
import org.definetti.latent.mixture.TwoTopics;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class DirectionalAndMixtureModelsTest {

  private static LatentModel<?> model(String text) {
    return Models.of(text, UserClasses.of(null));
  }

  @Test
  void everyModelIsReadBackFromItsDescription() {
    for (List<BuiltInModel> family : List.of(DirectionalModels.ALL, MixtureModels.ALL)) {
      for (BuiltInModel entry : family) {
        LatentModel<?> model = entry.build("");
        assertEquals(entry.name(), model.description().name());
        assertEquals(model, entry.reader().apply(model.description()));
        assertEquals(3, model.sample(3, Seed.of(1).generator()).tokens().length());
      }
    }
  }

  @Test
  void settingsReachTheModel() {
    VonMisesFisherMean mean =
        (VonMisesFisherMean)
            model("von-mises-fisher-mean:dimension=4,concentration=7,prior-concentration=0.5");
    assertEquals(4, mean.tokenSpace().dimension());
    assertEquals(7, mean.concentration());
    assertEquals(0.5, mean.priorParameter().get(0, 0));
    TwoTopics topics = (TwoTopics) model("two-topics:a=2,b=3,topics=1/3/2/2");
    assertEquals(0.75, topics.topics().get(0, 1));
    assertEquals(0.5, topics.topics().get(1, 0));
    assertEquals(3, topics.b());
    String message =
        assertThrows(IllegalArgumentException.class, () -> model("directional:dimension=3").prior())
            .getMessage();
    assertEquals("dimension: expected 2, got 3", message.substring(0, 28));
  }

  /** A Chinese restaurant is a null head: weight ν, value the base mean. */
  @Test
  void theNullTokenSoftmaxOfADirichletProcessIsDerived() {
    DirichletProcess process = (DirichletProcess) model("dirichlet-process:concentration=3");
    Derivation derived = Derivation.of(process);
    assertEquals("null-token-softmax", derived.form());
    assertEquals(Exactness.exact(), derived.exactness());
    Tokens tokens = process.sample(9, Seed.of(2).generator()).tokens();
    SimpleMatrix query = process.tokenSpace().emptyQuery();
    SimpleMatrix expected = process.prior().observe(tokens).predictive(query).mean();
    SimpleMatrix out = derived.attention().attend(query, Context.of(process, tokens));
    assertTrue(expected.isIdentical(out, 1e-14));
  }
}
