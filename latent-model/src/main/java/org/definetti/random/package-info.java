/**
 * Seeds by identity and reproducible draws; read {@link org.definetti.random.Seed} first.
 *
 * <pre>{@code  double x = Normal.draw(Seed.of(1).child("noise").child(trial).generator());  }</pre>
 *
 * <p>Two promises:
 *
 * <ol>
 *   <li><b>Draws.</b> The same version of this library and the same seed give the same bits on any
 *       JDK from 17 on and on any machine. So the generator is named (L64X128MixRandom), everything
 *       is made from {@code nextLong} by arithmetic, which has been strict since Java 17, and by
 *       {@link java.lang.StrictMath}; the JDK's own {@code nextGaussian} and {@code nextDouble} are
 *       not used. Tests pin the bits.
 *   <li><b>Results.</b> What is computed from the draws is byte-identical on the same machine and
 *       JDK, whatever the thread count or interruptions. Elsewhere it is equal within the tolerance
 *       stated with each result: {@code Math.exp} and its relatives may differ in the last bit. The
 *       kernel selected at run time, plain or SIMD, counts as part of the machine.
 * </ol>
 *
 * <p>A change to either is marked in the change log. A generator is an argument, always the last;
 * nothing here stores one. Shapes and probabilities are checked so that NaN is refused.
 */
@NullMarked
package org.definetti.random;

import org.jspecify.annotations.NullMarked;
