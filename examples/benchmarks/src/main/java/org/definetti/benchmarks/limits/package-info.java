/**
 * What the machine can do at most, measured: the only package of this module that uses {@code
 * jdk.incubator.vector}, compiled by an execution of its own.
 */
@NullMarked
package org.definetti.benchmarks.limits;

import org.jspecify.annotations.NullMarked;
