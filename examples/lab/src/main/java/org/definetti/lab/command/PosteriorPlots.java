package org.definetti.lab.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.WeightedAttention;
import org.definetti.calibration.PosteriorEstimator;
import org.definetti.lab.report.Axis;
import org.definetti.lab.report.Figure;
import org.definetti.lab.report.HeatMap;
import org.definetti.lab.report.PlotFiles;
import org.definetti.lab.report.Series;
import org.definetti.lab.report.Series.Point;
import org.definetti.lab.report.Series.Style;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LatentRows;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/** The pictures of one sequence: its posterior, exact and of the attention, and the weights. */
final class PosteriorPlots {

  private static final int STEPS = 200;
  private static final double DEVIATIONS = 4;
  private static final double SAME = 1e-9;

  private PosteriorPlots() {}

  /**
   * Writes what there is to see of one sequence, and returns a line for each picture or for why
   * there is none.
   *
   * @param query key of the masked token
   * @param derived the attention derived from the model, or null where there is none
   */
  static List<String> write(
      Path directory,
      LatentModel<?> model,
      Tokens tokens,
      SimpleMatrix query,
      @Nullable Attention derived) {
    List<String> said = new ArrayList<>();
    try {
      Figure density = density(LatentRows.of(model), tokens, derived, said);
      PlotFiles.write(directory, "density", density);
      said.add("density: " + directory.resolve("density.svg"));
    } catch (UnsupportedOperationException e) {
      said.add("density: none, because " + e.getMessage());
    }
    if (derived != null) {
      try {
        PlotFiles.write(directory, "weights", weights(model, tokens, query, derived));
        said.add("weights: " + directory.resolve("weights.svg"));
      } catch (UnsupportedOperationException e) {
        said.add("weights: none, because " + e.getMessage());
      }
    }
    return said;
  }

  /**
   * Returns the density along the first coordinate of the latent, the others at the exact posterior
   * mean; of finitely many latents the probability of each.
   */
  private static Figure density(
      LatentRows<?> latents, Tokens tokens, @Nullable Attention derived, List<String> said) {
    Predictive exact = PosteriorEstimator.exact(latents).given(tokens);
    List<double[]> places = latents.isFinite() ? corners(latents) : line(exact);
    Figure figure =
        Figure.of(
            "Posterior after " + tokens.length() + " tokens",
            Axis.linear(latents.isFinite() ? "latent" : "first coordinate of the latent"),
            Axis.linear(latents.isFinite() ? "probability" : "density"));
    Style style = latents.isFinite() ? Style.COMPUTED : Style.LINE;
    if (derived != null) {
      try {
        Predictive read = PosteriorEstimator.readOut(latents, derived).given(tokens);
        figure = figure.withSeries(series("derived attention", style, latents, read, places));
      } catch (UnsupportedOperationException e) {
        said.add("density of the derived attention: none, because " + e.getMessage());
      }
    }
    // Dashed and last: where the two agree, both are seen.
    figure = figure.withSeries(series("exact", Style.REFERENCE, latents, exact, places));
    boolean slice = !latents.isFinite() && latents.width() > 1;
    return figure.withCaption(
        slice ? "The other coordinates are held at the exact posterior mean." : "");
  }

  private static Series series(
      String label, Style style, LatentRows<?> latents, Predictive law, List<double[]> places) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      double x = latents.isFinite() ? i + 1 : places.get(i)[0];
      points.add(Point.of(x, Math.exp(law.logProbability(places.get(i)))));
    }
    return new Series(label, style, points);
  }

  /** The finitely many latents, each as the row that is one at its place. */
  private static List<double[]> corners(LatentRows<?> latents) {
    List<double[]> corners = new ArrayList<>();
    for (int k = 0; k < latents.width(); k++) {
      double[] row = new double[latents.width()];
      row[k] = 1;
      corners.add(row);
    }
    return corners;
  }

  /** Places on the line through the posterior mean, as far as the density may be asked for. */
  private static List<double[]> line(Predictive exact) {
    double[] mean = exact.mean().getDDRM().data;
    double deviation = Math.sqrt(exact.covariance().get(0, 0));
    List<double[]> line = new ArrayList<>();
    for (int i = -STEPS / 2; i <= STEPS / 2; i++) {
      double[] place = mean.clone();
      place[0] += 2 * DEVIATIONS * deviation * i / STEPS;
      if (isKnown(exact, place)) {
        line.add(place);
      }
    }
    if (line.size() < 2) {
      throw new UnsupportedOperationException(
          "the coordinates of the latent are tied, so that none can be moved alone");
    }
    return line;
  }

  private static boolean isKnown(Predictive law, double[] place) {
    try {
      return law.logProbability(place) > Double.NEGATIVE_INFINITY;
    } catch (IllegalArgumentException outside) {
      return false;
    }
  }

  /**
   * Returns the weights of the tokens for the masked token, and where tokens have keys for each.
   */
  private static HeatMap weights(
      LatentModel<?> model, Tokens tokens, SimpleMatrix query, Attention derived) {
    Context context = Context.of(model, tokens);
    SimpleMatrix queries =
        model.tokenSpace().hasQueries() ? query.concatRows(context.keys()) : query;
    SimpleMatrix weights;
    if (derived instanceof WeightedAttention weighted) {
      weights = weighted.weights(queries, context);
    } else {
      weights = ofUnitValues(queries, context, derived);
    }
    String rows = queries.getNumRows() > 1 ? "masked token, then each token" : "masked token";
    return new HeatMap("Attention weights of the tokens", rows, "token", weights);
  }

  /**
   * Returns W of an attention whose output is {@code W V}: what it gives for the values I, provided
   * that W V is what it gives for V.
   */
  private static SimpleMatrix ofUnitValues(
      SimpleMatrix queries, Context context, Attention attention) {
    SimpleMatrix weights;
    SimpleMatrix output;
    try {
      SimpleMatrix units = SimpleMatrix.identity(context.length());
      weights = attention.attend(queries, new Context(context.keys(), units, context.logBiases()));
      output = attention.attend(queries, context);
    } catch (IllegalArgumentException e) {
      throw noWeights();
    }
    boolean same =
        weights.getNumCols() == context.length()
            && weights.mult(context.values()).isIdentical(output, SAME);
    if (!same) {
      throw noWeights();
    }
    return weights;
  }

  private static UnsupportedOperationException noWeights() {
    return new UnsupportedOperationException(
        "the output of this attention is no weighted sum of the tokens' values");
  }
}
