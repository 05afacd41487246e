package org.definetti.lab.report;

import java.nio.file.Path;
import java.util.Locale;
import org.definetti.experiment.AtomicFile;
import org.definetti.experiment.Csv;
import org.ejml.simple.SimpleMatrix;

/**
 * A matrix of numbers, drawn as cells whose colour is its size on a logarithmic scale.
 *
 * <p>The largest size is full colour, the smallest above zero the palest, and a cell of exactly
 * zero is empty but for its digit: what is very little and what is nothing are told apart. Numbers
 * below zero have a colour of their own. Columns count from 0.
 *
 * @param title of the picture
 * @param rows what a row is, for example {@code output row}
 * @param columns what a column is
 * @param values shape (n, m), finite
 */
public record HeatMap(String title, String rows, String columns, SimpleMatrix values) {

  private static final int LEFT = 20;
  private static final int TOP = 64;
  private static final int BOTTOM = 64;
  private static final int MOST = 480;
  private static final double LETTER = 7;
  private static final double PALEST = 0.12;

  /** A map of more columns than this has a number below every tenth. */
  private static final int UNNUMBERED = 20;

  /** Returns the picture as an SVG document that asks for nothing outside itself. */
  public String toSvg() {
    return svg("\n<style>\n" + Ink.darkRules() + "</style>\n");
  }

  /** Returns an element for a page that has the style rules already, or to be painted. */
  String inline() {
    return svg("\n");
  }

  /** Writes the picture as an SVG file. */
  void writeSvg(Path file) {
    AtomicFile.write(file, toSvg());
  }

  /** Returns the numbers, a line a cell: {@code row,column,value}, both counted from 0. */
  public String toCsv() {
    Csv csv = Csv.withColumns("row", "column", "value");
    for (int i = 0; i < values.getNumRows(); i++) {
      for (int j = 0; j < values.getNumCols(); j++) {
        csv.row(i, j, values.get(i, j));
      }
    }
    return csv.text();
  }

  private String svg(String style) {
    int n = values.getNumRows();
    int m = values.getNumCols();
    int cell = Math.max(6, Math.min(40, MOST / Math.max(n, m)));
    int words = (int) Math.max(LETTER * scale().length(), 1.3 * LETTER * title.length());
    int width = 2 * LEFT + Math.max(m * cell, words);
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
    text(svg, LEFT, TOP - 14, 12, Ink.MUTED, "→ " + columns + "    ↓ " + rows);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        int x = LEFT + j * cell;
        int y = TOP + i * cell;
        rectangle(svg, x, y, cell - 1, cell - 1, Ink.GRID, 1);
        double value = values.get(i, j);
        if (value != 0) {
          Ink ink = value > 0 ? Ink.BLUE : Ink.VERMILION;
          rectangle(svg, x, y, cell - 1, cell - 1, ink, shade(Math.abs(value)));
        } else {
          text(svg, x + cell / 2 - 3, y + cell / 2 + 4, 10, Ink.MUTED, "0");
        }
      }
    }
    for (int j = 0; m > UNNUMBERED && j < m; j += 10) {
      text(svg, LEFT + j * cell, TOP + n * cell + 14, 10, Ink.MUTED, Integer.toString(j));
    }
    text(svg, 20, height - 20, 12, Ink.MUTED, scale());
    return svg.append("</svg>\n").toString();
  }

  private String scale() {
    if (values.elementMaxAbs() == 0) {
      return "0: exactly nothing";
    }
    return (values.elementMin() < 0 ? "orange below zero; " : "")
        + "full colour "
        + Numbers.text(values.elementMaxAbs(), 2)
        + ", palest "
        + Numbers.text(least(), 2)
        + ", logarithmic; 0: exactly nothing";
  }

  private double least() {
    double least = Double.POSITIVE_INFINITY;
    for (double value : values.getDDRM().data) {
      least = value != 0 ? Math.min(least, Math.abs(value)) : least;
    }
    return least;
  }

  private double shade(double value) {
    double span = Math.log(values.elementMaxAbs() / least());
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
