package org.definetti.lab.model;

import static org.definetti.lab.model.BuiltInModel.ANY_LENGTH;
import static org.definetti.lab.model.BuiltInModel.ordered;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.definetti.latent.LatentModel;
import org.definetti.latent.sequence.AutoRegression;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.latent.sequence.IndexTied;
import org.definetti.latent.sequence.MarkovChain;
import org.definetti.latent.sequence.Urn;
import org.ejml.simple.SimpleMatrix;

/** The models of the catalogue whose order of tokens matters, or that end. */
final class SequenceModels {

  private static final String CONTROL = "; a control: its tokens are not exchangeable";

  static final List<BuiltInModel> ALL =
      List.of(
          new BuiltInModel(
              "hidden-markov",
              "Symbols or points emitted by a state that one does not see and that moves on after"
                  + " each.",
              "s1 ~ initial;  s' | s ~ transition(s);  x | s ~ emission(s);  z = the state that"
                  + " emits the next token",
              "filter, smoothing, predictive, evidence, by scaled forward and backward recursions"
                  + CONTROL,
              ANY_LENGTH,
              ordered(
                  "tokens",
                  "categorical",
                  "initial",
                  "0.5/0.5",
                  "transition",
                  "0.9/0.1/0.2/0.8",
                  "emission",
                  "0.8/0.2/0.2/0.8",
                  "means",
                  "-1/1",
                  "variance",
                  "1"),
              SequenceModels::hiddenMarkov,
              HiddenMarkov::from),
          new BuiltInModel(
              "markov-chain",
              "Symbols that depend on the symbol before, with unknown transition probabilities.",
              "row i of z ~ Dirichlet(alpha_i);  x1 ~ initial;  x' | x, z ~ row x of z",
              "posterior, predictive, evidence, from first token and transition counts" + CONTROL,
              ANY_LENGTH,
              ordered("alpha", "1/1/1/1/1/1/1/1/1", "initial", "uniform"),
              SequenceModels::markovChain,
              MarkovChain::from),
          new BuiltInModel(
              "autoregression",
              "Numbers that remember the number before, around an unknown level.",
              "z ~ N(m0, t2);  x1 | z ~ N(z, s2 / (1 - memory^2));  x' - z = memory (x - z) + noise"
                  + " of variance s2",
              "posterior, predictive, evidence" + CONTROL,
              ANY_LENGTH,
              ordered(
                  "memory",
                  "0.8",
                  "prior-variance",
                  "1",
                  "noise-variance",
                  "0.36",
                  "prior-mean",
                  "0"),
              s ->
                  AutoRegression.of(
                          s.number("memory"),
                          s.number("prior-variance"),
                          s.number("noise-variance"))
                      .withPriorMean(s.number("prior-mean")),
              AutoRegression::from),
          new BuiltInModel(
              "index-tied",
              "An ordered list whose places have laws of their own: shuffling it breaks it.",
              "z ~ prior;  token l | z ~ row z of law (l mod period), independent given z",
              "posterior, predictive, evidence" + CONTROL,
              ANY_LENGTH,
              ordered("prior", "0.5/0.5", "period", "2", "laws", "0.9/0.1/0.5/0.5/0.2/0.8/0.6/0.4"),
              SequenceModels::indexTied,
              IndexTied::from),
          new BuiltInModel(
              "urn",
              "Balls of known colours drawn without being put back.",
              "P(next is w | X) = (balls of w left) / (balls left)",
              "predictive, evidence; a control: exchangeable, but no latent makes its tokens"
                  + " independent",
              "as many tokens as there are balls: none is left after",
              ordered("balls", "50/50"),
              s -> Urn.of(wholes("balls", s)),
              Urn::from));

  private SequenceModels() {}

  private static SimpleMatrix row(double... numbers) {
    return new SimpleMatrix(1, numbers.length, true, numbers);
  }

  /** Reads a table of given height written row after row. */
  static SimpleMatrix table(String key, int rows, Settings settings) {
    double[] numbers = settings.numbers(key);
    if (numbers.length % rows != 0) {
      throw new IllegalArgumentException(
          key + ": expected a multiple of " + rows + " numbers, got " + numbers.length);
    }
    return new SimpleMatrix(rows, numbers.length / rows, true, numbers);
  }

  private static int[] wholes(String key, Settings settings) {
    double[] numbers = settings.numbers(key);
    for (double number : numbers) {
      if (number != (int) number) {
        throw new IllegalArgumentException(key + ": expected whole numbers, got " + number);
      }
    }
    return Arrays.stream(numbers).mapToInt(number -> (int) number).toArray();
  }

  private enum Emitted {
    CATEGORICAL,
    GAUSSIAN
  }

  private static LatentModel<?> hiddenMarkov(Settings s) {
    SimpleMatrix initial = row(s.numbers("initial"));
    int states = initial.getNumCols();
    SimpleMatrix transition = table("transition", states, s);
    return s.choice("tokens", Emitted.class) == Emitted.CATEGORICAL
        ? HiddenMarkov.of(initial, transition, table("emission", states, s))
        : HiddenMarkov.gaussian(
            initial, transition, table("means", states, s), s.number("variance"));
  }

  private static LatentModel<?> markovChain(Settings s) {
    int width = (int) Math.round(Math.sqrt(s.numbers("alpha").length));
    MarkovChain model = MarkovChain.of(table("alpha", width, s));
    return s.says("initial", "uniform") ? model : model.withInitial(row(s.numbers("initial")));
  }

  private static LatentModel<?> indexTied(Settings s) {
    SimpleMatrix prior = row(s.numbers("prior"));
    int concepts = prior.getNumCols();
    int period = s.whole("period");
    if (period < 1) {
      throw new IllegalArgumentException("period: expected >= 1, got " + period);
    }
    SimpleMatrix laws = table("laws", period * concepts, s);
    return IndexTied.of(
        prior,
        IntStream.range(0, period)
            .mapToObj(r -> laws.rows(r * concepts, (r + 1) * concepts))
            .toList());
  }
}
