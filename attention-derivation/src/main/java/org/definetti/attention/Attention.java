package org.definetti.attention;

import org.ejml.simple.SimpleMatrix;

/**
 * Attention: a function from queries and a context to outputs.
 *
 * <p>One method, so a lambda is an attention and can be swept, audited and compared beside the
 * built-in ones. Unless a type says otherwise the order of the context's rows does not matter, and
 * implementations are immutable and safe to share between threads.
 */
@FunctionalInterface
public interface Attention {

  /**
   * Returns one output row per query.
   *
   * @param queries shape (m, dk). Not modified.
   * @param context n keys (n, dk), values (n, dv) and log biases (n, 1). Not modified.
   * @return shape (m, width of the output)
   */
  SimpleMatrix attend(SimpleMatrix queries, Context context);
}
