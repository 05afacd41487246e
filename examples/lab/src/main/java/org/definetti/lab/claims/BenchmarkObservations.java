package org.definetti.lab.claims;

import java.util.Arrays;
import java.util.List;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;

/**
 * The ten observations of sbibm's {@code gaussian_linear} task, ten coordinates each.
 *
 * <p>Source: {@code sbibm/tasks/gaussian_linear/files/num_observation_1..10/observation.csv} of
 * sbibm, commit 1a45fa72f755, MIT License [source: Lueckmann-2021, the benchmark's repository].
 */
final class BenchmarkObservations {

  private static final String ROWS =
      """
      1.0471346, 0.5566712, -0.23618454, 0.027879834, -1.0051446, \
      -0.007930746, 0.06117077, -0.29286885, -0.38539964, 0.2449614
      -0.106687605, -0.8015651, -0.07332335, 0.4009537, 0.62297356, \
      -0.18687348, 0.7087778, 0.1921165, 0.6718195, 0.097826496
      0.46684834, -1.0391812, -0.4221986, -0.043471217, 0.06795333, \
      0.44685173, 0.034785576, -0.48691356, -0.14388148, -0.60066223
      0.26986307, -0.8764679, -0.80710757, -0.62243676, -0.29644397, \
      0.18969943, -1.2106322, 0.080149904, -0.05710575, -0.6485255
      0.086261556, 0.23511642, -0.12244874, -0.23736775, -0.14382003, \
      -0.59807384, 0.5410164, 0.35587752, 0.45564276, 0.33464402
      0.303608, 0.09702572, 0.4143386, -0.6286805, -0.10541348, \
      0.2423679, -0.27078122, 0.6748003, -0.29908583, -0.23966554
      -0.54149276, 0.15401167, -0.53614, 0.15069558, -0.15211618, \
      -0.21718031, -0.39777136, -0.0935701, -0.76762325, 0.66795474
      -0.16127616, -1.227219, -0.094550796, 0.16520452, 0.62588596, \
      0.31528804, -1.0753651, 0.1274876, -0.31232044, -0.6503956
      -0.2497777, -0.27713263, -0.34482944, 0.5036805, 0.75670123, \
      0.8884809, 0.047073513, -0.2576767, -0.45802453, -0.16742781
      0.43484968, 0.5951628, 0.24885634, 0.6911342, -0.80032897, \
      0.5683282, -0.23501486, 0.4710286, 0.3702978, -0.88694054
      """;

  private static final List<double[]> OBSERVATIONS =
      ROWS.lines().map(BenchmarkObservations::numbers).toList();

  private BenchmarkObservations() {}

  private static double[] numbers(String row) {
    return Arrays.stream(row.split(", *")).mapToDouble(Double::parseDouble).toArray();
  }

  /** Returns how many there are, 10. */
  static int count() {
    return OBSERVATIONS.size();
  }

  /** Returns observation i, counted from 0, as the only token seen. */
  static Tokens tokens(TokenSpace space, int i) {
    return Tokens.ofRows(space, OBSERVATIONS.get(i));
  }
}
