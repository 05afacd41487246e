package org.definetti.lab.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.definetti.latent.Check;

/** Draws pictures in rows under column titles, as SVG that looks right on any ground. */
public final class PictureTable {

  /** The grey value that is drawn blue: a hidden pixel. */
  public static final double HIDDEN = -1000;

  private static final int PIXEL = 10;
  private static final int GAP = 16;
  private static final int TITLE = 24;

  private PictureTable() {}

  /**
   * Returns the drawing; grey values are cut to 0..1, and {@link #HIDDEN} is drawn blue.
   *
   * @param titles one for each column
   * @param rows pictures of one side, as many in each row as there are titles
   */
  public static String svg(List<String> titles, List<List<Picture>> rows) {
    Check.atLeast("rows", 1, rows.size());
    int side = rows.get(0).get(0).side() * PIXEL;
    int width = titles.size() * (side + GAP) + GAP;
    int height = rows.size() * (side + GAP) + TITLE + GAP;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">\n"
                + "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
            width,
            height,
            width,
            height,
            width,
            height));
    for (int column = 0; column < titles.size(); column++) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"18\" font-family=\"sans-serif\" font-size=\"13\""
                  + " text-anchor=\"middle\" fill=\"#1f2933\">%s</text>\n",
              GAP + column * (side + GAP) + side / 2,
              titles.get(column)));
      for (int row = 0; row < rows.size(); row++) {
        draw(
            svg,
            rows.get(row).get(column),
            GAP + column * (side + GAP),
            TITLE + GAP / 2 + row * (side + GAP));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  /** Returns a picture whose masked pixels are {@link #HIDDEN}. */
  public static Picture hide(Picture picture, PatchMask mask) {
    double[] blue = new double[mask.hidden().size()];
    Arrays.fill(blue, HIDDEN);
    return picture.with(mask.hidden(), blue);
  }

  private static void draw(StringBuilder svg, Picture picture, int left, int top) {
    int side = picture.side();
    svg.append(
        String.format(
            Locale.ROOT,
            "<g transform=\"translate(%d,%d)\"><rect width=\"%d\" height=\"%d\"/>\n",
            left,
            top,
            side * PIXEL,
            side * PIXEL));
    for (int pixel = 0; pixel < side * side; pixel++) {
      String colour = colour(picture.at(pixel));
      if (!colour.equals("#000000")) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n",
                pixel % side * PIXEL,
                pixel / side * PIXEL,
                PIXEL,
                PIXEL,
                colour));
      }
    }
    svg.append("</g>\n");
  }

  private static String colour(double grey) {
    int level = (int) Math.round(255 * Math.min(1, Math.max(0, grey)));
    return grey == HIDDEN ? "#4fa8e0" : String.format(Locale.ROOT, "#%1$02x%1$02x%1$02x", level);
  }
}
