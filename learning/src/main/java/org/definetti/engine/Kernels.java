package org.definetti.engine;

/**
 * The float32 kernels of training: plain loops, or vector instructions where the JDK's module
 * {@code jdk.incubator.vector} is present.
 *
 * <p>Chosen once, at the first use. A process started with {@code --add-modules
 * jdk.incubator.vector} gets the vector kernels; the command {@code definetti} does so. Without the
 * module the plain kernels run, several times slower, and one log line says so. {@code
 * -Ddefinetti.kernels=plain} asks for the plain kernels where the module is present.
 *
 * <p>Both give the same bits on every run of one machine and JDK, whatever the number of threads;
 * between the two, sums round differently.
 */
public interface Kernels {

  /** Returns the kernels of this process. */
  static Kernels inUse() {
    return KernelChoice.KERNELS;
  }

  /** Returns what the kernels are, for records: {@code plain}, or {@code vector, 8 lanes}. */
  String label();

  /** Returns softmax attention of one query per sample. */
  SingleQueryKernel singleQuery();

  /** Returns products of small matrices with one vector each. */
  SmallMatrixKernel smallMatrix();

  /** Returns the kernels of transformer blocks. */
  BlockKernels blocks();
}
