package org.definetti.lab.command;

import java.util.Map;
import org.definetti.latent.LatentModel;
import org.definetti.objective.DistributionHead;
import org.definetti.objective.Objective;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of training an attention to say a law, and not a mean. */
final class HeadOption {

  @Option(
      names = "--head",
      paramLabel = "H",
      description = {
        "What the output means: gaussian, diagonal-gaussian, categorical or",
        "histogram:LOW..HIGH:BINS; then the law of the target is trained, by its",
        "log likelihood; of the latent with --objective latent. Best with --clip 1."
      })
  @Nullable String head;

  /**
   * Returns the head for a model's targets, or null for none.
   *
   * @throws IllegalArgumentException if it is not understood
   */
  @Nullable DistributionHead of(LatentModel<?> model, Objective objective) {
    return head == null ? null : parse(head, objective.widths(model).target());
  }

  static DistributionHead parse(String text, int width) {
    String[] parts = text.split(":", -1);
    if (text.equals("gaussian")) {
      return DistributionHead.gaussian(width);
    }
    if (text.equals("diagonal-gaussian")) {
      return DistributionHead.diagonalGaussian(width);
    }
    if (text.equals("categorical")) {
      return DistributionHead.categorical(width);
    }
    if (parts.length == 3 && parts[0].equals("histogram") && width == 1) {
      String[] ends = parts[1].split("\\.\\.", -1);
      try {
        return DistributionHead.histogram(
            Double.parseDouble(ends[0]),
            Double.parseDouble(ends[ends.length - 1]),
            Integer.parseInt(parts[2]));
      } catch (NumberFormatException e) {
        // falls through to the one message
      }
    }
    throw new IllegalArgumentException(
        "head: expected gaussian, diagonal-gaussian, categorical or histogram:LOW..HIGH:BINS"
            + " (of one number, here "
            + width
            + "), got "
            + text);
  }

  void describe(Map<String, Object> configuration) {
    if (head != null) {
      configuration.put("head", head);
    }
  }
}
