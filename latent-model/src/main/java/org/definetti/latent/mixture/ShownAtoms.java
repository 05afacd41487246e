package org.definetti.latent.mixture;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Sample;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * Which of the points shown is being measured (MS2 with its knowledge in the sequence, {@code
 * shown-atoms})?
 *
 * <pre>{@code
 * a_1..a_k ~ N(0, t2 I),   z = a_j, j uniform
 * token l = (0, a_l) for l = 1..k,   (1, z + noise of variance s2) from then on
 * P(z = a_i | X) ∝ N(x̄; a_i, (s2 / n) I) / k,    i shown
 * P(z not shown | X) ∝ N(x̄; 0, (t2 + s2 / n) I) (k - m) / k
 * E[z | X] = Σ_i P(z = a_i | X) a_i + P(z not shown | X) n x̄ t2 / (n t2 + s2)
 * }</pre>
 *
 * <ul>
 *   <li>Where: tokens are (role, vector) with role 0 for a point that is shown and 1 for a
 *       measurement; m of k points shown so far, n measurements of average x̄.
 *   <li>Once all points are shown, the answer is softmax attention to them; before, the rest is
 *       what {@code gaussian-mean} says. The law has no preferred direction, so a predictor that
 *       treats all bases alike loses nothing, and one that knows the points of its training does.
 *   <li>A belief takes tokens in any order, and a point that is shown again is the same point and
 *       says nothing new. More than k points are refused.
 *   <li>Samples are ordered by role, so their tokens are not exchangeable; within a role they are.
 *   <li>Queries and labels ask for a measurement, role 1: {@code E[y | X] = E[z | X]}.
 *   <li>Cost: O(d) a measurement, O(k d) a question. Any length.
 *   <li>Source: MS2 [derived]; points within the sequence are this project's.
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class ShownAtoms implements LatentModel<ShownAtoms.Scene> {

  /** The role of a token that shows a point. */
  static final double SHOWN = 0;

  /** The role of a token that measures the chosen point. */
  static final double MEASURED = 1;

  /**
   * The points, and which of them is measured.
   *
   * @param atoms a_1..a_k, shape (k, d), in the order in which they are shown
   * @param chosen j, from 0 to k - 1
   * @param shown how many have been shown already, from 0 to k
   */
  public record Scene(SimpleMatrix atoms, int chosen, int shown) {

    /**
     * Checks the indices.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Scene {
      int count = Check.matrix("atoms", atoms, -1, -1).getNumRows();
      if (chosen < 0 || chosen >= count) {
        throw new IllegalArgumentException(
            "chosen: expected 0 .. " + (count - 1) + ", got " + chosen);
      }
      if (shown < 0 || shown > count) {
        throw new IllegalArgumentException("shown: expected 0 .. " + count + ", got " + shown);
      }
    }

    /** Returns z, the point that is measured, shape (1, d). */
    public SimpleMatrix point() {
      return atoms.extractVector(true, chosen);
    }
  }

  private final PairTokens space;
  private final int atoms;
  private final double priorVariance;
  private final double noiseVariance;

  private ShownAtoms(int dimension, int atoms, double priorVariance, double noiseVariance) {
    this.space = new PairTokens(1, dimension);
    this.atoms = atoms;
    this.priorVariance = priorVariance;
    this.noiseVariance = noiseVariance;
  }

  /**
   * Returns the model of k points.
   *
   * @param dimension d, at least 1
   * @param atoms k, at least 1
   * @param priorVariance t2, of each coordinate of a point, finite and above zero
   * @param noiseVariance s2, of each coordinate of a measurement, finite and above zero
   * @throws IllegalArgumentException if one is out of range
   */
  public static ShownAtoms of(
      int dimension, int atoms, double priorVariance, double noiseVariance) {
    Check.atLeast("dimension", 1, dimension);
    Check.atLeast("atoms", 1, atoms);
    Check.positive("priorVariance", priorVariance);
    Check.positive("noiseVariance", noiseVariance);
    return new ShownAtoms(dimension, atoms, priorVariance, noiseVariance);
  }

  /** Returns d, the width of a point. */
  public int dimension() {
    return space.valueWidth();
  }

  /** Returns k, the number of points. */
  public int atoms() {
    return atoms;
  }

  /** Returns t2, the variance of each coordinate of a point. */
  public double priorVariance() {
    return priorVariance;
  }

  /** Returns s2, the variance of each coordinate of a measurement. */
  public double noiseVariance() {
    return noiseVariance;
  }

  @Override
  public PairTokens tokenSpace() {
    return space;
  }

  @Override
  public Belief<Scene> prior() {
    return ShownAtomsBelief.prior(this);
  }

  @Override
  public Scene drawLatent(RandomGenerator rng) {
    double[] points = new double[atoms * dimension()];
    drawPoints(points, 0, rng);
    return new Scene(new SimpleMatrix(atoms, dimension(), true, points), rng.nextInt(atoms), 0);
  }

  /** Fills the rest of an array with coordinates of points. */
  void drawPoints(double[] points, int from, RandomGenerator rng) {
    Normal.fill(points, from, points.length, rng);
    for (int i = from; i < points.length; i++) {
      points[i] *= Math.sqrt(priorVariance);
    }
  }

  @Override
  public Token drawToken(Scene latent, RandomGenerator rng) {
    return drawTokens(latent, 1, rng).get(0);
  }

  /** {@inheritDoc} Points that are not shown yet come first. */
  @Override
  public Tokens drawTokens(Scene latent, int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    int d = dimension();
    double[] points = Check.matrix("latent", latent.atoms(), atoms, d).getDDRM().data;
    double[] rows = new double[length * (d + 1)];
    for (int l = 0; l < length; l++) {
      int place = latent.shown() + l;
      boolean shows = place < atoms;
      rows[l * (d + 1)] = shows ? SHOWN : MEASURED;
      int from = shows ? place : latent.chosen();
      for (int i = 0; i < d; i++) {
        double noise = shows ? 0 : Math.sqrt(noiseVariance) * Normal.draw(rng);
        rows[l * (d + 1) + 1 + i] = points[from * d + i] + noise;
      }
    }
    return Tokens.owning(space, rows);
  }

  /** {@inheritDoc} The latent knows how many points the tokens have shown. */
  @Override
  public Sample<Scene> sample(int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    Scene scene = drawLatent(rng);
    Tokens tokens = drawTokens(scene, length, rng);
    return new Sample<>(new Scene(scene.atoms(), scene.chosen(), Math.min(length, atoms)), tokens);
  }

  /** Returns the role of a measurement. */
  @Override
  public SimpleMatrix drawQuery(RandomGenerator rng) {
    return labelQuery();
  }

  @Override
  public double[] drawLabel(Scene latent, RandomGenerator rng) {
    Scene allShown = new Scene(latent.atoms(), latent.chosen(), atoms);
    return drawTokens(allShown, 1, rng).values().getDDRM().data;
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static ShownAtoms from(ModelDescription description) {
    DescriptionReader fields = description.read("shown-atoms", 1);
    ShownAtoms model =
        of(
            fields.whole("dimension"),
            fields.whole("atoms"),
            fields.number("prior-variance"),
            fields.number("noise-variance"));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("shown-atoms")
        .with("dimension", dimension())
        .with("atoms", atoms)
        .with("prior-variance", priorVariance)
        .with("noise-variance", noiseVariance);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShownAtoms model
        && space.equals(model.space)
        && atoms == model.atoms
        && priorVariance == model.priorVariance
        && noiseVariance == model.noiseVariance;
  }

  @Override
  public int hashCode() {
    return 31 * atoms + Double.hashCode(noiseVariance);
  }

  @Override
  public String toString() {
    return "ShownAtoms["
        + dimension()
        + ", "
        + atoms
        + " atoms, priorVariance "
        + priorVariance
        + ", noiseVariance "
        + noiseVariance
        + "]";
  }
}
