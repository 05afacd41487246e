package org.definetti.experiment;

/**
 * The source of a statement.
 *
 * @param tag what kind of source
 * @param citation where to find it, in a few words
 */
public record Source(SourceTag tag, String citation) {

  /** Returns a source in a paper that was read. */
  public static Source paper(String citation) {
    return new Source(SourceTag.PAPER, citation);
  }

  /** Returns a source known from the literature but not looked up. */
  public static Source recalled(String citation) {
    return new Source(SourceTag.RECALLED, citation);
  }

  /** Returns a derivation of this project. */
  public static Source derived(String citation) {
    return new Source(SourceTag.DERIVED, citation);
  }
}
