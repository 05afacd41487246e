package org.definetti.lab.report;

import java.util.List;
import org.definetti.lab.report.Mark.Dot;
import org.definetti.lab.report.Mark.Fill;
import org.definetti.lab.report.Mark.Label;
import org.definetti.lab.report.Mark.Place;
import org.definetti.lab.report.Mark.Stroke;

/** Writes a figure as SVG: real text, hover words on each marker, nothing fetched from outside. */
final class SvgWriter {

  private static final String NAMESPACE = "http://www.w3.org/2000/svg";
  private static final String FONTS = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif";

  private final StringBuilder out = new StringBuilder();

  private SvgWriter() {}

  /** Returns a document of its own, with the style rules for a dark ground. */
  static String document(Figure figure) {
    return new SvgWriter()
        .write(
            figure, " xmlns=\"" + NAMESPACE + "\"", "<style>\n" + Ink.darkRules() + "</style>\n");
  }

  /** Returns an element for a page that has the style rules already. */
  static String inline(Figure figure) {
    return new SvgWriter().write(figure, "", "");
  }

  private String write(Figure figure, String namespace, String style) {
    String width = number(FigureLayout.WIDTH);
    String height = number(FigureLayout.height(figure));
    out.append("<svg").append(namespace).append(" viewBox=\"0 0 ");
    out.append(width).append(' ').append(height).append("\" width=\"").append(width);
    out.append("\" height=\"").append(height).append("\" role=\"img\" aria-label=\"");
    out.append(Markup.escape(spoken(figure))).append("\" font-family=\"").append(FONTS);
    out.append("\">\n").append(style);
    out.append("<rect width=\"100%\" height=\"100%\"");
    fill(Ink.SURFACE);
    out.append("/>\n");
    for (Mark mark : FigureLayout.of(figure)) {
      append(mark);
    }
    return out.append("</svg>\n").toString();
  }

  /** The words for those who cannot see the picture. */
  private static String spoken(Figure figure) {
    String text =
        figure.title()
            + ". "
            + figure.vertical().label()
            + " against "
            + figure.horizontal().label()
            + ", "
            + String.join("; ", figure.series().stream().map(Series::label).toList())
            + ".";
    return figure.caption().isEmpty() ? text : text + " " + figure.caption();
  }

  private void append(Mark mark) {
    if (mark instanceof Stroke stroke) {
      out.append("<polyline points=\"").append(points(stroke.places())).append("\" fill=\"none\"");
      stroke(stroke.ink(), stroke.width());
      out.append(stroke.dashed() ? " stroke-dasharray=\"6 4\"" : "").append("/>\n");
    } else if (mark instanceof Fill area) {
      out.append("<polygon points=\"").append(points(area.places())).append('"');
      fill(area.ink());
      out.append(" fill-opacity=\"").append(number(area.opacity())).append("\"/>\n");
    } else if (mark instanceof Dot dot) {
      out.append("<polygon points=\"").append(points(dot.places())).append('"');
      fill(dot.ink());
      stroke(Ink.SURFACE, 1);
      out.append("><title>").append(Markup.escape(dot.hover())).append("</title></polygon>\n");
    } else if (mark instanceof Label label) {
      append(label);
    }
  }

  private void append(Label label) {
    out.append("<text x=\"").append(number(label.place().x())).append("\" y=\"");
    out.append(number(label.place().y())).append("\" font-size=\"").append(number(label.size()));
    out.append('"');
    fill(label.ink());
    switch (label.anchor()) {
      case START -> {}
      case MIDDLE -> out.append(" text-anchor=\"middle\"");
      case END -> out.append(" text-anchor=\"end\"");
    }
    out.append(label.bold() ? " font-weight=\"600\">" : ">");
    out.append(Markup.escape(label.text())).append("</text>\n");
  }

  private void fill(Ink ink) {
    out.append(" class=\"").append(ink.fillClass()).append("\" fill=\"").append(ink.hex());
    out.append('"');
  }

  private void stroke(Ink ink, double width) {
    // The rim of a marker has both a fill and an outline: one class attribute holds the two names.
    int opened = out.lastIndexOf("<");
    int name = out.indexOf(" class=\"", opened);
    if (name >= 0) {
      out.insert(name + " class=\"".length(), ink.strokeClass() + " ");
    } else {
      out.append(" class=\"").append(ink.strokeClass()).append('"');
    }
    out.append(" stroke=\"").append(ink.hex()).append("\" stroke-width=\"").append(number(width));
    out.append("\" stroke-linejoin=\"round\"");
  }

  private static String points(List<Place> places) {
    StringBuilder text = new StringBuilder();
    for (Place place : places) {
      text.append(text.isEmpty() ? "" : " ");
      text.append(number(place.x())).append(',').append(number(place.y()));
    }
    return text.toString();
  }

  /**
   * A hundredth of a unit is finer than any screen, and hides last-bit differences of logarithms.
   */
  private static String number(double value) {
    long hundredths = Math.round(value * 100);
    long rest = Math.abs(hundredths % 100);
    String whole = (hundredths < 0 ? "-" : "") + Math.abs(hundredths / 100);
    if (rest == 0) {
      return whole;
    }
    String digits = (rest < 10 ? "0" : "") + rest;
    return whole + "." + (rest % 10 == 0 ? digits.substring(0, 1) : digits);
  }
}
