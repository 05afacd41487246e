package org.definetti.lab.report;

/**
 * A figure drawn once, in the forms that are made of it.
 *
 * @param figure what is shown
 * @param option the description the chart library draws from, safe inside a script element
 * @param svg the still picture: light colours, no style rules, equal text for equal figures
 */
record Drawing(Figure figure, String option, String svg) {

  static Drawing of(Figure figure) {
    String option = ChartOption.json(figure);
    String svg = ChartScript.svg(option, ChartOption.WIDTH, ChartOption.height(figure, false));
    // The library counts its pictures in their names, and adds rules for a mouse that is not there.
    // Text holds no quotes and no angle brackets, so only markup can match.
    String still =
        svg.replaceAll("(?s)<style >.*?</style>\\s*", "")
            .replaceAll(" (class|ecmeta_[a-z_]+)=\"[^\"]*\"", "")
            .replaceAll("\"(url\\(#)?zr\\d+-c(\\d+)", "\"$1c$2");
    return new Drawing(figure, option, still);
  }

  /** Returns a document of its own, with the style rules for a dark ground. */
  String document() {
    String described = described(svg);
    int inside = described.indexOf('>') + 1;
    String style = "\n<style>\n" + Ink.darkRules() + "</style>";
    return described.substring(0, inside) + style + described.substring(inside) + "\n";
  }

  /** Returns an element for a page that has the style rules already; its names start as given. */
  String inline(String prefix) {
    return described(svg.replaceAll("\"(url\\(#)?c(\\d+)", "\"$1" + prefix + "-c$2")) + "\n";
  }

  /** Returns the picture as PNG. */
  byte[] png() {
    return PngWriter.encode(svg);
  }

  /** The words for those who cannot see the picture. */
  String spoken() {
    String text =
        figure.title()
            + ". "
            + figure.vertical().label()
            + " against "
            + figure.horizontal().label()
            + ", "
            + String.join("; ", figure.series().stream().map(Series::label).toList())
            + ".";
    return (text + " " + figure.fullCaption()).strip();
  }

  private String described(String picture) {
    String words = Markup.escape(spoken());
    return "<svg role=\"img\" aria-label=\"" + words + "\"" + picture.substring("<svg".length());
  }
}
