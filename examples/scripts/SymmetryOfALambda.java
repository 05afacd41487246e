/* Three middles of a cloud of points. Which of them depend on the axes, which on the origin?
 *
 * The mean and the geometric median turn with the cloud; the median of each coordinate does not: a
 * change of basis changes its answer. Any function of tokens can be asked: a layer, a network, a
 * lambda.
 *
 * $ ./definetti run examples/scripts/SymmetryOfALambda.java
 * mean
 *   PASS         rotations (determinant 1)
 *   PASS         translations
 *   PASS         token order: invariant
 * median of coordinates
 *   FAIL         rotations (determinant 1)
 *   PASS         translations
 *   PASS         token order: invariant
 * geometric median
 *   PASS         rotations (determinant 1)
 *   PASS         translations
 *   PASS         token order: invariant
 */
import java.util.*;
import org.definetti.random.Seed;
import org.definetti.symmetry.*;
import org.ejml.simple.SimpleMatrix;

class SymmetryOfALambda {

  static SimpleMatrix mean(SimpleMatrix tokens) {
    return SimpleMatrix.filled(1, tokens.getNumRows(), 1.0 / tokens.getNumRows()).mult(tokens);
  }

  static SimpleMatrix coordinateMedian(SimpleMatrix tokens) {
    var middle = new double[1][tokens.getNumCols()];
    for (int j = 0; j < tokens.getNumCols(); j++) {
      double[] column = tokens.getColumn(j).getDDRM().data.clone();
      Arrays.sort(column);
      middle[0][j] = column[column.length / 2];
    }
    return new SimpleMatrix(middle);
  }

  /** The point with the smallest sum of distances, by Weiszfeld's iteration. */
  static SimpleMatrix geometricMedian(SimpleMatrix tokens) {
    var middle = mean(tokens);
    for (int step = 0; step < 50; step++) {
      var weights = new double[1][tokens.getNumRows()];
      for (int i = 0; i < weights[0].length; i++) {
        weights[0][i] = 1 / tokens.getRow(i).minus(middle).normF();
      }
      var row = new SimpleMatrix(weights);
      middle = row.divide(row.elementSum()).mult(tokens);
    }
    return middle;
  }

  public static void main(String[] arguments) {
    var plan = AuditPlan.of(5, 0, 3); // five tokens, no knowledge, three dimensions
    var audits = List.of(new OrthogonalAudit(1), new TranslationAudit(), new TokenOrderAudit(true));
    var functions = new LinkedHashMap<String, SequenceFunction>();
    functions.put("mean", (tokens, knowledge) -> mean(tokens));
    functions.put("median of coordinates", (tokens, knowledge) -> coordinateMedian(tokens));
    functions.put("geometric median", (tokens, knowledge) -> geometricMedian(tokens));
    functions.forEach((name, function) -> {
      System.out.println(name);
      audits.forEach(audit -> System.out.printf("  %-12s %s%n",
          audit.examine(plan, Seed.of(1).generator(), function).verdict(), audit.name()));
    });
  }
}
