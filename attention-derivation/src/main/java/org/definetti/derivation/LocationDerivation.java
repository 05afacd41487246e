package org.definetti.derivation;

import java.util.ArrayList;
import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.attention.Head;
import org.definetti.attention.MultiHeadAttention;
import org.definetti.attention.NullToken;
import org.definetti.attention.ResidualAttention;
import org.definetti.attention.ScaledAttention;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.attention.SumAttention;
import org.definetti.latent.Cholesky;
import org.definetti.latent.GaussianLocationModel;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.simple.SimpleMatrix;

/**
 * A Gaussian point in correlated noise: one null-token head for each direction in which the prior
 * is worth a number of tokens of its own.
 *
 * <pre>{@code
 * S = G Gᵀ,   G⁻¹ S0 G⁻ᵀ = Σ_i λ_i u_i u_iᵀ
 * out = m0 + Σ_i head_i,   head_i: value map u_iᵀ G⁻¹, null weight 1/λ_i, output map G u_i
 *     = m0 + (x̄ − m0) (S0 + S/L)⁻¹ S0
 * }</pre>
 *
 * <p>A direction with λ_i = 0 is known beforehand and has no head. One head for all directions is
 * exact only if S0 is a multiple of S.
 */
final class LocationDerivation {

  private static final double RANK_TOLERANCE = 1e-14; // of the largest eigenvalue
  private static final double WRONG_FACTOR = 1.1;

  private LocationDerivation() {}

  static List<Derivation> of(GaussianLocationModel<?> model) {
    Cholesky noise = Cholesky.of("noiseCovariance", model.noiseCovariance());
    List<Direction> directions = directions(model.priorCovariance(), noise);
    List<String> counts = directions.stream().map(d -> Words.number(1 / d.ratio)).toList();
    return List.of(
        new Derivation(
                "multi-head-null-token",
                "a null-token softmax head a direction, weights " + counts,
                attention(model, directions, 1),
                Exactness.exact(),
                "The prior is worth another number of tokens in each direction. In coordinates"
                    + " where the noise is the identity and the prior diagonal, with entries λ_i,"
                    + " each direction has a null-token head of weight 1/λ_i; together out = m0 +"
                    + " (x̄ - m0) (S0 + S/L)^-1 S0 = E[z|X] for every L.",
                "[derived] B2, MS7")
            .withParameter("heads", String.valueOf(directions.size()))
            .withParameter("null weights 1/λ_i", counts.toString())
            .withParameter("prior mean m0", Words.row(model.priorMean()))
            .withControl("null tokens 10 % too heavy", attention(model, directions, WRONG_FACTOR)));
  }

  /** A direction with how much it varies under the prior, in units of the noise. */
  private record Direction(double ratio, SimpleMatrix read, SimpleMatrix write) {}

  private static List<Direction> directions(SimpleMatrix prior, Cholesky noise) {
    SimpleMatrix factor = noise.factor();
    SimpleMatrix inverse = factor.invert();
    SimpleMatrix whitened = inverse.mult(prior).mult(inverse.transpose());
    DMatrixRMaj symmetric = whitened.plus(whitened.transpose()).scale(0.5).getDDRM();
    EigenDecomposition_F64<DMatrixRMaj> eigen =
        DecompositionFactory_DDRM.eig(noise.size(), true, true);
    if (!eigen.decompose(symmetric)) {
      throw new IllegalArgumentException(
          "priorCovariance: expected a matrix with eigenvalues, got " + prior);
    }
    double largest = 0;
    for (int i = 0; i < noise.size(); i++) {
      largest = Math.max(largest, eigen.getEigenvalue(i).getReal());
    }
    List<Direction> directions = new ArrayList<>();
    for (int i = 0; i < noise.size(); i++) {
      double ratio = eigen.getEigenvalue(i).getReal();
      if (ratio > RANK_TOLERANCE * largest) {
        SimpleMatrix u = SimpleMatrix.wrap(eigen.getEigenVector(i));
        directions.add(new Direction(ratio, u.transpose().mult(inverse), factor.mult(u)));
      }
    }
    return directions;
  }

  private static Attention attention(
      GaussianLocationModel<?> model, List<Direction> directions, double factor) {
    List<Head> heads = new ArrayList<>();
    for (Direction direction : directions) {
      NullToken prior = NullToken.ofCount(factor / direction.ratio, new SimpleMatrix(1, 1));
      heads.add(
          Head.of(SoftmaxAttention.of(1).withNullToken(prior))
              .withValueMap(direction.read)
              .withOutputMap(direction.write));
    }
    Attention deviation =
        heads.isEmpty()
            ? new ScaledAttention(0, new SumAttention())
            : new MultiHeadAttention(heads);
    SimpleMatrix mean = model.priorMean().copy();
    return new ResidualAttention(keys -> Words.repeat(mean, keys.getNumRows()), deviation);
  }
}
