package org.definetti.derivation;

import java.util.List;
import org.definetti.attention.NadarayaWatsonAttention;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.latent.Check;

/**
 * The assumption that one token of the context made the query: its key, blurred (B4).
 *
 * <pre>{@code
 * P(i) ∝ exp(b_i),   q = k_i + N(0, γ I),   what is asked for is v_i
 * E[v | q, K, V] = Σ_i w_i v_i,   w = softmax(b − ‖q − k‖² / (2γ))
 *                = softmax(b + q·k / γ) · V     if all keys have one norm
 * }</pre>
 *
 * <p>The keys are given, so this is no law of sequences and no latent model: the latent is the
 * index i. Log biases of the context are the log prior over tokens; a geometric one is a recency
 * window. Source: [derived; cf. source: Singh-2023, abstract].
 *
 * @param noiseVariance γ, finite and above zero: the temperature of the softmax
 */
public record GeneratedQuery(double noiseVariance) {

  /**
   * Checks the variance.
   *
   * @throws IllegalArgumentException unless it is finite and above zero
   */
  public GeneratedQuery {
    Check.positive("noiseVariance", noiseVariance);
  }

  /**
   * Returns the attentions that are exact under this assumption: for any keys, then for equal
   * norms.
   */
  public List<Derivation> derivations() {
    return List.of(anyNorms(), equalNorms());
  }

  /** Returns the exact attention for keys of any norms, {@code nadaraya-watson}. */
  public Derivation anyNorms() {
    return new Derivation(
            "nadaraya-watson",
            "softmax of -|q - k|^2 / (2γ), γ " + Words.number(noiseVariance),
            new NadarayaWatsonAttention(noiseVariance),
            Exactness.exact(),
            "Bayes' rule over the token i that made the query: w_i ∝ exp(b_i) N(q; k_i, γ I).",
            "[derived; cf. source: Singh-2023, abstract] B4")
        .withParameter("bandwidth γ", Words.number(noiseVariance))
        .withControl("γ times 2", new NadarayaWatsonAttention(2 * noiseVariance));
  }

  /** Returns the exact attention for keys of one norm, {@code softmax} at temperature γ. */
  public Derivation equalNorms() {
    return new Derivation(
            "softmax",
            "softmax, temperature " + Words.number(noiseVariance) + ", keys of one norm",
            SoftmaxAttention.of(noiseVariance),
            Exactness.exact(),
            "|q - k|^2 = |q|^2 - 2 q·k + |k|^2; with keys of one norm only q·k/γ is left, so"
                + " w = softmax(b + q·k/γ).",
            "[derived; cf. source: Singh-2023, abstract] B4")
        .withParameter("temperature γ", Words.number(noiseVariance))
        .withControl("temperature times 2", SoftmaxAttention.of(2 * noiseVariance));
  }
}
