package org.definetti.latent;

/**
 * What every exchangeable latent model must satisfy, as tests: implement {@link #model} in a JUnit
 * 5 test class and run it.
 *
 * <pre>{@code
 * class MyModelTest implements LatentModelContract<Double> {
 *   public LatentModel<Double> model() {
 *     return new MyModel(2, 0.5);
 *   }
 * }
 * }</pre>
 *
 * <p>It is all of {@link SequenceContract}, which holds for ordered models too, and {@link
 * ExchangeabilityContract}, which says what the order of tokens must not do. A failed test names
 * the quantity, what was expected and what came, and where it can the likely mistake.
 *
 * @param <Z> the type of the latent
 */
public interface LatentModelContract<Z> extends SequenceContract<Z>, ExchangeabilityContract<Z> {}
