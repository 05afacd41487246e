package org.definetti.latent;

/**
 * What every model of sequences must satisfy, exchangeable or not, as tests: implement {@link
 * #model} in a JUnit 5 test class.
 *
 * <ul>
 *   <li>{@link SamplerContract}: shapes, nested prefixes, and tokens that are as the belief
 *       predicts;
 *   <li>{@link BeliefContract}: conditioning in steps, prefixes, evidence by the chain rule,
 *       predictives that integrate to one, moments, entropy and divergence;
 *   <li>{@link CalibrationContract}: the latent that made the tokens looks like a draw from the
 *       posterior.
 * </ul>
 *
 * <p>For models whose order of tokens matters: hidden Markov models, autoregressions, urns. A model
 * whose tokens are independent given z has more to satisfy: {@link LatentModelContract}.
 *
 * @param <Z> the type of the latent
 */
public interface SequenceContract<Z>
    extends SamplerContract<Z>, BeliefContract<Z>, CalibrationContract<Z> {}
