package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Sweep;
import org.definetti.lab.run.Build;
import org.definetti.latent.Sample;
import org.definetti.latent.directional.FiniteRotationRegression;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.latent.special.SphereIntegrals;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * The model M7 of checks C4 and C6, and how far attentions are from its conditional mean.
 *
 * <pre>{@code
 * k uniform on the sphere of R^3,  v | k, z ~ vMF(z k, 6),  z orthogonal,  E[v | k, z] = A_3(6) z k
 * }</pre>
 *
 * <p>z is drawn from the 48 signed permutations: attention to keys that are uniform, and errors as
 * lengths of vectors, are the same for every orthogonal z, so a Haar draw would give the same law.
 */
final class DirectionalErrors {

  static final int DIMENSION = 3;
  static final double CONCENTRATION = 6;
  static final FiniteRotationRegression MODEL =
      FiniteRotationRegression.ofSignedPermutations(DIMENSION, CONCENTRATION);

  /** A_3(6), the length of E[v | k, z]. */
  static final double LENGTH = SphereIntegrals.meanResultantLength(DIMENSION, CONCENTRATION);

  /**
   * The linear-Gaussian model with the same second moments: {@code ‖E[v|k]‖² = A²} and noise of
   * {@code 1 - A²} in all, on which constants of second order are known in closed form.
   */
  static final LinearRegression MOMENTS =
      LinearRegression.of(
          DIMENSION, DIMENSION, LENGTH * LENGTH / DIMENSION, (1 - LENGTH * LENGTH) / DIMENSION);

  static final String METRIC = "squared-error";

  /**
   * An attention and what its output is compared with.
   *
   * @param name unique
   * @param factor of E[v | k = q, z]
   */
  record Contender(String name, Attention attention, double factor) {}

  /** How much work a budget does. */
  record Size(List<Integer> lengths, int seeds, int sequences) {

    double from() {
      return lengths.get(0);
    }

    double to() {
      return lengths.get(lengths.size() - 1);
    }
  }

  private DirectionalErrors() {}

  /** Measures every contender on the same fresh sequences, lengths being nested prefixes. */
  static Results run(
      String claim, List<Contender> contenders, Size size, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (Contender contender : contenders) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", MODEL.description().name())
                .with("claim", claim)
                .with("attention", contender.name)
                .with("origin", "derived")
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("concentration", String.valueOf(CONCENTRATION));
    configuration.put("sequences", String.valueOf(size.sequences));
    configuration.put("seed", String.valueOf(seed.value()));
    configuration.put("lengths", size.lengths.toString());
    Plan plan = Plan.of(Build.provenance().version(), configuration, Sweep.LENGTH, cells);
    return runner.execute(plan, cell -> measure(named(contenders, cell), size, seed, cell));
  }

  static Curve curve(Results results, String contender) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("attention").equals(contender))
        .findFirst()
        .orElseThrow();
  }

  private static Contender named(List<Contender> contenders, Cell cell) {
    return contenders.stream()
        .filter(one -> one.name.equals(cell.axis("attention")))
        .findFirst()
        .orElseThrow();
  }

  private static CellResult measure(Contender contender, Size size, Seed seed, Cell cell) {
    Seed own = seed.child(Long.parseLong(cell.axis(Cell.SEED)));
    double[][] errors = new double[size.lengths.size()][size.sequences];
    for (int s = 0; s < size.sequences; s++) {
      Seed sequence = own.child(s);
      Sample<SimpleMatrix> sample =
          MODEL.sample((int) size.to(), sequence.child("tokens").generator());
      Context context = Context.of(MODEL, sample.tokens());
      SimpleMatrix query = MODEL.drawQuery(sequence.child("query").generator());
      SimpleMatrix target =
          query.mult(sample.latent().transpose()).scale(contender.factor * LENGTH);
      for (int i = 0; i < size.lengths.size(); i++) {
        SimpleMatrix out = contender.attention.attend(query, context.prefix(size.lengths.get(i)));
        errors[i][s] = out.minus(target).elementPower(2).elementSum();
      }
    }
    List<CellPoint> points = new ArrayList<>();
    for (int i = 0; i < size.lengths.size(); i++) {
      points.add(new CellPoint(size.lengths.get(i), Map.of(METRIC, Estimate.of(errors[i]))));
    }
    return new CellResult(points);
  }
}
