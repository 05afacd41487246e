package org.definetti.benchmarks;

/** One of the engine's inner loops, on data of its own. */
public interface MicroKernel {

  /** Does the work once. */
  void run();

  /**
   * Returns the kernel of this name: of the vector implementation where the process has the module
   * for it, else of the plain loops.
   */
  static MicroKernel of(KernelSize size) {
    // By name: the other is compiled with a module that this code is compiled without.
    boolean vector = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    String name =
        vector
            ? "org.definetti.engine.simd.VectorMicroKernels"
            : "org.definetti.engine.PlainMicroKernels";
    try {
      return Class.forName(name)
          .asSubclass(Maker.class)
          .getDeclaredConstructor()
          .newInstance()
          .make(size);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** Makes the kernels of one implementation. */
  interface Maker {

    /** Returns the kernel on data of this size. */
    MicroKernel make(KernelSize size);
  }
}
