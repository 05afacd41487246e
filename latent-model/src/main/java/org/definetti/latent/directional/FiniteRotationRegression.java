package org.definetti.latent.directional;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.latent.special.SphereIntegrals;
import org.definetti.random.Sphere;
import org.definetti.random.VonMisesFisher;
import org.ejml.simple.SimpleMatrix;

/**
 * Directions turned by one of finitely many orthogonal maps of R^d and blurred (M7, {@code
 * finite-directional}).
 *
 * <pre>{@code
 * P(z = z_j) = p_j;   k uniform on the sphere S^(d-1),   v | k, z ~ vMF(z k, κ)
 * P(z_j | X) ∝ p_j exp(κ Σ_l v^l·z_j k^l),   E[v | k, X] = A_d(κ) E[z | X] k
 * }</pre>
 *
 * <ul>
 *   <li>Where: κ concentration; z_j orthogonal, of either determinant.
 *   <li>Shapes: latent (d, d); tokens are pairs of unit vectors (d) and (d); off the sphere by more
 *       than 1e-6 is refused. The belief's mean is E[z | X], (d, d).
 *   <li>Densities of v are with respect to the area of the sphere.
 *   <li>Cost: O(K·d²) a token. Accuracy: log odds to about 1e-16 · L · κ.
 *   <li>Source: section M7 of the project's notes [derived]; the set replaces the Haar prior, whose
 *       posterior (matrix Fisher) has no closed normaliser beyond the plane.
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class FiniteRotationRegression implements FiniteLatentModel<SimpleMatrix> {

  private static final double ORTHOGONALITY_TOLERANCE = 1e-9;
  private static final int LARGEST_PERMUTED_DIMENSION = 5;

  private final PairTokens space;
  private final List<SimpleMatrix> maps;
  private final SimpleMatrix prior;
  private final double concentration;

  private FiniteRotationRegression(
      List<SimpleMatrix> maps, SimpleMatrix prior, double concentration) {
    int d = maps.get(0).getNumCols();
    this.space = new PairTokens(d, d);
    this.maps = maps;
    this.prior = prior;
    this.concentration = concentration;
  }

  /**
   * Returns the model with a uniform prior over these maps.
   *
   * @param maps z_1 .. z_K, at least one, distinct, each (d, d) and orthogonal within 1e-9, d at
   *     least 2
   * @param concentration κ, above zero and at most 1e12
   */
  public static FiniteRotationRegression of(List<SimpleMatrix> maps, double concentration) {
    Check.atLeast("maps", 1, maps.size());
    Directions.concentration("concentration", concentration);
    int d = Check.atLeast("dimension", 2, maps.get(0).getNumCols());
    List<SimpleMatrix> checked = new ArrayList<>();
    for (int j = 0; j < maps.size(); j++) {
      String name = "maps[" + j + "]";
      SimpleMatrix map = Check.matrix(name, maps.get(j), d, d).copy();
      double gap = map.mult(map.transpose()).minus(SimpleMatrix.identity(d)).elementMaxAbs();
      if (!(gap <= ORTHOGONALITY_TOLERANCE)) {
        throw new IllegalArgumentException(
            name + ": expected an orthogonal matrix, got one with |z zᵀ - I| = " + gap);
      }
      for (SimpleMatrix other : checked) {
        if (other.isIdentical(map, 0)) {
          throw new IllegalArgumentException(name + ": expected a new map, got an earlier one");
        }
      }
      checked.add(map);
    }
    double[] uniform = new double[maps.size()];
    Arrays.fill(uniform, 1.0 / uniform.length);
    return new FiniteRotationRegression(
        List.copyOf(checked), new SimpleMatrix(1, uniform.length, true, uniform), concentration);
  }

  /**
   * Returns the model whose maps permute the axes and flip their signs, {@code 2^d d!} of them, the
   * identity first, with a uniform prior.
   *
   * @param dimension d, 2..5
   */
  public static FiniteRotationRegression ofSignedPermutations(int dimension, double concentration) {
    if (dimension < 2 || dimension > LARGEST_PERMUTED_DIMENSION) {
      throw new IllegalArgumentException(
          "dimension: expected 2.." + LARGEST_PERMUTED_DIMENSION + ", got " + dimension);
    }
    List<SimpleMatrix> maps = new ArrayList<>();
    permute(new double[dimension * dimension], 0, maps);
    return of(maps, concentration);
  }

  // Fills row by row with one signed unit in a column not yet used.
  private static void permute(double[] entries, int row, List<SimpleMatrix> maps) {
    int d = (int) Math.round(Math.sqrt(entries.length));
    if (row == d) {
      maps.add(new SimpleMatrix(d, d, true, entries.clone()));
      return;
    }
    for (int column = 0; column < d; column++) {
      boolean used = false;
      for (int above = 0; above < row; above++) {
        used |= entries[above * d + column] != 0;
      }
      for (int sign = 1; !used && sign >= -1; sign -= 2) {
        entries[row * d + column] = sign;
        permute(entries, row + 1, maps);
        entries[row * d + column] = 0;
      }
    }
  }

  /**
   * Returns this model with another prior.
   *
   * @param probabilities p, shape (1, K); zeros are allowed
   */
  public FiniteRotationRegression withPrior(SimpleMatrix probabilities) {
    Check.matrix("prior", probabilities, 1, maps.size());
    Check.probabilities("prior", probabilities);
    return new FiniteRotationRegression(maps, probabilities.copy(), concentration);
  }

  /** Returns κ, the concentration of a value about the turned key. */
  public double concentration() {
    return concentration;
  }

  @Override
  public PairTokens tokenSpace() {
    return space;
  }

  @Override
  public List<SimpleMatrix> latents() {
    return maps;
  }

  @Override
  public SimpleMatrix priorProbabilities() {
    return prior;
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return FiniteBelief.prior(this);
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    int d = space.keyWidth();
    Check.matrix("latent", latent, d, d);
    return logDensity(dot(latent, Directions.unitRows(Tokens.of(space, token), d), 0));
  }

  @Override
  public SimpleMatrix logLikelihoods(Tokens tokens) {
    double[] rows = Directions.unitRows(Check.space(space, tokens), space.keyWidth());
    double[] logs = new double[tokens.length() * maps.size()];
    double peak = logDensity(1);
    for (int i = 0; i < logs.length; i++) {
      int key = i / maps.size() * space.width();
      logs[i] = peak + concentration * (dot(maps.get(i % maps.size()), rows, key) - 1);
    }
    return new SimpleMatrix(tokens.length(), maps.size(), true, logs);
  }

  private double logDensity(double dot) {
    int d = space.valueWidth();
    return concentration * (dot - 1)
        - SphereIntegrals.logScaledNormaliser(d, concentration)
        - SphereIntegrals.logArea(d);
  }

  /** Returns v·z k of the pair stored from {@code key}. */
  private static double dot(SimpleMatrix map, double[] rows, int key) {
    double[] centre = centre(map, rows, key);
    double dot = 0;
    for (int i = 0; i < centre.length; i++) {
      dot += centre[i] * rows[key + centre.length + i];
    }
    return dot;
  }

  /** Returns z k of the key stored from {@code key}. */
  private static double[] centre(SimpleMatrix map, double[] rows, int key) {
    int d = map.getNumCols();
    double[] z = map.getDDRM().data;
    double[] centre = new double[d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        centre[i] += z[i * d + j] * rows[key + j];
      }
    }
    return centre;
  }

  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    double[] key = Directions.unitRow("query", query, space.keyWidth());
    Check.matrix("latent", latent, key.length, key.length);
    return VonMisesFisherLaw.around(centre(latent, key, 0), concentration);
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    return drawTokens(latent, 1, rng).get(0);
  }

  @Override
  public Tokens drawTokens(SimpleMatrix latent, int length, RandomGenerator rng) {
    int d = space.keyWidth();
    Check.matrix("latent", latent, d, d);
    double[] rows = new double[Check.atLeast("length", 0, length) * space.width()];
    for (int key = 0; key < rows.length; key += space.width()) {
      Sphere.fill(rows, key, d, rng);
      VonMisesFisher.fill(rows, key + d, centre(latent, rows, key), concentration, rng);
    }
    return Tokens.owning(space, rows);
  }

  @Override
  public SimpleMatrix drawQuery(RandomGenerator rng) {
    double[] query = new double[space.keyWidth()];
    Sphere.fill(query, 0, query.length, rng);
    return new SimpleMatrix(1, query.length, true, query);
  }

  /** {@inheritDoc} The label is the value of a fresh token at the label query. */
  @Override
  public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
    return valueLaw(latent, labelQuery()).draw(rng);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static FiniteRotationRegression from(ModelDescription description) {
    DescriptionReader fields = description.read("finite-directional", 1);
    SimpleMatrix prior = fields.matrix("prior", 1, -1);
    SimpleMatrix stacked = fields.matrix("maps", -1, -1);
    int d = stacked.getNumCols();
    fields.matrix("maps", prior.getNumCols() * d, d);
    List<SimpleMatrix> maps = new ArrayList<>();
    for (int j = 0; j < prior.getNumCols(); j++) {
      maps.add(stacked.rows(j * d, (j + 1) * d));
    }
    FiniteRotationRegression model = of(maps, fields.number("concentration")).withPrior(prior);
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    SimpleMatrix first = maps.get(0);
    SimpleMatrix[] others = maps.subList(1, maps.size()).toArray(SimpleMatrix[]::new);
    return ModelDescription.of("finite-directional")
        .with("concentration", concentration)
        .with("prior", prior)
        .with("maps", first.concatRows(others));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FiniteRotationRegression model
        && concentration == model.concentration
        && space.equals(model.space)
        && maps.size() == model.maps.size()
        && prior.isIdentical(model.prior, 0)
        && sameMaps(model);
  }

  private boolean sameMaps(FiniteRotationRegression model) {
    boolean same = true;
    for (int j = 0; same && j < maps.size(); j++) {
      same = maps.get(j).isIdentical(model.maps.get(j), 0);
    }
    return same;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Double.hashCode(concentration) + maps.size()) + space.keyWidth();
  }

  @Override
  public String toString() {
    return "FiniteRotationRegression["
        + space.keyWidth()
        + ", "
        + maps.size()
        + " maps, concentration "
        + concentration
        + "]";
  }
}
