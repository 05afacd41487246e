/**
 * Kernels in {@code jdk.incubator.vector}: the only package that may use that module.
 *
 * <p>Nothing refers to it by type. {@link org.definetti.engine.Kernels} reaches {@code
 * VectorKernels} by name where the module is present, and everything else compiles and runs without
 * it. Compiled by an execution of its own and left out of the Javadoc, both of which warn of
 * incubating modules.
 */
@NullMarked
package org.definetti.engine.simd;

import org.jspecify.annotations.NullMarked;
