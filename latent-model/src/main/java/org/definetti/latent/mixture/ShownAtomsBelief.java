package org.definetti.latent.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.MixturePredictive;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/**
 * The belief of {@link ShownAtoms}: a mixture of the points shown and one Gaussian for a point that
 * was not.
 *
 * <p>The statistic is the points, and number, average and scatter of the measurements, updated so
 * that large averages cancel nothing (Welford, Chan).
 */
final class ShownAtomsBelief implements Belief<ShownAtoms.Scene> {

  private static final String NO_DENSITY =
      "because it gives probability to the points that were shown, and the prior gives none";

  private final ShownAtoms model;
  private final double seen; // tokens, whatever their role
  private final List<double[]> shown; // m of them, each (d)
  private final double count; // n
  private final double[] average; // x̄ (d)
  private final double scatter; // Σ |x - x̄|²
  private final double[] weights; // (m + 1), the last for a point not shown
  private final double logEvidence;

  private ShownAtomsBelief(
      ShownAtoms model, double seen, List<double[]> shown, Measurements measurements) {
    this.model = model;
    this.seen = seen;
    this.shown = shown;
    this.count = measurements.count;
    this.average = measurements.average;
    this.scatter = measurements.scatter;
    double[] logs = logWeights();
    this.weights = LogSumExp.softmax(logs);
    this.logEvidence = LogSumExp.of(logs) + logOfPoints() + logOfScatter();
  }

  static ShownAtomsBelief prior(ShownAtoms model) {
    return new ShownAtomsBelief(model, 0, List.of(), new Measurements(model.dimension()));
  }

  /** Number, average and scatter of some vectors. Mutable, never leaves a call. */
  private static final class Measurements {
    double count;
    final double[] average;
    double scatter;

    Measurements(int dimension) {
      average = new double[dimension];
    }

    /** Adds {@code more} vectors with this average and scatter. Not modified. */
    void add(double more, double[] theirAverage, double theirScatter) {
      if (more == 0) {
        return;
      }
      double total = count + more;
      double square = 0;
      for (int i = 0; i < average.length; i++) {
        double gap = theirAverage[i] - average[i];
        average[i] += gap * (more / total);
        square += gap * gap;
      }
      scatter += theirScatter + square * (count * (more / total));
      count = total;
    }
  }

  private Measurements measurements() {
    Measurements own = new Measurements(average.length);
    own.add(count, average, scatter);
    return own;
  }

  private int hidden() {
    return model.atoms() - shown.size();
  }

  /**
   * Returns the log of prior probability times density of x̄, for each shown point and the rest.
   */
  private double[] logWeights() {
    double[] logs = new double[shown.size() + 1];
    double k = model.atoms();
    double[] origin = new double[average.length];
    for (int i = 0; i < shown.size(); i++) {
      logs[i] = -Math.log(k) + logAverage(shown.get(i), 0);
    }
    logs[shown.size()] = Math.log(hidden() / k) + logAverage(origin, model.priorVariance());
    return logs;
  }

  /** Returns log N(x̄; centre, (variance + s2 / n) I); zero without measurements. */
  private double logAverage(double[] centre, double variance) {
    if (count == 0) {
      return 0;
    }
    return logNormal(square(average, centre), variance + model.noiseVariance() / count, 1);
  }

  private double logNormal(double square, double variance, double vectors) {
    double normaliser = vectors * average.length * Math.log(2 * Math.PI * variance);
    return -0.5 * (normaliser + square / variance);
  }

  private static double square(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  private double logOfPoints() {
    double sum = 0;
    for (double[] point : shown) {
      sum += logNormal(square(point, new double[point.length]), model.priorVariance(), 1);
    }
    return sum;
  }

  /** Returns the log density of the measurements given their average. */
  private double logOfScatter() {
    if (count == 0) {
      return 0;
    }
    double s2 = model.noiseVariance();
    return logNormal(scatter, s2, count) - logNormal(0, s2 / count, 1);
  }

  @Override
  public Belief<ShownAtoms.Scene> observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    int d = average.length;
    double[] rows = new double[tokens.length() * (d + 1)];
    tokens.copyRows(rows, 0);
    List<double[]> points = new ArrayList<>(shown);
    Measurements all = measurements();
    for (int l = 0; l < tokens.length(); l++) {
      double[] vector = Arrays.copyOfRange(rows, l * (d + 1) + 1, (l + 1) * (d + 1));
      if (isShown("tokens[" + l + "]", rows[l * (d + 1)])) {
        addPoint(points, vector);
      } else {
        all.add(1, vector, 0);
      }
    }
    return new ShownAtomsBelief(model, seen + tokens.length(), List.copyOf(points), all);
  }

  private static boolean isShown(String argument, double role) {
    if (role != ShownAtoms.SHOWN && role != ShownAtoms.MEASURED) {
      throw new IllegalArgumentException(argument + ": expected role 0 or 1, got " + role);
    }
    return role == ShownAtoms.SHOWN;
  }

  private void addPoint(List<double[]> points, double[] point) {
    if (points.stream().anyMatch(old -> Arrays.equals(old, point))) {
      return;
    }
    if (points.size() == model.atoms()) {
      throw new IllegalArgumentException(
          "tokens: expected at most " + model.atoms() + " different points shown, got more");
    }
    points.add(point);
  }

  @Override
  public Belief<ShownAtoms.Scene> merge(Belief<ShownAtoms.Scene> other) {
    if (!(other instanceof ShownAtomsBelief theirs) || !model.equals(theirs.model)) {
      throw new IllegalArgumentException("other: expected a belief of " + model + ", got " + other);
    }
    List<double[]> points = new ArrayList<>(shown);
    theirs.shown.forEach(point -> addPoint(points, point));
    Measurements all = measurements();
    all.add(theirs.count, theirs.average, theirs.scatter);
    return new ShownAtomsBelief(model, seen + theirs.seen, List.copyOf(points), all);
  }

  @Override
  public double count() {
    return seen;
  }

  /** Returns what is known of a point that was not shown, if it is the one that is measured. */
  private IsotropicGaussian unseen(double extraVariance) {
    double precision = 1 / model.priorVariance() + count / model.noiseVariance();
    double[] mean = new double[average.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = average[i] * (count / model.noiseVariance() / precision);
    }
    return new IsotropicGaussian(row(mean), 1 / precision + extraVariance);
  }

  private static SimpleMatrix row(double... numbers) {
    return new SimpleMatrix(1, numbers.length, true, numbers);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the role is neither 0 nor 1, or 0 where all points are
   *     shown
   */
  @Override
  public Predictive predictive(SimpleMatrix query) {
    Check.matrix("query", query, 1, 1);
    if (isShown("query", query.get(0, 0))) {
      return nextPoint();
    }
    List<Predictive> components = new ArrayList<>();
    for (double[] point : shown) {
      components.add(new IsotropicGaussian(row(point), model.noiseVariance()));
    }
    components.add(unseen(model.noiseVariance()));
    return new MixturePredictive(row(weights), components);
  }

  private Predictive nextPoint() {
    if (hidden() == 0) {
      throw new IllegalArgumentException(
          "query: expected role 1 since all " + model.atoms() + " points are shown, got role 0");
    }
    double measured = weights[shown.size()] / hidden();
    Predictive fresh =
        new IsotropicGaussian(new SimpleMatrix(1, average.length), model.priorVariance());
    return new MixturePredictive(row(measured, 1 - measured), List.of(unseen(0), fresh));
  }

  /** Returns E[z | X] of the point z that is measured, shape (1, d). */
  @Override
  public SimpleMatrix mean() {
    SimpleMatrix mean = unseen(0).mean().scale(weights[shown.size()]);
    for (int i = 0; i < shown.size(); i++) {
      mean = mean.plus(row(shown.get(i)).scale(weights[i]));
    }
    return mean;
  }

  /** Returns Cov(z | X) of the point z that is measured, shape (d, d). */
  @Override
  public SimpleMatrix covariance() {
    SimpleMatrix mean = mean();
    IsotropicGaussian unseen = unseen(0);
    SimpleMatrix covariance =
        unseen.covariance().plus(outer(unseen.mean().minus(mean))).scale(weights[shown.size()]);
    for (int i = 0; i < shown.size(); i++) {
      covariance = covariance.plus(outer(row(shown.get(i)).minus(mean)).scale(weights[i]));
    }
    return covariance;
  }

  private static SimpleMatrix outer(SimpleMatrix row) {
    return row.transpose().mult(row);
  }

  @Override
  public double logEvidence() {
    return logEvidence;
  }

  @Override
  public double logDensity(ShownAtoms.Scene latent) {
    throw new UnsupportedOperationException("shown-atoms has no density " + NO_DENSITY);
  }

  @Override
  public double entropyNats() {
    throw new UnsupportedOperationException("shown-atoms has no entropy " + NO_DENSITY);
  }

  @Override
  public double klNats(Belief<ShownAtoms.Scene> other) {
    throw new UnsupportedOperationException("shown-atoms has no divergence " + NO_DENSITY);
  }

  @Override
  public ShownAtoms.Scene sample(RandomGenerator rng) {
    int d = average.length;
    int m = shown.size();
    double[] points = new double[model.atoms() * d];
    for (int i = 0; i < m; i++) {
      System.arraycopy(shown.get(i), 0, points, i * d, d);
    }
    model.drawPoints(points, m * d, rng);
    int chosen = Categorical.of(weights).draw(rng);
    if (chosen == m) { // any of the hidden ones
      chosen = m + rng.nextInt(hidden());
      System.arraycopy(unseen(0).draw(rng), 0, points, chosen * d, d);
    }
    return new ShownAtoms.Scene(new SimpleMatrix(model.atoms(), d, true, points), chosen, m);
  }

  @Override
  public String toString() {
    return "ShownAtomsBelief[" + model + ", " + shown.size() + " shown, " + count + " measured]";
  }
}
