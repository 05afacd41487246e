package org.definetti.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.audit.Concentration;
import org.definetti.audit.TokenDivergence;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Verdict;
import org.definetti.latent.Tokens;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Categorical;
import org.definetti.random.Dirichlet;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * Parts of X1: which concept a prompt selects when pretraining is not exchangeable.
 *
 * <p>A concept is a hidden Markov chain over content states and one delimiter state, all concepts
 * with the same emissions. A prompt is a row of examples of k tokens, each followed by the
 * delimiter. Examples run by the transitions of the prompt's concept but start where the prompt
 * pleases, so a prompt is no text that pretraining would produce.
 *
 * <pre>{@code
 * rate = E log [P_θ*(O, delimiter) / P_θ(O, delimiter)]  ≥  Σ_j KL_j - ε_start - ε_delim
 * Σ_j KL_j = KL(law of an example in the prompt ‖ its law under θ),   j = 1..k
 * ε_start  = -log min_s P_θ*(start s) / P_prompt(start s)
 * ε_delim  = log(c2/c1) + (k-1) log((1-c1)/(1-c2)),   c1 ≤ P(delimiter | s) ≤ c2
 * }</pre>
 *
 * <ul>
 *   <li>If the right side is positive the posterior doubt about the prompt's concept falls by that
 *       much, at least, with each example.
 *   <li>The delimiter tells the state, so examples are independent given the concept and the rate
 *       is a sum over all W^k examples. Without costs (examples start as the concept does, one rate
 *       of delimiters) the bound is attained. The evidence of whole prompts is the forward
 *       algorithm's.
 *   <li>Controls: the bound without its two costs; a prompt that starts its examples elsewhere; a
 *       prompt that fails the condition and selects the wrong concept.
 *   <li>Source: condition [recalled: Xie-2021, distinguishability]; role [source: Xie-2021, Theorem
 *       1]; the inequality in this form [derived].
 * </ul>
 */
final class PromptConcepts {

  private static final int STATES = 3; // content states; state 3 is the delimiter
  private static final int WORDS = 4; // content tokens; token 4 is the delimiter
  private static final int EXAMPLE = 3;
  private static final double ROUNDING = 1e-12;
  private static final double IDENTITY = 1e-10;
  private static final double CLEARLY = 0.05; // nats an example
  private static final SimpleMatrix EMISSION =
      new SimpleMatrix(
          new double[][] {
            {0.7, 0.1, 0.1, 0.1, 0},
            {0.1, 0.7, 0.1, 0.1, 0},
            {0.1, 0.1, 0.4, 0.4, 0},
            {0, 0, 0, 0, 1}
          });

  /**
   * Where a concept starts after a delimiter, how it moves, and when it ends: shapes (3), (3, 3).
   */
  private record Concept(SimpleMatrix start, SimpleMatrix moves, SimpleMatrix ends) {

    /** Returns the law of the content of an example that starts as told, over all W^k. */
    SimpleMatrix law(SimpleMatrix from) {
      return examples(from, moves, new SimpleMatrix(1, STATES).plus(1));
    }

    /** Returns P(O, delimiter) after a delimiter, over all W^k contents O. */
    SimpleMatrix withDelimiter() {
      SimpleMatrix stays = SimpleMatrix.diag(ends.scale(-1).plus(1).getDDRM().data);
      return examples(start, stays.mult(moves), ends);
    }

    /** Returns the chain over content and delimiter that begins at a delimiter. */
    HiddenMarkov chain() {
      double[][] rows = new double[STATES + 1][STATES + 1];
      for (int s = 0; s < STATES; s++) {
        for (int next = 0; next < STATES; next++) {
          rows[s][next] = (1 - ends.get(0, s)) * moves.get(s, next);
        }
        rows[s][STATES] = ends.get(0, s);
        rows[STATES][s] = start.get(0, s);
      }
      SimpleMatrix first = new SimpleMatrix(new double[][] {{0, 0, 0, 1}});
      return HiddenMarkov.of(first, new SimpleMatrix(rows), EMISSION);
    }
  }

  /** The prompt's concept, a rival, and where the prompt starts its examples. */
  private record Case(Concept truth, Concept rival, SimpleMatrix promptStart) {

    SimpleMatrix prompt() {
      return truth.law(promptStart);
    }

    /** Returns the expected log odds that one example brings. */
    double rate() {
      SimpleMatrix prompt = prompt();
      double[] odds = logOdds();
      double rate = 0;
      for (int o = 0; o < odds.length; o++) {
        rate += prompt.get(0, o) * odds[o];
      }
      return rate;
    }

    double[] logOdds() {
      SimpleMatrix own = truth.withDelimiter();
      SimpleMatrix other = rival.withDelimiter();
      double[] odds = new double[own.getNumCols()];
      Arrays.setAll(odds, o -> Math.log(own.get(0, o)) - Math.log(other.get(0, o)));
      return odds;
    }

    double divergence() {
      return TokenDivergence.categoricalKl(prompt(), rival.law(rival.start));
    }

    double costs() {
      double least = Double.POSITIVE_INFINITY;
      for (int s = 0; s < STATES; s++) {
        least = Math.min(least, truth.start.get(0, s) / promptStart.get(0, s));
      }
      double low = Math.min(truth.ends.elementMin(), rival.ends.elementMin());
      double high = Math.max(truth.ends.elementMax(), rival.ends.elementMax());
      double delimiter =
          Math.log(high / low) + (EXAMPLE - 1) * (Math.log1p(-low) - Math.log1p(-high));
      return delimiter - Math.log(least);
    }
  }

  private PromptConcepts() {}

  static List<ClaimPart> check(Budget budget, Seed seed) {
    int cases = budget == Budget.FULL ? 2000 : 200;
    int examples = budget == Budget.SMOKE ? 300 : 2000;
    return List.of(
        bound(cases, seed.child("bound")),
        seamless(cases / 10, seed.child("seamless")),
        forward(seed.child("forward")),
        selection(examples, seed.child("selection")));
  }

  private static ClaimPart bound(int cases, Seed seed) {
    double right = Double.NEGATIVE_INFINITY;
    double wrong = Double.NEGATIVE_INFINITY;
    for (int n = 0; n < cases; n++) {
      Case one = draw(seed.child(n).generator());
      double rate = one.rate();
      right = Math.max(right, one.divergence() - one.costs() - rate);
      wrong = Math.max(wrong, one.divergence() - rate);
    }
    Prediction never = Prediction.atMost(ROUNDING);
    return ClaimPart.of("prompt-bound", Verdict.exact(right, never))
        .withControl(
            Control.of(
                Verdict.exact(wrong, never),
                text("no cost for start and delimiter: bound exceeded by %.3g nats", wrong)));
  }

  /** Without seams, that is with the concept's own start and one delimiter rate, it is attained. */
  private static ClaimPart seamless(int cases, Seed seed) {
    SimpleMatrix ends = new SimpleMatrix(1, STATES).plus(0.2);
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int n = 0; n < cases; n++) {
      Case one = draw(seed.child(n).generator());
      Concept truth = new Concept(one.truth.start, one.truth.moves, ends);
      Concept rival = new Concept(one.rival.start, one.rival.moves, ends);
      Case own = new Case(truth, rival, truth.start);
      right.add(own.rate(), own.divergence() - own.costs());
      Case elsewhere = new Case(truth, rival, one.promptStart);
      wrong.add(elsewhere.rate(), elsewhere.divergence());
    }
    return ClaimPart.of("prompt-seamless", right.atMost(ROUNDING))
        .withControl(
            Control.of(
                wrong.atMost(ROUNDING),
                text("examples that start elsewhere: off by up to %.3g", wrong.largest())));
  }

  /** The forward algorithm on whole prompts against sums over examples. */
  private static ClaimPart forward(Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int n = 0; n < 5; n++) {
      Case one = draw(seed.child(n).generator());
      int[] prompt = examples(one, 20, seed.child(n).child("prompt"));
      double[] odds = one.logOdds();
      double sum = 0;
      for (int example : prompt) {
        sum += odds[example];
      }
      double[] evidence = logEvidence(one, prompt);
      right.add(evidence[0] - evidence[1], sum);
      Concept elsewhere = new Concept(one.promptStart, one.truth.moves, one.truth.ends);
      double[] moved = logEvidence(new Case(elsewhere, one.rival, one.promptStart), prompt);
      wrong.add(moved[0] - moved[1], sum);
    }
    return ClaimPart.of("prompt-forward", right.atMost(IDENTITY))
        .withControl(
            Control.of(
                wrong.atMost(IDENTITY),
                text("a concept that starts as the prompt does: off by %.3g", wrong.largest())));
  }

  /** The largest log doubt after many examples among prompts that meet the condition clearly. */
  private static ClaimPart selection(int examples, Seed seed) {
    double right = Double.NEGATIVE_INFINITY;
    int found = 0;
    for (int n = 0; found < 10; n++) {
      Case one = draw(seed.child(n).generator());
      if (one.divergence() - one.costs() > CLEARLY) {
        found++;
        right = Math.max(right, logDoubt(one, examples, seed.child(n)));
      }
    }
    Case fails = failing();
    double wrong = logDoubt(fails, examples, seed.child("fails"));
    Prediction selected = Prediction.atMost(Math.log(0.01));
    return ClaimPart.of("prompt-selection", Verdict.exact(right, selected))
        .withControl(
            Control.of(
                Verdict.exact(wrong, selected),
                String.format(
                    Locale.ROOT,
                    "sum of KL %.3f below its costs %.3f: the wrong concept is selected, rate %.3f",
                    fails.divergence(),
                    fails.costs(),
                    fails.rate())));
  }

  private static double logDoubt(Case one, int examples, Seed seed) {
    int[] prompt = examples(one, examples, seed.child("prompt"));
    return Concentration.logDoubt(logEvidence(one, prompt), 0);
  }

  /** Examples start where the true concept hardly ever starts and the rival mostly does. */
  private static Case failing() {
    SimpleMatrix ends = new SimpleMatrix(1, STATES).plus(0.2);
    SimpleMatrix moves = new SimpleMatrix(STATES, STATES).plus(0.15);
    SimpleMatrix slow = moves.plus(SimpleMatrix.identity(STATES).scale(0.55));
    SimpleMatrix slower =
        new SimpleMatrix(STATES, STATES).plus(0.1).plus(SimpleMatrix.identity(STATES).scale(0.7));
    SimpleMatrix seldom = new SimpleMatrix(1, 3, true, 0.04, 0.48, 0.48);
    SimpleMatrix mostly = new SimpleMatrix(1, 3, true, 0.9, 0.05, 0.05);
    return new Case(new Concept(seldom, slow, ends), new Concept(mostly, slower, ends), mostly);
  }

  private static int[] examples(Case one, int count, Seed seed) {
    Categorical law = Categorical.of(one.prompt().getDDRM().data);
    RandomGenerator rng = seed.generator();
    int[] prompt = new int[count];
    Arrays.setAll(prompt, n -> law.draw(rng));
    return prompt;
  }

  /** Returns log P(prompt | θ*) and log P(prompt | θ) by the forward algorithm. */
  private static double[] logEvidence(Case one, int... prompt) {
    double[] rows = new double[1 + prompt.length * (EXAMPLE + 1)];
    int next = 0;
    rows[next++] = WORDS;
    for (int example : prompt) {
      for (int j = 0, rest = example; j < EXAMPLE; j++, rest /= WORDS) {
        rows[next++] = rest % WORDS;
      }
      rows[next++] = WORDS;
    }
    double[] evidence = new double[2];
    for (int c = 0; c < 2; c++) {
      HiddenMarkov chain = (c == 0 ? one.truth : one.rival).chain();
      Tokens tokens = Tokens.ofRows(chain.tokenSpace(), rows);
      evidence[c] = chain.prior().observe(tokens).logEvidence();
    }
    return evidence;
  }

  /**
   * Returns the probability of each content of an example, (1, W^k), token 0 the lowest digit.
   *
   * @param end the factor of each last state
   */
  private static SimpleMatrix examples(SimpleMatrix start, SimpleMatrix moves, SimpleMatrix end) {
    int count = (int) Math.pow(WORDS, EXAMPLE);
    double[] law = new double[count];
    for (int o = 0; o < count; o++) {
      SimpleMatrix forward = start;
      for (int j = 0, rest = o; j < EXAMPLE; j++, rest /= WORDS) {
        SimpleMatrix seen = EMISSION.extractMatrix(0, STATES, rest % WORDS, rest % WORDS + 1);
        forward = (j == 0 ? forward : forward.mult(moves)).elementMult(seen.transpose());
      }
      law[o] = forward.dot(end);
    }
    return new SimpleMatrix(1, count, true, law);
  }

  private static Case draw(RandomGenerator rng) {
    return new Case(concept(rng), concept(rng), start(rng));
  }

  private static Concept concept(RandomGenerator rng) {
    double[][] moves = new double[STATES][];
    double[][] ends = new double[1][STATES];
    for (int s = 0; s < STATES; s++) {
      moves[s] = Dirichlet.draw(new double[] {0.4, 0.4, 0.4}, rng);
      ends[0][s] = 0.2 + 0.02 * rng.nextDouble();
    }
    return new Concept(start(rng), new SimpleMatrix(moves), new SimpleMatrix(ends));
  }

  private static SimpleMatrix start(RandomGenerator rng) {
    return new SimpleMatrix(new double[][] {Dirichlet.draw(new double[] {20, 20, 20}, rng)});
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
