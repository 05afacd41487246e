package org.definetti.layer;

/**
 * The messages of a {@link MessagePlan} for so many tokens, in an order in which each hears only of
 * earlier ones.
 *
 * <p>Immutable; the arrays are not to be modified.
 */
final class MessageSteps {

  private static final int LAST = -1;

  final int places;
  final int[] placeOf; // (tokens)
  final int[] source; // (steps): the place that sends
  final int[][] heard; // (steps)(*): the steps whose messages it has heard
  private final int answer; // the place that answers; LAST: the one behind the last token
  private final int[] heardThere;

  MessageSteps(
      int places, int[] placeOf, int[] source, int[][] heard, int answer, int[] heardThere) {
    this.places = places;
    this.placeOf = placeOf;
    this.source = source;
    this.heard = heard;
    this.answer = answer;
    this.heardThere = heardThere;
  }

  /** Returns the messages along a chain, one place a token and one more. */
  static MessageSteps chain(int tokens) {
    int[] places = new int[tokens + 1];
    int[][] heard = new int[tokens + 1][];
    for (int l = 0; l <= tokens; l++) {
      places[l] = l;
      heard[l] = l == 0 ? new int[0] : new int[] {l - 1};
    }
    return new MessageSteps(tokens + 1, places, places, heard, LAST, new int[0]);
  }

  /** Returns how many steps a sample of so many tokens takes. */
  int count(int tokens) {
    return answer == LAST ? tokens : source.length;
  }

  /** Returns the place that answers. */
  int answer(int tokens) {
    return answer == LAST ? tokens : answer;
  }

  /** Returns the steps whose messages that place has heard. */
  int[] heardAtAnswer(int tokens) {
    return answer == LAST ? heard[tokens] : heardThere;
  }
}
