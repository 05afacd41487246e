package org.definetti.benchmarks.compare;

/** The sides that a worker can hold. */
enum SideName {
  /** This library, with the fastest kernels of this machine. */
  OURS,
  /** This library, with its plain loops. */
  PLAIN,
  /** PyTorch. */
  PYTORCH;

  /** Makes the side, in this process. */
  Side start(Task task) {
    if (this == PYTORCH) {
      return TorchSide.fastest(task);
    }
    return task.work() == Work.INFER ? new OurInference(task) : new OurTraining(task);
  }
}
