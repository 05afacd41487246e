package org.definetti.latent.regression;

import java.util.List;
import org.definetti.kernel.ConstantKernel;
import org.definetti.kernel.Kernel;
import org.definetti.kernel.LinearKernel;
import org.definetti.kernel.MaternKernel;
import org.definetti.kernel.PeriodicKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.kernel.ScaledKernel;
import org.definetti.kernel.SumKernel;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.ModelDescription;

/** Kernels as fields of a model's description; the parts of a sum have longer field names. */
final class KernelDescription {

  private static final List<String> KINDS =
      List.of("linear", "constant", "rbf", "matern", "periodic", "sum", "scaled");

  private KernelDescription() {}

  static ModelDescription write(String field, Kernel kernel, ModelDescription description) {
    if (kernel instanceof LinearKernel) {
      return description.with(field, "linear");
    }
    if (kernel instanceof ConstantKernel) {
      return description.with(field, "constant");
    }
    if (kernel instanceof RbfKernel rbf) {
      return description.with(field, "rbf").with(field + "-bandwidth", rbf.bandwidth());
    }
    if (kernel instanceof MaternKernel matern) {
      return description
          .with(field, "matern")
          .with(field + "-smoothness", DescriptionReader.word(matern.smoothness()))
          .with(field + "-length-scale", matern.lengthScale());
    }
    if (kernel instanceof PeriodicKernel periodic) {
      return description
          .with(field, "periodic")
          .with(field + "-period", periodic.period())
          .with(field + "-length-scale", periodic.lengthScale());
    }
    if (kernel instanceof SumKernel sum) {
      ModelDescription first = write(field + "-first", sum.first(), description.with(field, "sum"));
      return write(field + "-second", sum.second(), first);
    }
    if (kernel instanceof ScaledKernel scaled) {
      ModelDescription factor =
          description.with(field, "scaled").with(field + "-factor", scaled.factor());
      return write(field + "-of", scaled.kernel(), factor);
    }
    return description.with(field, kernel.toString());
  }

  static Kernel read(String field, DescriptionReader fields) {
    return switch (fields.choice(field, KINDS)) {
      case "linear" -> new LinearKernel();
      case "constant" -> new ConstantKernel();
      case "rbf" -> new RbfKernel(fields.number(field + "-bandwidth"));
      case "matern" ->
          new MaternKernel(
              fields.choice(field + "-smoothness", MaternKernel.Smoothness.class),
              fields.number(field + "-length-scale"));
      case "periodic" ->
          new PeriodicKernel(
              fields.number(field + "-period"), fields.number(field + "-length-scale"));
      case "sum" -> new SumKernel(read(field + "-first", fields), read(field + "-second", fields));
      default -> new ScaledKernel(fields.number(field + "-factor"), read(field + "-of", fields));
    };
  }
}
