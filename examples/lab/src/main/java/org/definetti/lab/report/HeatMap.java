package org.definetti.lab.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.definetti.experiment.AtomicFile;
import org.ejml.simple.SimpleMatrix;

/**
 * A matrix of numbers that are not negative, drawn as cells on a logarithmic scale.
 *
 * <p>The largest number is full colour, the smallest above zero the palest, and a cell of exactly
 * zero is empty but for its digit: what is very little and what is nothing are told apart. Columns
 * count from 0.
 *
 * @param title of the picture
 * @param rows what a row is, for example {@code output row}
 * @param columns what a column is
 * @param values shape (n, m), finite, not negative
 */
public record HeatMap(String title, String rows, String columns, SimpleMatrix values) {

  private static final int LEFT = 70;
  private static final int TOP = 64;
  private static final int BOTTOM = 64;
  private static final int MOST = 480;
  private static final double PALEST = 0.12;

  /** A map of more columns than this has a number below every tenth. */
  private static final int UNNUMBERED = 20;

  /** Returns the picture as an SVG document that asks for nothing outside itself. */
  public String toSvg() {
    return svg("\n<style>\n" + Ink.darkRules() + "</style>\n");
  }

  /** Returns an element for a page that has the style rules already. */
  String inline() {
    return svg("\n");
  }

  /** Writes the picture as a PNG file, light, at twice the size of the SVG. */
  public void writePng(Path file) {
    AtomicFile.write(file, PngWriter.encode(svg("\n")));
  }

  /** Writes the picture as an SVG file. */
  public void writeSvg(Path file) {
    AtomicFile.write(file, toSvg().getBytes(StandardCharsets.UTF_8));
  }

  private String svg(String style) {
    int n = values.getNumRows();
    int m = values.getNumCols();
    int cell = Math.max(6, Math.min(40, MOST / Math.max(n, m)));
    int width = Math.max(LEFT + m * cell + 20, 420);
    int height = TOP + n * cell + BOTTOM;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg role=\"img\" aria-label=\"%s\" xmlns=\"http://www.w3.org/2000/svg\""
                + " width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">%s",
            Markup.escape(title + ". " + scale()),
            width,
            height,
            width,
            height,
            style));
    rectangle(svg, 0, 0, width, height, Ink.SURFACE, 1);
    text(svg, 20, 26, 15, Ink.TEXT, title);
    text(svg, LEFT, TOP - 12, 12, Ink.MUTED, columns + " →");
    text(svg, 12, TOP + 14, 12, Ink.MUTED, rows + " ↓");
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        int x = LEFT + 24 + j * cell;
        int y = TOP + i * cell;
        rectangle(svg, x, y, cell - 1, cell - 1, Ink.GRID, 1);
        if (values.get(i, j) > 0) {
          rectangle(svg, x, y, cell - 1, cell - 1, Ink.BLUE, shade(values.get(i, j)));
        } else {
          text(svg, x + cell / 2 - 3, y + cell / 2 + 4, 10, Ink.MUTED, "0");
        }
      }
    }
    for (int j = 0; m > UNNUMBERED && j < m; j += 10) {
      text(svg, LEFT + 24 + j * cell, TOP + n * cell + 14, 10, Ink.MUTED, Integer.toString(j));
    }
    text(svg, 20, height - 20, 12, Ink.MUTED, scale());
    return svg.append("</svg>\n").toString();
  }

  private String scale() {
    if (!(values.elementMax() > 0)) {
      return "0: exactly nothing";
    }
    return "full colour "
        + Numbers.text(values.elementMax(), 2)
        + ", palest "
        + Numbers.text(least(), 2)
        + ", logarithmic; 0: exactly nothing";
  }

  private double least() {
    double least = Double.POSITIVE_INFINITY;
    for (double value : values.getDDRM().data) {
      least = value > 0 ? Math.min(least, value) : least;
    }
    return least;
  }

  private double shade(double value) {
    double span = Math.log(values.elementMax() / least());
    return span > 0 ? PALEST + (1 - PALEST) * Math.log(value / least()) / span : 1;
  }

  private static void rectangle(
      StringBuilder svg, int x, int y, int width, int height, Ink ink, double opacity) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\""
                + " fill-opacity=\"%.3f\"/>\n",
            x,
            y,
            width,
            height,
            ink.hex(),
            opacity));
  }

  private static void text(StringBuilder svg, int x, int y, int size, Ink ink, String words) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" fill=\"%s\" style=\"font-size:%dpx;font-family:sans-serif\">"
                + "%s</text>\n",
            x,
            y,
            ink.hex(),
            size,
            Markup.escape(words)));
  }
}
