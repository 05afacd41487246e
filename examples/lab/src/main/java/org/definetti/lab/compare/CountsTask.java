package org.definetti.lab.compare;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.random.Categorical;
import org.definetti.random.Dirichlet;
import org.jspecify.annotations.Nullable;

/**
 * The next symbol of a die of unknown weights (model M3).
 *
 * <pre>{@code
 * θ ~ Dirichlet(α, …, α),   x_l ~ θ,   P(x = w | X) = (α + n_w) / (W α + n)
 * }</pre>
 *
 * <ul>
 *   <li>No order, no query. A window of R tokens: the same with the counts of those. The mean value
 *       is n_w / n, from which the exact answer follows at one length.
 *   <li>Source: [derived] (M3).
 * </ul>
 *
 * @param symbols W, at least 2
 * @param concentration α, above zero
 */
public record CountsTask(int symbols, double concentration) implements Task {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public CountsTask {
    Check.atLeast("symbols", 2, symbols);
    Check.positive("concentration", concentration);
  }

  @Override
  public String name() {
    return "dirichlet-categorical";
  }

  @Override
  public Widths widths() {
    return new Widths(1, symbols, symbols);
  }

  @Override
  public Scale scale() {
    return Scale.CATEGORICAL;
  }

  @Override
  public void draw(Batch batch, int sample, RandomGenerator rng) {
    SampleRows rows = new SampleRows(batch, sample);
    double[] prior = new double[symbols];
    Arrays.fill(prior, concentration);
    Categorical law = Categorical.of(Dirichlet.draw(prior, rng));
    for (int l = 0; l < rows.length(); l++) {
      rows.setValue(l, law.draw(rng), 1);
    }
    rows.setTarget(law.draw(rng), 1);
  }

  @Override
  public Answer exact(Batch batch, int sample) {
    double[] law = last(batch, sample, batch.length(sample));
    return Answer.of(Scale.CATEGORICAL.loss(law, law), law);
  }

  private double[] last(Batch batch, int sample, int count) {
    SampleRows rows = new SampleRows(batch, sample);
    int used = Math.min(count, rows.length());
    double[] law = rows.sum(rows.length() - used, rows.length());
    for (int j = 0; j < symbols; j++) {
      law[j] = (law[j] + concentration) / (used + symbols * concentration);
    }
    return law;
  }

  @Override
  public @Nullable Predictor best(Sight sight) {
    return sight.kind() == Sight.Kind.WINDOW ? (batch, b) -> last(batch, b, sight.window()) : null;
  }
}
