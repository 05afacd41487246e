package org.definetti.lab.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.definetti.latent.Check;

/** A square picture of grey values, usually between 0 (black) and 1 (white). Immutable. */
public final class Picture {

  private final int side;
  private final double[] grey; // row by row

  private Picture(int side, double[] grey) {
    this.side = side;
    this.grey = grey;
  }

  /**
   * Returns the picture of these grey values.
   *
   * @param grey row by row, a square number of finite values. Not modified.
   */
  public static Picture of(double... grey) {
    int side = (int) Math.round(Math.sqrt(grey.length));
    if (side < 1 || side * side != grey.length) {
      throw new IllegalArgumentException("grey: expected a square number, got " + grey.length);
    }
    Check.finite("grey", grey, 0, grey.length);
    return new Picture(side, grey.clone());
  }

  /**
   * Reads pictures, one a line, grey values separated by commas and divided by {@code white}.
   *
   * @throws IllegalArgumentException naming the line that is no picture
   * @throws UncheckedIOException if the file cannot be read
   */
  public static List<Picture> read(Path file, double white) {
    Check.positive("white", white);
    List<Picture> pictures = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        double[] grey =
            Arrays.stream(line.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
        for (int i = 0; i < grey.length; i++) {
          grey[i] /= white;
        }
        pictures.add(of(grey));
      }
    } catch (IllegalArgumentException e) { // a text that is no number is one too
      throw new IllegalArgumentException(
          file + " line " + (pictures.size() + 1) + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
    return pictures;
  }

  /** Returns the number of rows, which is that of columns. */
  public int side() {
    return side;
  }

  /** Returns the grey value of pixel {@code row · side + column}. */
  public double at(int pixel) {
    return grey[pixel];
  }

  /**
   * Returns this picture with other grey values at some pixels.
   *
   * @param values one for each pixel of the list. Not modified.
   */
  public Picture with(List<Integer> pixels, double[] values) {
    Check.width("values", pixels.size(), values);
    double[] other = grey.clone();
    for (int i = 0; i < values.length; i++) {
      other[pixels.get(i)] = values[i];
    }
    return new Picture(side, other);
  }

  /**
   * Returns the mean squared difference from a picture of the same side over some pixels.
   *
   * @param pixels at least one
   */
  public double squaredGap(Picture other, List<Integer> pixels) {
    Check.atLeast("pixels", 1, pixels.size());
    double sum = 0;
    for (int pixel : pixels) {
      double gap = grey[pixel] - other.grey[pixel];
      sum += gap * gap;
    }
    return sum / pixels.size();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Picture picture && Arrays.equals(grey, picture.grey);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(grey);
  }

  @Override
  public String toString() {
    return "Picture[" + side + " x " + side + "]";
  }
}
