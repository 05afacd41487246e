package org.definetti.lab.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The mean of the next guest's table in the Chinese restaurant process, table by table.
 *
 * <pre>{@code  E[x | X] = ν / (ν + L) m0 + Σ_j n_j / (ν + L) y_j  }</pre>
 *
 * <ul>
 *   <li>Where: ν concentration, m0 mean of the base law, y_j the distinct rows seen, n_j how often.
 *   <li>Cost: O(L K d) for K distinct rows.
 *   <li>Source: [recalled: Blackwell-MacQueen].
 * </ul>
 */
public final class ChineseRestaurant {

  private ChineseRestaurant() {}

  /**
   * Returns the predictive mean, length d.
   *
   * @param concentration ν, above zero
   * @param baseMean m0, length d. Not modified.
   * @param guests the rows seen, each of length d. Not modified.
   */
  public static double[] predictiveMean(
      double concentration, double[] baseMean, List<double[]> guests) {
    List<double[]> tables = new ArrayList<>();
    List<Integer> seated = new ArrayList<>();
    for (double[] guest : guests) {
      int table = 0;
      while (table < tables.size() && !Arrays.equals(tables.get(table), guest)) {
        table++;
      }
      if (table == tables.size()) {
        tables.add(guest);
        seated.add(0);
      }
      seated.set(table, seated.get(table) + 1);
    }
    double total = concentration + guests.size();
    double[] mean = new double[baseMean.length];
    for (int c = 0; c < mean.length; c++) {
      mean[c] = concentration / total * baseMean[c];
      for (int j = 0; j < tables.size(); j++) {
        mean[c] += seated.get(j) / total * tables.get(j)[c];
      }
    }
    return mean;
  }
}
