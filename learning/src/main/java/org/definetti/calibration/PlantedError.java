package org.definetti.calibration;

import java.util.Locale;
import org.definetti.latent.LatentRows;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * A known mistake put into an exact posterior, by which a diagnostic is tested: it has to notice.
 *
 * <pre>{@code
 * m, sd of P(z | X), per coordinate; m0 the prior mean
 * over-confident by c   m + (z - m) / c            z ~ P(z | X)
 * biased                z + 0.25 sd                z ~ P(z | X)
 * prior-only            z                          z ~ P(z)
 * stale scaling         m0 + 1.25 (z - m0)         z ~ P(z | X)
 * }</pre>
 *
 * <p>Prior-only is perfectly calibrated and useless: it learned nothing. Stale scaling is a network
 * whose outputs are scaled back by the spread of an older prior. The errors are affine maps of the
 * latent, so they are meant for latents that may be any real numbers. Source: [derived]; the list
 * is this project's own.
 */
public enum PlantedError {
  /** The posterior's standard deviation divided by 1.25. */
  OVER_CONFIDENT_1_25 {
    @Override
    Predictive plant(Predictive exact, Predictive prior) {
      return sharpened(exact, 1.25);
    }
  },

  /** The posterior's standard deviation divided by 2. */
  OVER_CONFIDENT_2 {
    @Override
    Predictive plant(Predictive exact, Predictive prior) {
      return sharpened(exact, 2);
    }
  },

  /** The posterior moved by a quarter of its standard deviation in each coordinate. */
  BIASED {
    @Override
    Predictive plant(Predictive exact, Predictive prior) {
      SimpleMatrix covariance = exact.covariance();
      double[] shift = new double[covariance.getNumRows()];
      for (int j = 0; j < shift.length; j++) {
        shift[j] = BIAS * Math.sqrt(covariance.get(j, j));
      }
      SimpleMatrix mean = exact.mean();
      return new AffineLaw(exact, mean, new SimpleMatrix(1, shift.length, true, shift), 1);
    }
  },

  /** The prior, whatever was seen. */
  PRIOR_ONLY {
    @Override
    Predictive plant(Predictive exact, Predictive prior) {
      return prior;
    }
  },

  /** The posterior stretched by 1.25 about the prior mean. */
  STALE_SCALING {
    @Override
    Predictive plant(Predictive exact, Predictive prior) {
      SimpleMatrix centre = prior.mean();
      return new AffineLaw(exact, centre, new SimpleMatrix(1, centre.getNumCols()), STALE);
    }
  };

  private static final double BIAS = 0.25;
  private static final double STALE = 1.25;

  abstract Predictive plant(Predictive exact, Predictive prior);

  private static Predictive sharpened(Predictive exact, double factor) {
    SimpleMatrix mean = exact.mean();
    return new AffineLaw(exact, mean, new SimpleMatrix(1, mean.getNumCols()), 1 / factor);
  }

  /** Returns the exact posterior of a model's latents with this error in it. */
  public PosteriorEstimator planted(LatentRows<?> latents) {
    PosteriorEstimator exact = PosteriorEstimator.exact(latents);
    Predictive prior = latents.prior();
    return (Tokens tokens) -> plant(exact.given(tokens), prior);
  }

  /** Returns the name in files and tables, for example {@code over-confident-1.25}. */
  public String label() {
    return this == OVER_CONFIDENT_1_25
        ? "over-confident-1.25"
        : name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
