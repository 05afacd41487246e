/* An attention of your own is a function of queries and context; sweep it beside the derived one.
 *
 * The derived one is the posterior, so its gap is zero. The median gets there as tokens come in;
 * the shrunk median is better while they are few and then stays wrong.
 *
 * $ ./definetti run examples/scripts/OwnAttention.java
 * squared gap to the exact predictive mean at lengths 4, 16, 64, 256
 *   null-token-softmax    0.0000  0.0000  0.0000  0.0000
 *   median                0.2137  0.0653  0.0162  0.0045
 *   shrunk median         0.1126  0.0516  0.0277  0.0233
 */
import java.util.Arrays;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.experiment.Sweep;
import org.definetti.latent.conjugate.GaussianMean;
import org.ejml.simple.SimpleMatrix;

class OwnAttention {

  /** The median of each coordinate: no prior, no weights, no fear of outliers. */
  static SimpleMatrix median(SimpleMatrix queries, Context context) {
    var result = new double[1][context.values().getNumCols()];
    for (int j = 0; j < result[0].length; j++) {
      double[] sorted = context.values().getColumn(j).getDDRM().data.clone();
      Arrays.sort(sorted);
      result[0][j] = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
    return new SimpleMatrix(result);
  }

  public static void main(String[] arguments) {
    Attention shrunk = (queries, context) -> median(queries, context).scale(0.9);
    var result =
        Sweep.of(GaussianMean.of(2, 1.0, 1.0))
            .withLengths(4, 16, 64, 256)
            .withDerived("null-token-softmax")
            .withAttention("median", OwnAttention::median)
            .withAttention("shrunk median", shrunk)
            .execute(1);
    System.out.println("squared gap to the exact predictive mean at lengths 4, 16, 64, 256");
    for (String name : new String[] {"null-token-softmax", "median", "shrunk median"}) {
      System.out.printf("  %-20s", name);
      result.curve(name, "squared-gap").points().forEach(p -> System.out.printf("%8.4f", p.mean()));
      System.out.println();
    }
  }
}
