package org.definetti.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.definetti.latent.Check;

/**
 * Where the tokens of a sequence stand in a graph, and which messages lead from them to the place
 * that is asked: the structure of a {@link MessageLayer}.
 *
 * <pre>{@code
 * chain   place l tells place l + 1;  token l at place l, asked: the place behind the last token
 * tree    a node tells its parent once its children told it;  asked: the root
 * grid    every site tells its neighbours, all at once, t times;  asked: one site
 * }</pre>
 *
 * <ul>
 *   <li>Messages that cannot reach the asked place are left out.
 *   <li>Source: the networks that hidden Markov models, latent trees and latent grids dictate,
 *       {@link org.definetti.architecture.GatedRecurrence}, {@link
 *       org.definetti.architecture.RecursiveNetwork} and {@link
 *       org.definetti.architecture.LocalNetwork} [derived].
 * </ul>
 *
 * <p>Immutable; equal when the texts are.
 */
public final class MessagePlan {

  private final String text;
  private final int most; // tokens
  private final int depth; // 0 for a chain: as many as tokens
  private final boolean rooted; // has a prior, at place 0
  private final boolean upwards; // a message is M x, not x M
  private final IntFunction<MessageSteps> steps;

  private MessagePlan(
      String text,
      int most,
      int depth,
      boolean rooted,
      boolean upwards,
      IntFunction<MessageSteps> steps) {
    this.text = text;
    this.most = most;
    this.depth = depth;
    this.rooted = rooted;
    this.upwards = upwards;
    this.steps = steps;
  }

  /** Returns the chain: a filter that is asked for the next token; any number of tokens. */
  public static MessagePlan chain() {
    return new MessagePlan("chain", Integer.MAX_VALUE, 0, true, false, MessageSteps::chain);
  }

  /**
   * Returns the way up a tree.
   *
   * @param parents of each node, -1 for the root, which is node 0; parents come first. Not
   *     modified.
   * @param observed token l is seen at node observed[l], each node named at most once. Not
   *     modified.
   */
  public static MessagePlan tree(int[] parents, int[] observed) {
    Check.atLeast("parents.length", 1, parents.length);
    for (int i = 0; i < parents.length; i++) {
      if (i == 0 ? parents[i] != -1 : parents[i] < 0 || parents[i] >= i) {
        throw new IllegalArgumentException(
            "parents: expected -1 for the root and else an earlier node, got "
                + Arrays.toString(parents));
      }
    }
    if (Arrays.stream(observed).anyMatch(node -> node < 0 || node >= parents.length)
        || Arrays.stream(observed).distinct().count() < observed.length) {
      throw new IllegalArgumentException(
          "observed: expected nodes in 0.."
              + (parents.length - 1)
              + ", each once, got "
              + Arrays.toString(observed));
    }
    int n = parents.length;
    int[] source = IntStream.range(1, n).map(step -> n - step).toArray();
    int[][] heard = new int[n][];
    for (int node = 0; node < n; node++) {
      int parent = node;
      heard[node] =
          IntStream.range(1, n).filter(i -> parents[i] == parent).map(i -> n - 1 - i).toArray();
    }
    int[][] bySource = Arrays.stream(source).mapToObj(node -> heard[node]).toArray(int[][]::new);
    MessageSteps all = new MessageSteps(n, observed.clone(), source, bySource, 0, heard[0]);
    int height = 0;
    for (int i = 1; i < n; i++) {
      int level = 0;
      for (int node = i; node > 0; node = parents[node]) {
        level++;
      }
      height = Math.max(height, level);
    }
    String text = "tree" + Arrays.toString(parents) + Arrays.toString(observed);
    return new MessagePlan(text, observed.length, height, true, true, tokens -> all);
  }

  /**
   * Returns local iteration on a grid whose sites are numbered row by row.
   *
   * @param asked the site that is asked; token l is seen at the l-th of the other sites
   * @param iterations t, at least 1
   */
  public static MessagePlan grid(int rows, int columns, int asked, int iterations) {
    Check.atLeast("rows", 1, rows);
    Check.atLeast("columns", 1, columns);
    Check.atLeast("iterations", 1, iterations);
    int sites = Math.multiplyExact(rows, columns);
    if (asked < 0 || asked >= sites) {
      throw new IllegalArgumentException(
          "asked: expected a site in 0.." + (sites - 1) + ", got " + asked);
    }
    MessageSteps all = iterated(links(rows, columns), sites, asked, iterations);
    String text = String.format(Locale.ROOT, "grid[%d x %d, %d, ", rows, columns, asked);
    return new MessagePlan(
        text + iterations + "]", sites - 1, iterations, false, false, tokens -> all);
  }

  /** A way from a site to a neighbour. */
  private record Link(int source, int target) {}

  private static List<Link> links(int rows, int columns) {
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < rows * columns; i++) {
      if ((i + 1) % columns != 0) {
        links.add(new Link(i, i + 1));
        links.add(new Link(i + 1, i));
      }
      if (i + columns < rows * columns) {
        links.add(new Link(i, i + columns));
        links.add(new Link(i + columns, i));
      }
    }
    return links;
  }

  /** Step t L + i sends link i the t-th time; then those that the asked site hears are kept. */
  private static MessageSteps iterated(List<Link> links, int sites, int asked, int iterations) {
    int count = links.size();
    boolean[] needed = new boolean[iterations * count];
    for (int i = 0; i < count; i++) {
      needed[(iterations - 1) * count + i] = links.get(i).target == asked;
    }
    for (int step = needed.length - 1; step >= count; step--) {
      for (int i = 0; needed[step] && i < count; i++) {
        needed[(step / count - 1) * count + i] |= tells(links.get(i), links.get(step % count));
      }
    }
    int[] number = new int[needed.length]; // among the needed
    for (int step = 1; step < number.length; step++) {
      number[step] = number[step - 1] + (needed[step - 1] ? 1 : 0);
    }
    int[] kept = IntStream.range(0, needed.length).filter(step -> needed[step]).toArray();
    int[] source = Arrays.stream(kept).map(step -> links.get(step % count).source).toArray();
    int[][] heard = new int[kept.length][];
    for (int k = 0; k < kept.length; k++) {
      int before = kept[k] - kept[k] % count - count; // the first step of the iteration before
      Link link = links.get(kept[k] % count);
      heard[k] =
          IntStream.range(0, before < 0 ? 0 : count)
              .filter(i -> tells(links.get(i), link))
              .map(i -> number[before + i])
              .toArray();
    }
    int last = (iterations - 1) * count;
    int[] heardThere =
        IntStream.range(0, count)
            .filter(i -> links.get(i).target == asked)
            .map(i -> number[last + i])
            .toArray();
    int[] placeOf = IntStream.range(0, sites).filter(site -> site != asked).toArray();
    return new MessageSteps(sites, placeOf, source, heard, asked, heardThere);
  }

  private static boolean tells(Link link, Link next) {
    return link.target == next.source && link.source != next.target;
  }

  /** Returns the most tokens of a sample. */
  public int most() {
    return most;
  }

  /** Returns the messages that wait for one another. */
  int depth(int tokens) {
    return depth == 0 ? tokens : depth;
  }

  /** Returns whether place 0 has a prior of its own. */
  boolean isRooted() {
    return rooted;
  }

  /** Returns whether edges are read from the receiver to the sender. */
  boolean isUpwards() {
    return upwards;
  }

  /** Returns the messages of samples of at most so many tokens. */
  MessageSteps steps(int tokens) {
    return steps.apply(tokens);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MessagePlan that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
