package org.definetti.lab.claims;

import java.util.random.RandomGenerator;
import org.definetti.random.Categorical;
import org.definetti.transfer.PosteriorLaw;
import org.ejml.simple.SimpleMatrix;

/**
 * Draws from the joint law of the posterior and the latent: labelled sequences, by the cell of the
 * law they fall into.
 */
final class LabelledCells {

  private final int[] cells;
  private final int[] latents;
  private final int sizeOfLaw;
  private final int countOfLatents;

  private LabelledCells(int[] cells, int[] latents, int sizeOfLaw, int countOfLatents) {
    this.cells = cells;
    this.latents = latents;
    this.sizeOfLaw = sizeOfLaw;
    this.countOfLatents = countOfLatents;
  }

  static LabelledCells draw(PosteriorLaw law, int count, RandomGenerator rng) {
    int width = law.posteriors().getNumCols();
    double[] joint = law.posteriors().getDDRM().data.clone();
    for (int j = 0; j < joint.length; j++) {
      joint[j] *= law.probabilities().get(0, j / width);
    }
    Categorical pairs = Categorical.of(joint);
    int[] cells = new int[count];
    int[] latents = new int[count];
    for (int n = 0; n < count; n++) {
      int pair = pairs.draw(rng);
      cells[n] = pair / width;
      latents[n] = pair % width;
    }
    return new LabelledCells(cells, latents, law.size(), width);
  }

  /** Returns the latent of each draw. */
  int[] latents() {
    return latents.clone();
  }

  /** Returns how often each cell was drawn, shape (1, S). */
  SimpleMatrix weights() {
    double[] weights = new double[sizeOfLaw];
    for (int cell : cells) {
      weights[cell]++;
    }
    return new SimpleMatrix(1, sizeOfLaw, true, weights);
  }

  /** Returns the mean of G over the draws of each cell, shape (S, dy); 0 where there was none. */
  SimpleMatrix labels(SimpleMatrix question) {
    SimpleMatrix seen = weights();
    double[] sums = new double[sizeOfLaw * countOfLatents];
    for (int n = 0; n < cells.length; n++) {
      sums[cells[n] * countOfLatents + latents[n]] += 1 / seen.get(0, cells[n]);
    }
    return new SimpleMatrix(sizeOfLaw, countOfLatents, true, sums).mult(question.transpose());
  }

  /** Returns the row of each draw's cell, shape (n, p). */
  SimpleMatrix rows(SimpleMatrix byCell) {
    double[][] rows = new double[cells.length][];
    for (int n = 0; n < rows.length; n++) {
      rows[n] = byCell.extractVector(true, cells[n]).getDDRM().data;
    }
    return new SimpleMatrix(rows);
  }
}
