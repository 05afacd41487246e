package org.definetti.symmetry;

import java.util.Arrays;
import org.definetti.latent.Check;
import org.definetti.latent.special.SphereIntegrals;
import org.ejml.simple.SimpleMatrix;

/**
 * Posterior means as the equivariant forms that they must be when the prior has no preferred
 * direction.
 *
 * <pre>{@code
 * p(z Q) = p(z),  p(x Q | z Q) = p(x | z)   ⇒   E[z | X Q] = E[z | X] Q   ⇒   E[z | X] = C(G) V
 * }</pre>
 *
 * <ul>
 *   <li>The first step is a change of variables in Bayes' rule, the second is {@link
 *       EquivariantForm}: whatever the law is, the answer is a sum of tokens, with weights that are
 *       functions of inner products. Tokens that are exchangeable are weighed alike: {@code C(P G
 *       Pᵀ) = C(G) Pᵀ}.
 *   <li>What the prior knows besides (points, a covariance, a mean, an embedding) is knowledge Z,
 *       and turns along. Frozen, it is a preferred direction.
 *   <li>Each method names the latent model it answers for. Outputs have one row unless said
 *       otherwise. An input without tokens gives the prior mean.
 *   <li>Cost: O(n²) to O(n k) beside the Gram matrix, unless said otherwise.
 *   <li>Source: [derived] (statement BS1, models MS1-MS10); the tie between posterior and attention
 *       [source: Zhang-2022, abstract].
 * </ul>
 */
public final class PosteriorForm {

  private PosteriorForm() {}

  /**
   * MS1, a point measured several times ({@code gaussian-mean}): every token weighs the same.
   *
   * <pre>{@code  z ~ N(0, t2 I),  x | z ~ N(z, s2 I);   c_i = t2 / (n t2 + s2)  }</pre>
   *
   * @param priorVariance t2, finite and above zero
   * @param noiseVariance s2, finite and above zero
   */
  public static EquivariantForm gaussianMean(double priorVariance, double noiseVariance) {
    Check.positive("priorVariance", priorVariance);
    Check.positive("noiseVariance", noiseVariance);
    return EquivariantForm.ofTokens(
        gram -> {
          int n = gram.tokens();
          return row(n, priorVariance / (n * priorVariance + noiseVariance));
        });
  }

  /**
   * MS8, the same with a prior mean m0, the one row of knowledge: equivariant as long as m0 turns
   * along.
   *
   * <pre>{@code  E[z | X] = (t2 Σ_i x_i + s2 m0) / (n t2 + s2)  }</pre>
   *
   * <p>With several knowledge rows m0 is their average.
   *
   * @param priorVariance t2, finite and above zero
   * @param noiseVariance s2, finite and above zero
   */
  public static EquivariantForm gaussianMeanAround(double priorVariance, double noiseVariance) {
    Check.positive("noiseVariance", noiseVariance);
    return gaussianMean(priorVariance, noiseVariance)
        .plus(
            EquivariantForm.ofKnowledge(
                gram -> {
                  int k = Check.atLeast("knowledge", 1, gram.knowledge());
                  double total = gram.tokens() * priorVariance + noiseVariance;
                  return row(k, noiseVariance / total / k);
                }));
  }

  /**
   * MS2, one of k known points seen through noise ({@code gaussian-concepts}): softmax attention of
   * the sum of tokens to the knowledge.
   *
   * <pre>{@code
   * b = softmax_l(<Σ_i x_i, z_l> / s2 - n |z_l|² / (2 s2) + log π_l)
   * }</pre>
   *
   * @param noiseVariance s2, finite and above zero
   * @param prior π, shape (1, k), probabilities; k is the number of knowledge rows
   */
  public static EquivariantForm atoms(double noiseVariance, SimpleMatrix prior) {
    Check.positive("noiseVariance", noiseVariance);
    SimpleMatrix own = Check.probabilities("prior", prior).copy();
    return EquivariantForm.ofKnowledge(
        gram -> {
          int n = gram.tokens();
          SimpleMatrix sums = row(n, 1).mult(gram.crossBlock());
          return GramAttention.rowSoftmax(atomLogits(sums, n, gram, noiseVariance, own));
        });
  }

  /**
   * MS3, every token one of k known points seen through noise of its own, one output row a token:
   * attention with Gaussian scores, a denoiser.
   *
   * <pre>{@code
   * b_il = softmax_l(-|x_i - z_l|² / (2 s2) + log π_l)
   *      = softmax_l(<x_i, z_l> / s2 - |z_l|² / (2 s2) + log π_l)
   * }</pre>
   *
   * <p>It is dot-product attention exactly if all points have one norm and one prior probability.
   * Where the points are the tokens themselves it is {@link GramAttention#gaussian} of bandwidth
   * s2.
   *
   * @param noiseVariance s2, finite and above zero
   * @param prior π, shape (1, k), probabilities; k is the number of knowledge rows
   */
  public static EquivariantForm denoiser(double noiseVariance, SimpleMatrix prior) {
    Check.positive("noiseVariance", noiseVariance);
    SimpleMatrix own = Check.probabilities("prior", prior).copy();
    return EquivariantForm.ofKnowledge(
        gram ->
            GramAttention.rowSoftmax(atomLogits(gram.crossBlock(), 1, gram, noiseVariance, own)));
  }

  private static SimpleMatrix atomLogits(
      SimpleMatrix products, int count, Gram gram, double noiseVariance, SimpleMatrix prior) {
    int k = Check.matrix("prior", prior, 1, gram.knowledge()).getNumCols();
    SimpleMatrix squares = gram.knowledgeBlock().diag();
    double[] logits = new double[products.getNumElements()];
    for (int i = 0; i < logits.length; i++) {
      int l = i % k;
      double product = products.get(i / k, l) - 0.5 * count * squares.get(l);
      logits[i] = product / noiseVariance + Math.log(prior.get(0, l));
    }
    return new SimpleMatrix(products.getNumRows(), k, true, logits);
  }

  /**
   * MS4, an unknown function of keys ({@code linear-regression}, {@code gaussian-process}): the
   * coefficients of kernel ridge, to be multiplied by the values.
   *
   * <pre>{@code  C = κ(Q, K) (κ(K, K) + λ I)⁻¹,   E[v | X, q] = C V,   λ = s2 / t2  }</pre>
   *
   * <p>The Gram matrix is that of queries Q, as its tokens, and keys K, as its knowledge; values
   * live in a space of their own, where C V turns with them. Cost O(k³).
   *
   * @param ridge λ, finite and above zero
   * @param kernel the kernel of all pairs of rows, as a function of their inner products, shape (n
   *     + k, n + k): {@code Gram::matrix} for the linear one
   * @return coefficients of shape (queries, keys)
   */
  public static Coefficients ridge(double ridge, Coefficients kernel) {
    Check.positive("ridge", ridge);
    return gram -> {
      int size = gram.size();
      SimpleMatrix values = Check.matrix("kernel", kernel.at(gram), size, size);
      Gram pairs = new Gram(values, gram.tokens());
      SimpleMatrix shift = SimpleMatrix.identity(gram.knowledge()).scale(ridge);
      SimpleMatrix right = pairs.crossBlock().transpose();
      return pairs.knowledgeBlock().plus(shift).solve(right).transpose();
    };
  }

  /**
   * Returns the Gaussian kernel as a function of inner products, for {@link #ridge}.
   *
   * <pre>{@code  κ(a, b) = exp(-(<a,a> + <b,b> - 2 <a,b>) / (2 γ))  }</pre>
   *
   * @param bandwidth γ, the squared length scale, finite and above zero
   */
  public static Coefficients gaussianKernel(double bandwidth) {
    Check.positive("bandwidth", bandwidth);
    return gram -> {
      SimpleMatrix g = gram.matrix();
      int size = gram.size();
      double[] values = new double[size * size];
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          double square = g.get(i, i) + g.get(j, j) - 2 * g.get(i, j);
          values[i * size + j] = Math.exp(-square / (2 * bandwidth));
        }
      }
      return new SimpleMatrix(size, size, true, values);
    };
  }

  /**
   * MS5, a direction measured several times ({@code von-mises-fisher-mean} with a uniform prior);
   * tokens are unit vectors.
   *
   * <pre>{@code
   * z uniform on the sphere,  x | z ~ vMF(z, κ);   c_i = κ A_d(r) / r,   r = κ √(1ᵀ G 1)
   * }</pre>
   *
   * <p>A_d is the mean resultant length; A_d(r) / r is 1 / d at r = 0. All weights are equal, and
   * depend on the tokens through the length of their sum.
   *
   * @param dimension d, at least 2
   * @param concentration κ, finite and above zero
   */
  public static EquivariantForm direction(int dimension, double concentration) {
    Check.atLeast("dimension", 2, dimension);
    Check.positive("concentration", concentration);
    return EquivariantForm.ofTokens(
        gram -> {
          double square = Math.max(0, gram.tokenBlock().elementSum());
          double r = concentration * Math.sqrt(square);
          double shrunk =
              r == 0 ? 1.0 / dimension : SphereIntegrals.meanResultantLength(dimension, r) / r;
          return row(gram.tokens(), concentration * shrunk);
        });
  }

  /**
   * MS7, a point that is more uncertain in some directions, S0 = Zᵀ Z being given as knowledge
   * ({@code multivariate-gaussian-mean}).
   *
   * <pre>{@code
   * z ~ N(0, Zᵀ Z),  x | z ~ N(z, s2 I);   E[z | X] = x̄ Zᵀ (Z Zᵀ + (s2 / n) I)⁻¹ Z
   * }</pre>
   *
   * <p>A = 0: tokens are seen only through inner products with the knowledge. Cost O(k³).
   *
   * @param noiseVariance s2, finite and above zero
   */
  public static EquivariantForm knownCovariance(double noiseVariance) {
    Check.positive("noiseVariance", noiseVariance);
    return EquivariantForm.ofKnowledge(
        gram -> {
          int n = gram.tokens();
          if (n == 0) {
            return row(gram.knowledge(), 0);
          }
          SimpleMatrix mean = row(n, 1.0 / n).mult(gram.crossBlock());
          SimpleMatrix shift = SimpleMatrix.identity(gram.knowledge()).scale(noiseVariance / n);
          return gram.knowledgeBlock().plus(shift).solve(mean.transpose()).transpose();
        });
  }

  /**
   * MS9, what comes next if a hidden state moves between k known points ({@code hidden-markov} with
   * Gaussian emissions): equivariant, and the order of tokens matters.
   *
   * <pre>{@code
   * α_1(l) ∝ ι_l e_1(l),   α_i(l) ∝ Σ_m α_(i-1)(m) T_ml e_i(l),
   * e_i(l) = exp(<x_i, z_l> / s2 - |z_l|² / (2 s2)),   b = α_n T
   * }</pre>
   *
   * <p>Without tokens b is ι. Cost O(n k²).
   *
   * @param initial ι, shape (1, k), probabilities; k is the number of knowledge rows
   * @param transition T, shape (k, k), rows are probabilities
   * @param noiseVariance s2, finite and above zero
   */
  public static EquivariantForm hiddenMarkov(
      SimpleMatrix initial, SimpleMatrix transition, double noiseVariance) {
    Check.positive("noiseVariance", noiseVariance);
    int states = Check.probabilities("initial", initial).getNumCols();
    SimpleMatrix first = initial.copy();
    SimpleMatrix moves = Check.stochastic("transition", transition, states, states).copy();
    return EquivariantForm.ofKnowledge(
        gram -> {
          SimpleMatrix next = first;
          SimpleMatrix cross = gram.crossBlock();
          for (int i = 0; i < gram.tokens(); i++) {
            SimpleMatrix product = cross.extractVector(true, i);
            SimpleMatrix logits = atomLogits(product, 1, gram, noiseVariance, next);
            next = GramAttention.rowSoftmax(logits).mult(moves);
          }
          return next;
        });
  }

  /**
   * MS10, the next word of a vocabulary whose k embeddings are the knowledge ({@code
   * dirichlet-categorical}); tokens are embeddings of the words seen.
   *
   * <pre>{@code
   * θ ~ Dirichlet(α, …, α);   Σ_w P(w | X) z_w = (Σ_i x_i + α Σ_l z_l) / (n + k α)
   * }</pre>
   *
   * <p>With one-hot embeddings, Z = I held fixed, what is left of O(k) is the renaming of words.
   *
   * @param count α, the prior count of every word, finite and above zero
   */
  public static EquivariantForm vocabulary(double count) {
    Check.positive("count", count);
    return EquivariantForm.of(
        gram -> {
          double[] weights = new double[gram.size()];
          double total = gram.tokens() + count * gram.knowledge();
          Arrays.fill(weights, 0, gram.tokens(), 1 / total);
          Arrays.fill(weights, gram.tokens(), weights.length, count / total);
          return new SimpleMatrix(1, weights.length, true, weights);
        });
  }

  /** Returns one row of n equal numbers. */
  private static SimpleMatrix row(int n, double number) {
    double[] numbers = new double[n];
    Arrays.fill(numbers, number);
    return new SimpleMatrix(1, n, true, numbers);
  }
}
