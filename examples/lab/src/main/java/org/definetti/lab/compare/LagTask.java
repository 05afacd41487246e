package org.definetti.lab.compare;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.random.Normal;
import org.jspecify.annotations.Nullable;

/**
 * One relevant token, k tokens before the end, among others of the same law.
 *
 * <pre>{@code
 * z ~ N(0, 1),  x_(n-k+1) = z + N(0, 1),  all other x_l ~ N(0, 2) alone,  target z
 * exact       x_(n-k+1) / 2,  risk 1/2
 * unordered   mean of the x_l / 2
 * window R    exact if k <= R, else 0
 * }</pre>
 *
 * <ul>
 *   <li>Nothing but its place tells the relevant token from the others: a multiset says only that
 *       each token is as likely the one as any other, so that its best answer is the mean of n
 *       answers.
 *   <li>Items are the lag k; eight more tokens stand before the relevant one, n = k + 8. The query
 *       is zero.
 *   <li>Source: [derived] (check XS10).
 * </ul>
 */
public record LagTask() implements Task {

  private static final int BEFORE = 8;

  @Override
  public String name() {
    return "lag";
  }

  @Override
  public Widths widths() {
    return new Widths(1, 1, 1);
  }

  @Override
  public Scale scale() {
    return Scale.SQUARED;
  }

  @Override
  public int tokens(int items) {
    return items + BEFORE;
  }

  @Override
  public int movable(int tokens) {
    return 0;
  }

  @Override
  public void draw(Batch batch, int sample, RandomGenerator rng) {
    SampleRows rows = new SampleRows(batch, sample);
    for (int l = 0; l < rows.length(); l++) {
      double z = Normal.draw(rng);
      rows.setValue(l, 0, z + Normal.draw(rng));
      if (l == BEFORE) {
        rows.setTarget(0, z);
      }
    }
  }

  @Override
  public Answer exact(Batch batch, int sample) {
    return Answer.of(0.5, new SampleRows(batch, sample).value(BEFORE, 0) / 2);
  }

  private static double[] unordered(Batch batch, int sample) {
    SampleRows rows = new SampleRows(batch, sample);
    return new double[] {rows.sum(0, rows.length())[0] / rows.length() / 2};
  }

  @Override
  public @Nullable Predictor best(Sight sight) {
    return switch (sight.kind()) {
      case WINDOW ->
          (batch, b) ->
              batch.length(b) - BEFORE <= sight.window()
                  ? exact(batch, b).mean()
                  : new double[] {0};
      case UNORDERED, POOLED -> LagTask::unordered;
      case EVERYTHING -> null;
    };
  }
}
