package org.definetti.lab.command;

import java.util.ArrayList;
import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.derivation.BeliefReadout;
import org.definetti.derivation.Derivation;
import org.definetti.derivation.Exactness;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Compares derived attentions with the exact answers on fresh sequences.
 *
 * <p>What is expected of a token need not tell beliefs apart, so the belief that an attention's
 * output determines is compared too, where there is one.
 */
final class DerivationCheck<Z> {

  /** What rounding may leave of an exact attention, relative to max(1, |exact|). */
  static final double TOLERANCE = 1e-10;

  private final LatentModel<Z> model;
  private final int[] lengths;
  private final List<List<Example<Z>>> examples; // by length

  private record Example<Z>(
      Context context, SimpleMatrix query, Predictive exact, Belief<Z> belief) {

    SimpleMatrix mean() {
      return exact.mean();
    }
  }

  /**
   * How far an attention is off at one length.
   *
   * @param largest the largest deviation of the predictive mean, relative to max(1, |exact|)
   * @param squared the mean over the sequences of the squared distance of the predictive means
   * @param belief the largest deviation of the belief read out, infinite if that is no belief of
   *     the model, or null if the attention determines none
   */
  record Errors(double largest, double squared, @Nullable Double belief) {

    /** Whether nothing is off by more than rounding; what is not a number is off. */
    boolean isRounding() {
      return largest <= TOLERANCE && (belief == null || belief <= TOLERANCE);
    }
  }

  /**
   * What was found at one length.
   *
   * @param derived of the derived attention; null where it is not defined, without a token
   * @param control of the wrong attention, or null
   */
  record Row(int length, @Nullable Errors derived, @Nullable Errors control) {}

  private DerivationCheck(LatentModel<Z> model, int[] lengths, List<List<Example<Z>>> examples) {
    this.model = model;
    this.lengths = lengths;
    this.examples = examples;
  }

  /** Draws the sequences, whose prefixes have the increasing lengths, and answers them exactly. */
  static <Z> DerivationCheck<Z> of(LatentModel<Z> model, int[] lengths, int sequences, Seed seed) {
    List<List<Example<Z>>> examples = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      examples.add(new ArrayList<>());
    }
    for (int s = 0; s < sequences; s++) {
      Seed own = seed.child(s);
      int longest = lengths[lengths.length - 1];
      Tokens tokens = model.sample(longest, own.child("tokens").generator()).tokens();
      SimpleMatrix query = model.drawQuery(own.child("query").generator());
      List<Belief<Z>> beliefs = model.prior().prefixes(tokens, lengths);
      for (int i = 0; i < lengths.length; i++) {
        Belief<Z> belief = beliefs.get(i);
        Context context = Context.of(model, tokens.prefix(lengths[i]));
        examples.get(i).add(new Example<>(context, query, belief.predictive(query), belief));
      }
    }
    return new DerivationCheck<>(model, lengths, examples);
  }

  /** Returns how far the exact answers may be off themselves: zero unless they are numerical. */
  double ownError() {
    return examples.stream()
        .flatMap(List::stream)
        .mapToDouble(example -> example.exact().meanError())
        .max()
        .orElse(0);
  }

  /** Returns what is found about a derivation, a row a length. */
  List<Row> rows(Derivation derivation) {
    List<Row> rows = new ArrayList<>();
    Derivation.Control control = derivation.control();
    for (int i = 0; i < lengths.length; i++) {
      Errors derived = errors(derivation.attention(), i);
      Errors wrong = control == null ? null : errors(control.attention(), i);
      rows.add(new Row(lengths[i], derived, wrong));
    }
    return rows;
  }

  /** Whether an attention that claims to be exact is, at every length at which it is defined. */
  static boolean isExact(List<Row> rows) {
    List<Errors> defined = new ArrayList<>();
    for (Row row : rows) {
      if (row.derived() != null) {
        defined.add(row.derived());
      }
    }
    return !defined.isEmpty() && defined.stream().allMatch(Errors::isRounding);
  }

  /** Whether the wrong attention is told from the exact one at some length. */
  static boolean isControlCaught(List<Row> rows) {
    return rows.stream().anyMatch(row -> row.control() != null && !row.control().isRounding());
  }

  /** Whether the derivation keeps what it claims exactly; rates and limits are only measured. */
  static boolean holds(Derivation derivation, List<Row> rows) {
    return !(derivation.exactness() instanceof Exactness.Exact)
        || (isExact(rows) && (derivation.control() == null || isControlCaught(rows)));
  }

  private @Nullable Errors errors(Attention attention, int index) {
    double largest = 0;
    double squared = 0;
    Double belief = null;
    for (Example<Z> example : examples.get(index)) {
      SimpleMatrix out;
      try {
        out = attention.attend(example.query, example.context);
      } catch (IllegalArgumentException e) {
        if (lengths[index] == 0) {
          return null; // without a null token there is nothing to attend to
        }
        throw e;
      }
      largest = Math.max(largest, deviation(out, example.mean()));
      squared += Math.pow(out.minus(example.mean()).normF(), 2);
      Double read = readOut(attention, example);
      if (read != null) {
        belief = belief == null ? read : Double.valueOf(Math.max(belief, read));
      }
    }
    return new Errors(largest, squared / examples.get(index).size(), belief);
  }

  private @Nullable Double readOut(Attention attention, Example<Z> example) {
    try {
      Belief<Z> read = BeliefReadout.of(model, attention, example.context);
      return deviation(numbers(read), numbers(example.belief));
    } catch (UnsupportedOperationException e) {
      return null; // no belief is determined, or it has no mean in closed form
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Double.POSITIVE_INFINITY; // what is read out is no belief of the model
    }
  }

  private static SimpleMatrix numbers(Belief<?> belief) {
    return belief instanceof FiniteBelief<?> finite ? finite.probabilities() : belief.mean();
  }

  /** Returns the largest of {@code |a - e| / max(1, |e|)}; a NaN stays. */
  static double deviation(SimpleMatrix actual, SimpleMatrix exact) {
    double largest = 0;
    for (int i = 0; i < exact.getNumElements(); i++) {
      double scale = Math.max(1, Math.abs(exact.get(i)));
      largest = Math.max(largest, Math.abs(actual.get(i) - exact.get(i)) / scale);
    }
    return largest;
  }
}
