/** Exported networks run in ONNX Runtime, which shares no code with the layers. */
@NullMarked
package org.definetti.lab.onnx;

import org.jspecify.annotations.NullMarked;
