package org.definetti.latent.directional;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/** A von Mises law of the angle of z; see {@link RotationRegression} for the formulas. */
final class RotationRegressionBelief implements Belief<SimpleMatrix> {

  // z written row by row, [c, -s, s, c], as a linear map of (c, s)
  private static final SimpleMatrix ENTRIES =
      new SimpleMatrix(4, 2, true, 1.0, 0.0, 0.0, -1.0, 0.0, 1.0, 1.0, 0.0);

  private final RotationRegression model;
  private final VonMisesFisherMeanBelief turns;

  RotationRegressionBelief(RotationRegression model, VonMisesFisherMeanBelief turns) {
    this.model = model;
    this.turns = turns;
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    double[] rows = Directions.unitRows(tokens, 2);
    double[] relative = new double[2 * tokens.length()];
    for (int l = 0; l < tokens.length(); l++) {
      System.arraycopy(Turn.between(rows, 4 * l, 4 * l + 2), 0, relative, 2 * l, 2);
    }
    return new RotationRegressionBelief(model, turns.observe(tokens.length(), relative));
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (other instanceof RotationRegressionBelief belief && model.equals(belief.model)) {
      return new RotationRegressionBelief(model, turns.merge(belief.turns));
    }
    throw Directions.otherFamily(this, other);
  }

  @Override
  public double count() {
    return turns.count();
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    return new Turned(turns.predictive(), query);
  }

  /** The law of {@code Rot(query) u}, u the direction of a value relative to its key. */
  private record Turned(DirectionPredictive relative, SimpleMatrix query) implements Predictive {

    Turned {
      Directions.unitRow("query", query, 2);
    }

    private SimpleMatrix turn() {
      return Turn.matrix(query.get(0, 0), query.get(0, 1));
    }

    @Override
    public SimpleMatrix mean() {
      return relative.mean().mult(turn().transpose());
    }

    @Override
    public SimpleMatrix covariance() {
      return turn().mult(relative.covariance()).mult(turn().transpose());
    }

    @Override
    public double logProbability(double[] value) {
      Check.width("value", 2, value);
      double[] row = {query.get(0, 0), query.get(0, 1), value[0], value[1]};
      return relative.logProbability(Turn.between(row, 0, 2));
    }

    @Override
    public double[] draw(RandomGenerator rng) {
      double[] drawn = relative.draw(rng);
      return Turn.times(drawn, query.get(0, 0), query.get(0, 1));
    }
  }

  @Override
  public SimpleMatrix mean() {
    SimpleMatrix turn = turns.mean();
    return Turn.matrix(turn.get(0, 0), turn.get(0, 1));
  }

  @Override
  public SimpleMatrix covariance() {
    return ENTRIES.mult(turns.covariance()).mult(ENTRIES.transpose());
  }

  @Override
  public double logEvidence() {
    return turns.logEvidence();
  }

  @Override
  public double logDensity(SimpleMatrix latent) {
    return turns.law().logProbability(Turn.of(latent));
  }

  @Override
  public double entropyNats() {
    return turns.entropyNats();
  }

  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (other instanceof RotationRegressionBelief belief) {
      return turns.klNats(belief.turns);
    }
    throw Directions.otherFamily(this, other);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    double[] turn = turns.law().draw(rng);
    return Turn.matrix(turn[0], turn[1]);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
