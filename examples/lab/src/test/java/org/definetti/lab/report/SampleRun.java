package org.definetti.lab.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A run directory as {@code verify} leaves it, with curves of known shape. */
final class SampleRun {

  static final String MANIFEST =
      """
      {"verb": "verify", "version": "0.1.0", "commit": "4f1c2ab", "jdk": "Eclipse Adoptium 17.0.15",
       "operatingSystem": "Linux 6.1 amd64", "processors": 2, "seed": 20250601, "planHash":
       "9be01f24aa11c3d7", "start": "2026-03-01T10:00:00Z", "end": "2026-03-01T10:03:24.500Z",
       "configuration": {"budget": "standard", "threads": 2, "lengths": [4, 16, 64, 256, 1024, 4096],
         "linear-regression": {"dimension": 8, "noise variance": 0.1, "prior variance": 1}},
       "claims": [
        {"id": "B2", "slug": "null-token-exact", "statement":
         "A softmax head with one null token computes the posterior mean of a conjugate model exactly, at every length.",
         "source": "derived here", "prediction": "largest deviation at most 1e-12, lengths 1 to 4096",
         "control": "mean pooling without the null token", "expected": "CONFIRMED"},
        {"id": "C5", "slug": "corrected-softmax-rate", "statement":
         "Softmax attention at a fixed temperature, divided by its single-degree factor, approaches the exact predictive mean with squared gap proportional to 1/L.",
         "source": "paper", "prediction": "slope -1.00 ± 0.05 over lengths 128 to 8192",
         "control": "the temperature correction is left out", "expected": "CONFIRMED"},
        {"id": "X1", "slug": "pooling-suffices", "statement":
         "Mean pooling infers the latent without a prior weight.", "source": "recalled",
         "prediction": "gap zero", "control": "the null token is put back", "expected": "REFUTED"},
        {"id": "E3", "slug": "length-generalisation", "statement":
         "A head trained at length 64 is as good at length 4096.", "source": "paper",
         "prediction": "largest gap below 1e-3 of the prior variance",
         "control": "a head without a null token", "expected": "CONFIRMED"}]}
      """;

  static final String VERDICTS =
      """
      claim,verdict,expected,measured,predicted,low,high,tolerance,control,seconds,source
      B2.gaussian-mean,CONFIRMED,CONFIRMED,3.1e-15,0,2.4e-15,4.2e-15,1e-12,CAUGHT,1.42,derived here
      B2.dirichlet-categorical,CONFIRMED,CONFIRMED,7.7e-16,0,4.4e-16,9.9e-16,1e-12,CAUGHT,2.05,derived here
      C5.slope,CONFIRMED,CONFIRMED,-1.004,-1,-1.021,-0.987,0.05,CAUGHT,41.7,paper
      C5.constant,INCONCLUSIVE,CONFIRMED,1.03,1,0.97,1.09,0.05,,0.01,paper
      X1,REFUTED,REFUTED,0.083,0,0.081,0.085,0.001,CAUGHT,3.3,recalled
      E3,REFUTED,CONFIRMED,0.0041,0,0.0037,0.0046,0.001,MISSED,12.8,paper
      """;

  private SampleRun() {}

  static Path write(Path directory) {
    put(directory, "manifest.json", MANIFEST);
    put(directory, "verdicts.csv", VERDICTS);
    StringBuilder curves =
        new StringBuilder(
            "model,attention,origin,objective,train_length,metric,axis,value,fixed,mean,"
                + "standard_error,low,high,count\n");
    StringBuilder slopes =
        new StringBuilder(
            "model,attention,origin,objective,train_length,metric,axis,fixed,from,to,slope,low,high,"
                + "predicted,verdict,lack_of_fit\n");
    StringBuilder local =
        new StringBuilder(
            "model,attention,origin,objective,train_length,metric,axis,fixed,from,to,slope,low,high\n");
    String fixed = "temperature=0.25;normalisation=softmax";
    for (String metric : new String[] {"squared-gap", "excess-risk"}) {
      curve(curves, "linear-regression,cme,derived,,," + metric, "", 0, 0, 0.7);
      curve(curves, "linear-regression,corrected-softmax,derived,,," + metric, fixed, 0.9, -1, 0);
      curve(curves, "linear-regression,softmax,derived,,," + metric, fixed, 1.6, -1, 0.021);
      curve(
          curves, "linear-regression,softmax,trained,supervised,64," + metric, "", 1.2, -1, 0.004);
      curve(curves, "linear-regression,softmax,trained,masked,64," + metric, "", 1.1, -0.8, 0.009);
      slope(slopes, "linear-regression,corrected-softmax,derived,,," + metric, fixed, -1.004, "-1");
      slope(slopes, "linear-regression,softmax,trained,supervised,64," + metric, "", -0.71, "");
    }
    curve(curves, "gaussian-mean,null-token-softmax,derived,,,squared-gap", "", 1e-30, -0.3, 0);
    curve(
        curves, "gaussian-mean,null-token-softmax,trained,masked,64,squared-gap", "", 3e-4, -.2, 0);
    curve(curves, "gaussian-mean,mean-pooling,derived,,,squared-gap", "", 0.3, -2, 0);
    slope(slopes, "gaussian-mean,mean-pooling,derived,,,squared-gap", "", -1.98, "-2");
    for (int length = 4; length < 4096; length *= 4) {
      row(
          local,
          "linear-regression,corrected-softmax,derived,,,squared-gap,length,"
              + fixed
              + ","
              + length
              + ","
              + 4 * length,
          -1 - 0.4 / length,
          -1.1 - 0.4 / length,
          -0.9);
      row(
          local,
          "linear-regression,softmax,derived,,,squared-gap,length,"
              + fixed
              + ","
              + length
              + ","
              + 4 * length,
          -1 / (1 + length / 60.0),
          -1.05 / (1 + length / 60.0),
          -0.9 / (1 + length / 60.0));
    }
    put(directory, "curves.csv", curves.toString());
    put(directory, "slopes.csv", slopes.toString());
    put(directory, "local-slopes.csv", local.toString());
    return directory;
  }

  static void put(Path directory, String name, String content) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds {@code factor · L^slope + floor} with intervals of 15 %. */
  private static void curve(
      StringBuilder out, String key, String fixed, double factor, double slope, double floor) {
    for (int length = 4; length <= 4096; length *= 2) {
      double mean = factor * Math.pow(length, slope) + floor * (1 + 0.03 * Math.sin(length));
      out.append(key).append(",length,").append(length).append(',').append(fixed).append(',');
      out.append(mean).append(',').append(0.07 * mean).append(',').append(0.85 * mean);
      out.append(',').append(1.15 * mean).append(",2000\n");
    }
  }

  private static void slope(
      StringBuilder out, String key, String fixed, double slope, String predicted) {
    String verdict = predicted.isEmpty() ? "" : "CONFIRMED";
    out.append(key).append(",length,").append(fixed).append(",64,4096,").append(slope);
    out.append(',').append(slope - 0.02).append(',').append(slope + 0.02).append(',');
    out.append(predicted).append(',').append(verdict).append(",p = 0.41\n");
  }

  private static void row(StringBuilder out, String key, double... numbers) {
    out.append(key);
    for (double number : numbers) {
      out.append(String.format(Locale.ROOT, ",%.5f", number));
    }
    out.append('\n');
  }
}
