package org.definetti.lab.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.definetti.lab.report.Mark.Dot;
import org.definetti.lab.report.Mark.Fill;
import org.definetti.lab.report.Mark.Label;
import org.definetti.lab.report.Mark.Place;
import org.definetti.lab.report.Mark.Stroke;

/** Paints a figure, light, at twice its size, and encodes it as PNG. */
final class PngWriter {

  private static final double SCALE = 2;

  static {
    // Painting needs no screen; without this a stale DISPLAY variable would be an error.
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
  }

  private PngWriter() {}

  static byte[] encode(Figure figure) {
    int width = (int) (SCALE * FigureLayout.WIDTH);
    int height = (int) (SCALE * FigureLayout.height(figure));
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.setColor(color(Ink.SURFACE, 1));
      graphics.fillRect(0, 0, width, height);
      graphics.scale(SCALE, SCALE);
      for (Mark mark : FigureLayout.of(figure)) {
        paint(mark, graphics);
      }
    } finally {
      graphics.dispose();
    }
    return bytes(image);
  }

  private static byte[] bytes(BufferedImage image) {
    // In memory: ImageIO would otherwise keep a cache file.
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.setUseCache(false);
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void paint(Mark mark, Graphics2D graphics) {
    if (mark instanceof Stroke stroke) {
      graphics.setColor(color(stroke.ink(), 1));
      graphics.setStroke(pen(stroke.width(), stroke.dashed()));
      graphics.draw(path(stroke.places(), false));
    } else if (mark instanceof Fill area) {
      graphics.setColor(color(area.ink(), area.opacity()));
      graphics.fill(path(area.places(), true));
    } else if (mark instanceof Dot dot) {
      Path2D outline = path(dot.places(), true);
      graphics.setColor(color(dot.ink(), 1));
      graphics.fill(outline);
      graphics.setColor(color(Ink.SURFACE, 1));
      graphics.setStroke(pen(1, false));
      graphics.draw(outline);
    } else if (mark instanceof Label label) {
      paint(label, graphics);
    }
  }

  private static void paint(Label label, Graphics2D graphics) {
    Font font = new Font(Font.SANS_SERIF, label.bold() ? Font.BOLD : Font.PLAIN, 1);
    // The logical font is wider than the fonts of pages; a little smaller, it fills the same room.
    graphics.setFont(font.deriveFont((float) (0.92 * label.size())));
    graphics.setColor(color(label.ink(), 1));
    double width = graphics.getFontMetrics().stringWidth(label.text());
    double shift =
        switch (label.anchor()) {
          case START -> 0;
          case MIDDLE -> width / 2;
          case END -> width;
        };
    graphics.drawString(
        label.text(), (float) (label.place().x() - shift), (float) label.place().y());
  }

  private static BasicStroke pen(double width, boolean dashed) {
    int join = BasicStroke.JOIN_ROUND;
    return new BasicStroke(
        (float) width, BasicStroke.CAP_BUTT, join, 1, dashed ? new float[] {6, 4} : null, 0);
  }

  private static Path2D path(List<Place> places, boolean closed) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      if (i == 0) {
        path.moveTo(place.x(), place.y());
      } else {
        path.lineTo(place.x(), place.y());
      }
    }
    if (closed) {
      path.closePath();
    }
    return path;
  }

  private static Color color(Ink ink, double opacity) {
    return new Color((ink.rgb() & 0xFFFFFF) | ((int) Math.round(255 * opacity) << 24), true);
  }
}
