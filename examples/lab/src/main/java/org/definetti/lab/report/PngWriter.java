package org.definetti.lab.report;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import java.awt.Color;
import java.awt.Component;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;

/** Paints a still picture, light, at twice its size, and encodes it as PNG. */
final class PngWriter {

  static final int SCALE = 2;

  static {
    // Painting needs no screen; without this a stale DISPLAY variable would be an error.
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
  }

  private PngWriter() {}

  static byte[] encode(String svg) {
    // The painter takes a family that is not installed for one with serifs; this one always is.
    String lettered = svg.replaceAll("font-family:[^;\"]*", "font-family:SansSerif");
    ByteArrayInputStream in = new ByteArrayInputStream(lettered.getBytes(StandardCharsets.UTF_8));
    SVGDocument document = new SVGLoader().load(in, null, LoaderContext.createDefault());
    if (document == null) {
      throw new IllegalStateException("the picture is not SVG that can be painted");
    }
    int width = (int) Math.ceil(SCALE * document.size().getWidth());
    int height = (int) Math.ceil(SCALE * document.size().getHeight());
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, width, height);
      document.render((Component) null, graphics, new ViewBox(width, height));
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
}
