package org.definetti.layer;

import org.definetti.attention.ConvolutionShape;

/** The places that the taps of a {@link ConvolutionShape} see. */
final class ConvolutionUnfold implements Unfold {

  private final ConvolutionShape shape;
  private final int[] sources; // (places)

  ConvolutionUnfold(ConvolutionShape shape, int places) {
    this.shape = shape;
    this.sources = new int[places];
  }

  @Override
  public int taps() {
    return shape.taps();
  }

  /** Finds the place that a tap sees, the zero place for padding and beyond the ends. */
  private void find(int layer, int tap, Places places) {
    for (int s = 0; s < places.samples(); s++) {
      int first = places.first(s);
      int count = places.count(s);
      for (int i = 0; i < places.first(s + 1) - first; i++) {
        int source = i < count ? shape.source(layer, tap, i, count) : -1;
        sources[first + i] = source < 0 ? places.zero : first + source;
      }
    }
  }

  @Override
  public void unfold(int layer, Places places, float[][] rows, float[][] out) {
    int total = places.total();
    for (int t = 0; t < shape.taps(); t++) {
      find(layer, t, places);
      for (int j = 0; j < rows.length; j++) {
        float[] row = rows[j];
        float[] seen = out[t * rows.length + j];
        for (int i = 0; i < total; i++) {
          seen[i] = row[sources[i]];
        }
      }
    }
  }

  @Override
  public void fold(int layer, Places places, float[][] outGradient, float[][] rowGradient) {
    int total = places.total();
    for (int t = 0; t < shape.taps(); t++) {
      find(layer, t, places);
      for (int j = 0; j < rowGradient.length; j++) {
        float[] row = rowGradient[j];
        float[] seen = outGradient[t * rowGradient.length + j];
        for (int i = 0; i < total; i++) {
          row[sources[i]] += seen[i];
        }
      }
    }
  }
}
