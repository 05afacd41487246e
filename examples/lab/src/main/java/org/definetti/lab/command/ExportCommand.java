package org.definetti.lab.command;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.definetti.experiment.AtomicFile;
import org.definetti.lab.onnx.OnnxNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a trained attention as a network that runs without a JVM. */
@Command(
    name = "export",
    description = {
      "Writes a trained attention as an ONNX network, with inputs keys, values and query.",
      "Its weights alone are in the directory's checkpoint.safetensors."
    })
public final class ExportCommand implements Callable<Integer> {

  @Mixin ModelOption model = new ModelOption();

  @Option(
      names = "--trained",
      required = true,
      paramLabel = "DIR",
      description = "What 'definetti train --model M' wrote.")
  Path trained = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The file to write, ending in .onnx.")
  Path out = Path.of("");

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Options.file("out", out);
    if (!out.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      throw new IllegalArgumentException("out: expected a file ending in .onnx, got " + out);
    }
    TrainedRun run = TrainedRun.read(trained, model.model, model.resolve());
    AtomicFile.write(out, OnnxNetwork.of(run.layer(), run.parameters()));
    spec.commandLine().getErr().println(run.layer().label() + " written to " + out);
    return 0;
  }
}
