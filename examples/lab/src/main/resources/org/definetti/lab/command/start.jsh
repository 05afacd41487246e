// What 'definetti jshell' begins with.
import org.definetti.attention.*;
import org.definetti.audit.*;
import org.definetti.calibration.*;
import org.definetti.derivation.*;
import org.definetti.experiment.*;
import org.definetti.lab.report.*;
import org.definetti.latent.*;
import org.definetti.latent.conjugate.*;
import org.definetti.latent.finite.*;
import org.definetti.latent.regression.*;
import org.definetti.layer.*;
import org.definetti.objective.*;
import org.definetti.optimise.*;
import org.definetti.random.*;
import org.definetti.symmetry.*;
import org.definetti.train.*;
import org.definetti.transfer.*;
import org.ejml.simple.SimpleMatrix;

/** Draws a metric of a sweep into NAME.svg, NAME.png and NAME.csv, in the current folder. */
void plot(SweepResult result, String metric, String name) {
  PlotFiles.write(Path.of(""), name, Figure.of(result, metric));
  System.out.println("drawn: " + name + ".svg");
}
