package org.definetti.lab.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.definetti.calibration.ExpectedCoverage;
import org.definetti.calibration.JudgedPosterior;
import org.definetti.calibration.SimulationBasedCalibration;
import org.definetti.calibration.Tarp;
import org.definetti.calibration.UniformRanks;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Results;
import org.definetti.lab.run.Build;
import org.definetti.latent.LatentModel;

/**
 * The pictures of a diagnosis: distribution functions of ranks for each posterior, and the band in
 * which those of an exact one stay.
 */
final class CalibrationCurves {

  /** The swept axis: report pages draw a probability on linear axes. */
  static final String PROBABILITY = "probability";

  private static final int MOST_COORDINATES = 4;

  private CalibrationCurves() {}

  static Results of(LatentModel<?> model, Map<String, JudgedPosterior> judged, double level) {
    List<Cell> cells = new ArrayList<>();
    List<CellResult> results = new ArrayList<>();
    int count = judged.values().iterator().next().count();
    UniformRanks uniform = UniformRanks.of(count);
    UniformRanks.Band band = uniform.band(level);
    Map<String, double[]> edges = new LinkedHashMap<>();
    Map<String, double[]> low = new LinkedHashMap<>();
    Map<String, double[]> high = new LinkedHashMap<>();
    judged.forEach(
        (name, posterior) -> {
          Map<String, double[]> shares = shares(posterior, uniform);
          cells.add(cell(model, name));
          results.add(points(shares));
          shares.keySet().forEach(metric -> edges.put(metric, new double[0]));
        });
    for (String metric : edges.keySet()) {
      double[] lower = new double[UniformRanks.POINTS + 1];
      double[] upper = new double[UniformRanks.POINTS + 1];
      for (int k = 0; k <= UniformRanks.POINTS; k++) {
        lower[k] = band.lower(k);
        upper[k] = band.upper(k);
      }
      low.put(metric, lower);
      high.put(metric, upper);
    }
    cells.add(cell(model, "band of exact posteriors, low"));
    results.add(points(low));
    cells.add(cell(model, "band of exact posteriors, high"));
    results.add(points(high));
    return new Results(
        Plan.of(Build.provenance().version(), Map.of(), PROBABILITY, cells), results);
  }

  private static Cell cell(LatentModel<?> model, String name) {
    Cell cell = Cell.of("model", model.description().name()).with("attention", name);
    boolean attention = name.equals("trained") || name.equals("derived");
    return (attention ? cell.with("origin", name) : cell).with(Cell.SEED, "0");
  }

  private static Map<String, double[]> shares(JudgedPosterior judged, UniformRanks uniform) {
    Map<String, double[]> shares = new LinkedHashMap<>();
    int most = judged.drawCount();
    SimulationBasedCalibration sbc = new SimulationBasedCalibration();
    for (int j = 0; j < Math.min(judged.width(), MOST_COORDINATES); j++) {
      shares.put("sbc-coordinate-" + (j + 1), uniform.shares(sbc.ranks(judged, j), most));
    }
    try {
      shares.put("coverage", uniform.shares(new ExpectedCoverage().ranks(judged), most));
    } catch (UnsupportedOperationException e) {
      // No density, no regions of highest density: the table says so.
    }
    for (Tarp.Reference reference : Tarp.Reference.values()) {
      Tarp tarp = Tarp.of(reference);
      try {
        shares.put(tarp.name(), uniform.shares(tarp.ranks(judged), most));
      } catch (UnsupportedOperationException e) {
        // The prior's covariance or draws are not known: the table says so.
      }
    }
    return shares;
  }

  private static CellResult points(Map<String, double[]> shares) {
    List<CellPoint> points = new ArrayList<>();
    for (int k = 0; k <= UniformRanks.POINTS; k++) {
      Map<String, Estimate> metrics = new LinkedHashMap<>();
      for (Map.Entry<String, double[]> entry : shares.entrySet()) {
        metrics.put(entry.getKey(), Estimate.exact(entry.getValue()[k]));
      }
      points.add(new CellPoint((double) k / UniformRanks.POINTS, metrics));
    }
    return new CellResult(points);
  }
}
