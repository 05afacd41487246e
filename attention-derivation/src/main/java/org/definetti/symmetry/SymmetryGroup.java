package org.definetti.symmetry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.random.Haar;
import org.ejml.simple.SimpleMatrix;

/**
 * A group of moves with its uniform law: finite and listed, or continuous and drawn from.
 *
 * <p>An immutable value. Source: [derived].
 */
public final class SymmetryGroup {

  private static final int LARGEST_SYMMETRISED = 50_000;

  private final String name;
  private final Function<RandomGenerator, Move> law;
  private final Supplier<List<Move>> list;

  private SymmetryGroup(
      String name, Function<RandomGenerator, Move> law, Supplier<List<Move>> list) {
    this.name = name;
    this.law = law;
    this.list = list;
  }

  /** Returns O(d): changes of the orthonormal basis of tokens, knowledge and outputs together. */
  public static SymmetryGroup orthogonal(int dimension) {
    Check.atLeast("dimension", 1, dimension);
    return new SymmetryGroup(
        "O(" + dimension + ")",
        rng -> Move.turn(Haar.orthogonal(dimension, rng)),
        () -> {
          throw new UnsupportedOperationException(
              "O(" + dimension + ") has no list of elements because it is continuous");
        });
  }

  /**
   * Returns the finite subgroup of O(d) of signed permutation matrices, order {@code 2^d d!}.
   *
   * @param dimension d, from 1 to 6
   */
  public static SymmetryGroup signedPermutations(int dimension) {
    List<Move> moves = new ArrayList<>();
    for (SimpleMatrix q : ExactOrthogonal.signedPermutations(dimension)) {
      moves.add(Move.turn(q));
    }
    return listed("signed permutations of " + dimension + " coordinates", moves);
  }

  /**
   * Returns S_n, all orders of n tokens; listed up to n = 8, drawn from beyond.
   *
   * @param equivariant whether output rows move with their tokens; else outputs stay
   */
  public static SymmetryGroup tokenOrders(int tokens, boolean equivariant) {
    Check.atLeast("tokens", 1, tokens);
    return new SymmetryGroup(
        "orders of " + tokens + " tokens",
        rng -> Move.reorder(equivariant, RowOrder.draw(tokens, rng)),
        () ->
            RowOrder.all(tokens).stream().map(order -> Move.reorder(equivariant, order)).toList());
  }

  /**
   * Returns a finite group of one's own; that the moves are one is not checked.
   *
   * @param moves every element once, at least one
   */
  public static SymmetryGroup listed(String name, List<Move> moves) {
    Check.atLeast("number of moves", 1, moves.size());
    List<Move> own = List.copyOf(moves);
    return new SymmetryGroup(name, rng -> own.get(rng.nextInt(own.size())), () -> own);
  }

  /** Returns one element of the uniform law. */
  public Move draw(RandomGenerator rng) {
    return law.apply(rng);
  }

  /**
   * Returns all elements.
   *
   * @throws UnsupportedOperationException if the group is continuous
   */
  public List<Move> elements() {
    return list.get();
  }

  /**
   * Returns a function made symmetric: the mean over the group of what it says of the moved input,
   * moved back.
   *
   * <pre>{@code  S f(X) = 1/|G| Σ_g g⁻¹ f(g X)  }</pre>
   *
   * <p>Of all functions with the symmetry it is the nearest to f in mean square, for every input
   * law that has the symmetry. Cost: |G| calls, up to 50 000.
   *
   * @throws UnsupportedOperationException if the group is continuous
   */
  public SequenceFunction symmetrised(SequenceFunction function) {
    List<Move> moves = elements();
    if (moves.size() > LARGEST_SYMMETRISED) {
      throw new IllegalArgumentException(
          "group: expected at most " + LARGEST_SYMMETRISED + " elements, got " + moves.size());
    }
    return (tokens, knowledge) -> {
      AuditInput input = new AuditInput(tokens, knowledge, "");
      SimpleMatrix sum = moved(moves.get(0), input, function);
      for (Move move : moves.subList(1, moves.size())) {
        sum = sum.plus(moved(move, input, function));
      }
      return sum.divide(moves.size());
    };
  }

  /** Returns {@code g⁻¹ f(g X)}. */
  static SimpleMatrix moved(Move move, AuditInput input, SequenceFunction function) {
    return move.back().apply(move.input().apply(input).outputOf(function));
  }

  /** Returns the group's name. */
  @Override
  public String toString() {
    return name;
  }
}
