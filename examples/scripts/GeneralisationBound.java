/* What a head learns by heart, and what theory says that it can learn by heart at most.
 *
 * Labels are coins, so whatever is learned from them is noise. The bound holds for every head whose
 * norms stay in the given balls, and training keeps them there by projection. It is far above the
 * truth, and says so: no loss can be that large. But both fall as samples grow, and neither
 * minds much that strings are ten times as long.
 *
 * $ ./definetti run examples/scripts/GeneralisationBound.java   # numbers vary a little
 * bits  samples   gap   bound
 *   30       25   1.0   20145  vacuous
 *   30      100   0.1   10729  vacuous
 *  300       25   1.0   21576  vacuous
 *  300      100   0.2   11403  vacuous
 */
import org.definetti.lab.sparse.BoundedHead;
import org.definetti.random.Seed;

class GeneralisationBound {

  public static void main(String[] arguments) {
    // Norms of values, queries and the output; then samples of the test set and steps.
    var setting = new BoundedHead.Setting(3, 12, 6, true, BoundedHead.Goal.COINS, 300, 1000);
    System.out.println("bits  samples   gap   bound");
    for (int length : new int[] {30, 300}) {
      var bound = setting.bound(length);
      for (int samples : new int[] {25, 100}) {
        var head = BoundedHead.of(setting, length, samples, Seed.of(1));
        System.out.printf("%4d %8d %5.1f %7.0f  %s%n",
            length, samples, head.gap(), bound.gap(samples),
            bound.isVacuous(samples) ? "vacuous" : "informative");
      }
    }
  }
}
