package com.example;

import java.util.random.RandomGenerator;
import org.definetti.latent.*;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/** A line through zero: z ~ N(0, signal), v = z k + N(0, noise), ridge = noise / signal. */
public record Slope(double signal, double noise, double ridge) implements LatentModel<Double> {
  public Slope(double signal, double noise) { this(signal, noise, noise / signal); }
  public TokenSpace tokenSpace() { return new PairTokens(1, 1); }
  public Belief<Double> prior() { return new SlopeBelief(this, 0, 0, 0, 0); }
  public Double drawLatent(RandomGenerator rng) { return Math.sqrt(signal) * Normal.draw(rng); }
  public Token drawToken(Double z, RandomGenerator rng) {
    double key = Normal.draw(rng);
    return Token.pair(new double[] {key}, value(z, key, rng));
  }
  public double[] drawLabel(Double z, RandomGenerator rng) { return value(z, 1, rng); }
  private double[] value(double z, double key, RandomGenerator rng) {
    return new double[] {z * key + Math.sqrt(noise) * Normal.draw(rng)};
  }
}

/** P(z | X) = N(kv / (kk + ridge), noise / (kk + ridge)), from sums of squares and products. */
record SlopeBelief(Slope model, double count, double kk, double kv, double vv)
    implements Belief<Double> {
  public Belief<Double> observe(Tokens x) {
    SimpleMatrix k = Check.space(model.tokenSpace(), x).keys(), v = x.values();
    return new SlopeBelief(model, count + x.length(), kk + k.dot(k), kv + k.dot(v), vv + v.dot(v));
  }
  public Belief<Double> merge(Belief<Double> other) {
    var b = (SlopeBelief) other;
    return new SlopeBelief(model, count + b.count, kk + b.kk, kv + b.kv, vv + b.vv);
  }
  private double precision() { return kk + model.ridge(); } // in units of one over the noise
  private IsotropicGaussian law(double q, double noise) { // of z q plus noise
    SimpleMatrix mean = SimpleMatrix.filled(1, 1, q * kv / precision());
    return new IsotropicGaussian(mean, q * q * model.noise() / precision() + noise);
  }
  public Predictive predictive(SimpleMatrix query) { return law(query.get(0), model.noise()); }
  public SimpleMatrix mean() { return law(1, 0).mean(); }
  public SimpleMatrix covariance() { return law(1, 0).covariance(); }
  public double logDensity(Double z) { return law(1, 0).logProbability(new double[] {z}); }
  public Double sample(RandomGenerator rng) { return law(1, 0).draw(rng)[0]; }
  public double logEvidence() {
    double misfit = (vv - kv * kv / precision()) / model.noise() + Math.log1p(kk / model.ridge());
    return -0.5 * (misfit + count * Math.log(2 * Math.PI * model.noise()));
  }
}
