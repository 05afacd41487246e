package org.definetti.lab.image;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.regression.LatentFunction;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.train.DataSource;
import org.ejml.simple.SimpleMatrix;

/**
 * Pictures drawn from the prior with patches masked: one sample a hidden pixel, all hidden pixels
 * of a picture one after another.
 */
record MaskedPatches(PatchFilling task, int patch, int count, Seed seed) implements DataSource {

  private static final int PICTURES = 8; // a batch

  private int hiddenPixels() {
    return count * patch * patch;
  }

  @Override
  public Widths widths() {
    return new Widths(4, 1, 1);
  }

  @Override
  public int batchSize() {
    return PICTURES * hiddenPixels();
  }

  @Override
  public int length(long step) {
    return maxLength();
  }

  @Override
  public int maxLength() {
    return task.side() * task.side() - hiddenPixels();
  }

  @Override
  public void fill(long step, int first, Batch part) {
    int drawn = -1;
    for (int i = 0; i < part.size(); i++) {
      int picture = (first + i) / hiddenPixels();
      if (picture != drawn) {
        fillPicture(step, picture, first, part);
        drawn = picture;
      }
    }
  }

  // Writes the samples of one picture that lie in the part.
  private void fillPicture(long step, int picture, int first, Batch part) {
    RandomGenerator rng = seed.child(step).child(picture).generator();
    PatchMask mask = PatchMask.draw(task.side(), patch, count, rng);
    Picture drawn = draw(rng);
    int from = Math.max(first, picture * hiddenPixels());
    int to = Math.min(first + part.size(), (picture + 1) * hiddenPixels());
    writeContext(drawn, mask.visible(), part, from - first);
    SimpleMatrix queries = task.keys(mask.hidden());
    for (int sample = from; sample < to; sample++) {
      int hidden = sample - picture * hiddenPixels();
      int index = sample - first;
      if (sample > from) {
        part.copyContext(index, from - first);
      }
      for (int j = 0; j < 4; j++) {
        part.queries()[index * 4 + j] = (float) queries.get(hidden, j);
      }
      part.targets()[index] = (float) drawn.at(mask.hidden().get(hidden));
    }
  }

  private void writeContext(Picture picture, List<Integer> visible, Batch part, int index) {
    SimpleMatrix keys = task.keys(visible);
    for (int l = 0; l < visible.size(); l++) {
      int place = index * part.length() + l;
      for (int j = 0; j < 4; j++) {
        part.keys(j)[place] = (float) keys.get(l, j);
      }
      part.values(0)[place] = (float) picture.at(visible.get(l));
    }
  }

  /** Draws a picture with its noise. */
  Picture draw(RandomGenerator rng) {
    LatentFunction function = task.model().drawLatent(rng);
    List<Integer> all = IntStream.range(0, task.side() * task.side()).boxed().toList();
    double[] grey = function.at(task.keys(all)).getDDRM().data.clone();
    double deviation = Math.sqrt(task.model().noiseVariance());
    for (int i = 0; i < grey.length; i++) {
      grey[i] += deviation * Normal.draw(rng);
    }
    return Picture.of(grey);
  }
}
