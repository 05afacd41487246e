/**
 * Trained layers as ONNX graphs, to be run where there is no JVM.
 *
 * <p>{@link org.definetti.lab.onnx.OnnxNetwork} is the way in; a file for each kind of layer says
 * what it computes in ONNX operators, and {@link org.definetti.lab.onnx.OnnxGraph} writes them
 * down.
 */
@NullMarked
package org.definetti.lab.onnx;

import org.jspecify.annotations.NullMarked;
