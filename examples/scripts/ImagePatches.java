/* Masked patches of digits, filled in by the exact posterior, by kernel ridge and by training.
 *
 * Two columns of squared gaps: to the digit, and to the exact posterior. Kernel ridge is the exact
 * posterior. A file name as argument gets the drawing of docs/image-patches.md.
 *
 * $ ./definetti run examples/scripts/ImagePatches.java   # numbers vary a little
 * exact           0.0865   0.0000
 * kernel ridge    0.0865   0.0000
 * trained         0.1129   0.0274
 */
import java.nio.file.*;
import java.util.*;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.AtomicFile;
import org.definetti.lab.image.*;
import org.definetti.random.Seed;
import org.definetti.train.TrainingOptions;

class ImagePatches {

  public static void main(String[] arguments) throws Exception {
    var digits = Picture.read(Path.of("examples/data/digits.csv"), 16);
    var task = PatchFilling.of(8, 0.15, 0.15, 0.01); // of a grid, the prior of most evidence
    var kernelRidge = Derivation.of(task.model()).attention();
    var options = TrainingOptions.withDefaults().withSteps(1000).withLearningRate(0.1);
    var trained = task.train(2, 4, options, Seed.of(1));
    var rows = new ArrayList<List<Picture>>();
    double[][] gaps = new double[5][2]; // mean squared, to the digit and to the exact posterior
    for (int i = 0; i < 100; i++) {
      var digit = digits.get(i % 10);
      var mask = PatchMask.draw(8, 2, 4, Seed.of(2).child(i).generator());
      var seen = task.tokens(digit, mask.visible());
      var exact = digit.with(mask.hidden(), task.exact(seen, mask.hidden()));
      var ridge = digit.with(mask.hidden(), task.attend(kernelRidge, seen, mask.hidden()));
      var head = digit.with(mask.hidden(), task.attend(trained, seen, mask.hidden()));
      rows.add(List.of(digit, PictureTable.hide(digit, mask), exact, ridge, head));
      for (int way = 2; way < 5; way++) {
        gaps[way][0] += rows.get(i).get(way).squaredGap(digit, mask.hidden()) / 100;
        gaps[way][1] += rows.get(i).get(way).squaredGap(exact, mask.hidden()) / 100;
      }
    }
    var titles = List.of("digit", "masked", "exact", "kernel ridge", "trained");
    for (int way = 2; way < 5; way++) {
      System.out.printf("%-13s%9.4f%9.4f%n", titles.get(way), gaps[way][0], gaps[way][1]);
    }
    var drawing = PictureTable.svg(titles, rows.subList(0, 5));
    if (arguments.length > 0) AtomicFile.write(Path.of(arguments[0]), drawing);
  }
}
