package org.definetti.layer;

import java.util.Arrays;
import org.definetti.engine.TokenRows;

/** Each place sees itself and the mean of its sample's rows. */
final class SetUnfold implements Unfold {

  @Override
  public int taps() {
    return 2;
  }

  @Override
  public void unfold(int layer, Places places, float[][] rows, float[][] out) {
    for (int j = 0; j < rows.length; j++) {
      System.arraycopy(rows[j], 0, out[j], 0, places.total());
      float[] means = out[rows.length + j];
      for (int s = 0; s < places.samples(); s++) {
        int first = places.first(s);
        int last = first + places.count(s);
        Arrays.fill(means, first, last, TokenRows.sum(rows[j], first, last) / places.count(s));
        Arrays.fill(means, last, places.first(s + 1), 0f);
      }
    }
  }

  @Override
  public void fold(int layer, Places places, float[][] outGradient, float[][] rowGradient) {
    int d = rowGradient.length;
    for (int j = 0; j < d; j++) {
      float[] row = rowGradient[j];
      float[] own = outGradient[j];
      for (int s = 0; s < places.samples(); s++) {
        int first = places.first(s);
        int last = first + places.count(s);
        float share = TokenRows.sum(outGradient[d + j], first, last) / places.count(s);
        for (int i = first; i < last; i++) {
          row[i] += own[i] + share;
        }
      }
    }
  }
}
