package org.definetti.benchmarks.compare;

import java.util.List;
import java.util.Locale;
import org.definetti.experiment.Csv;

/**
 * What came out of one task: times, limits, agreement.
 *
 * @param plain step times of our plain loops; empty where not measured
 * @param peer step times of the peer; empty without one
 * @param limitMillis the floor under the step's time, of each round: operations over the peak, or
 *     bytes over the bandwidth where that is more
 * @param peak operations per second of the machine, median over rounds
 * @param bandwidth bytes per second of the machine for data of this size, median over rounds
 * @param lossGap the largest relative difference of the first losses; NaN without a peer
 * @param ourMemory bytes; see {@link Side#memory}
 * @param peerMemory bytes; NaN without a peer
 */
record Row(
    Task task,
    Times ours,
    Times plain,
    Times peer,
    List<Double> limitMillis,
    double peak,
    double bandwidth,
    double lossGap,
    double ourMemory,
    double peerMemory,
    String ourName,
    String peerName) {

  /** Losses that differ by more make the comparison of the times void. */
  static final double MOST_GAP = 1e-5;

  private static final double MEBI = 1024.0 * 1024;
  private static final double GIGA = 1e9;

  static Csv table() {
    return Csv.withColumns(
        "work",
        "batch",
        "length",
        "dimension",
        "heads",
        "threads",
        "ours_ms",
        "peer_ms",
        "ratio",
        "peak_share",
        "loss_gap",
        "counts",
        "limit_share",
        "limit",
        "ours_low_ms",
        "ours_high_ms",
        "peer_low_ms",
        "peer_high_ms",
        "plain_ms",
        "plain_ratio",
        "plain_peak_share",
        "limit_ms",
        "peak_gflops",
        "bandwidth_gbs",
        "ours_mib",
        "peer_mib",
        "ours",
        "peer");
  }

  void addTo(Csv table) {
    Shape shape = task.shape();
    table.row(
        task.work().label(),
        shape.batch(),
        shape.length(),
        shape.dimension(),
        shape.heads(),
        task.threads(),
        ours.median(),
        peer.median(),
        ratio(),
        peakShare(ours.median()),
        lossGap,
        verdict(),
        limitShare(),
        bindingLimit(),
        ours.least(),
        ours.most(),
        peer.least(),
        peer.most(),
        plain.median(),
        plain.median() / ours.median(),
        peakShare(plain.median()),
        floorMillis(),
        peak / GIGA,
        bandwidth / GIGA,
        ourMemory / MEBI,
        peerMemory / MEBI,
        ourName,
        peerName);
  }

  /** Returns the floor under a step's time, in milliseconds. */
  double floorMillis() {
    return Times.median(limits());
  }

  private double[] limits() {
    return limitMillis.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Returns how many of our steps the peer's step takes; NaN without a peer. */
  double ratio() {
    return peer.median() / ours.median();
  }

  /** Returns the share of the peak that the nominal operations reach in this time. */
  double peakShare(double millis) {
    return task.operations() / (millis * 1e-3) / peak;
  }

  /** Returns the share of the limit that binds: its time over ours, median over rounds. */
  double limitShare() {
    double[] shares = new double[limitMillis.size()];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = limitMillis.get(i) / ours.round(i);
    }
    return Times.median(shares);
  }

  String bindingLimit() {
    return task.operations() / peak >= task.bytes() / bandwidth ? "operations" : "bandwidth";
  }

  /** Tells whether the losses agree, so that the ratio means something. */
  boolean counts() {
    return lossGap <= MOST_GAP;
  }

  private String verdict() {
    return Double.isNaN(lossGap) ? "" : Boolean.toString(counts());
  }

  static String header() {
    return String.format(
        Locale.ROOT,
        "%-18s %-18s %2s %22s %22s %6s %6s %14s %6s %8s",
        "work",
        "B,L,d,H",
        "T",
        "ours, ms",
        "peer, ms",
        "ratio",
        "peak",
        "of the limit",
        "plain",
        "loss gap");
  }

  String line() {
    String gap = Double.isNaN(lossGap) ? "" : String.format(Locale.ROOT, "%.0e", lossGap);
    String text =
        String.format(
            Locale.ROOT,
            "%-18s %-18s %2d %22s %22s %6s %6s %14s %6s %8s",
            task.work().label(),
            task.shape(),
            task.threads(),
            span(ours),
            span(peer),
            number("%.2f", ratio()),
            percent(peakShare(ours.median())),
            percent(limitShare()) + (bindingLimit().equals("operations") ? " ops" : " bytes"),
            number("%.1fx", plain.median() / ours.median()),
            gap);
    boolean isVoid = !Double.isNaN(lossGap) && !counts();
    return isVoid ? text + "  does not count: the losses differ" : text;
  }

  private static String span(Times times) {
    double median = times.median();
    if (Double.isNaN(median)) {
      return "";
    }
    return Times.text(median)
        + " ("
        + Times.text(times.least())
        + ".."
        + Times.text(times.most())
        + ")";
  }

  private static String percent(double share) {
    return number("%.0f %%", 100 * share);
  }

  private static String number(String format, double number) {
    return Double.isNaN(number) ? "" : String.format(Locale.ROOT, format, number);
  }
}
