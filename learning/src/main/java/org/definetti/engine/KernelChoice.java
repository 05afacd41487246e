package org.definetti.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Chooses the kernels of the process, once. */
final class KernelChoice {

  private static final String MODULE = "jdk.incubator.vector";

  /** Asks for the plain kernels where it has this value. */
  private static final String PROPERTY = "definetti.kernels";

  private static final String PLAIN = "plain";

  /** By name: whoever has no such module must not load it. */
  private static final String VECTOR_KERNELS = "org.definetti.engine.simd.VectorKernels";

  static final Kernels KERNELS = choose();

  private KernelChoice() {}

  private static Kernels choose() {
    if (PLAIN.equals(System.getProperty(PROPERTY))) {
      return new PlainKernels();
    }
    Kernels vector = vectorKernels();
    if (vector != null) {
      return vector;
    }
    Logger logger = System.getLogger(Kernels.class.getName());
    logger.log(
        Level.INFO,
        "plain kernels in use; training is several times faster with java --add-modules " + MODULE);
    return new PlainKernels();
  }

  /** Returns the vector kernels, or null where module or processor lack what they need. */
  private static @Nullable Kernels vectorKernels() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return null;
    }
    try {
      return Class.forName(VECTOR_KERNELS)
          .asSubclass(Kernels.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      System.getLogger(Kernels.class.getName())
          .log(Level.WARNING, "vector kernels: not usable with this JDK or processor", e);
      return null;
    }
  }
}
