package org.definetti.layer;

/** What each place of a {@link UnfoldedStack} sees, side by side: linear, without parameters. */
interface Unfold {

  /** Returns how many rows a place sees. */
  int taps();

  /**
   * Writes what each place sees; padding sees anything finite.
   *
   * @param rows (d)(places + 1), the last place zero. Not modified.
   * @param out (taps · d)(places + 1). Modified.
   */
  void unfold(int layer, Places places, float[][] rows, float[][] out);

  /**
   * Adds to the gradient of the rows that of what each place sees.
   *
   * @param outGradient zero at padding. Not modified.
   * @param rowGradient receives anything at the zero place. Modified.
   */
  void fold(int layer, Places places, float[][] outGradient, float[][] rowGradient);
}
