package org.definetti.symmetry;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * A question that any sequence function can be asked: does it have this symmetry?
 *
 * <p>The answer is the largest relative error over inputs and group elements drawn from the
 * generator, judged by the plan's tolerance. It falsifies: PASS says that no violation was seen.
 */
public interface Audit {

  /** Returns what is asked, in a few words, for example {@code orthogonal, determinant 1}. */
  String name();

  /**
   * Returns why the question makes no sense for a function, or nothing where it does.
   *
   * @param output what the function returns for an input of the plan; its shape counts
   * @return a reason in a few words, or the empty string
   */
  String whyNot(AuditPlan plan, SimpleMatrix output);

  /**
   * Examines a function.
   *
   * @param plan sizes, number of group elements, tolerance
   */
  AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function);
}
