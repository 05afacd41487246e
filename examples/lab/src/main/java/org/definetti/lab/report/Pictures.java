package org.definetti.lab.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Pictures on a page: still where no script runs, else live, with their numbers and files. */
final class Pictures {

  private Pictures() {}

  /**
   * Appends pictures beside each other; nothing where there are none.
   *
   * @param drawings by name, which is also the name of the files
   * @param endings of the files in {@code plots} that a reader can take with him
   */
  static void append(Html html, Map<String, Drawing> drawings, List<String> endings) {
    if (drawings.isEmpty()) {
      return;
    }
    html.raw("<div class=\"grid\">\n");
    drawings.forEach((name, drawing) -> picture(html, name, drawing, endings));
    html.raw("</div>\n");
  }

  private static void picture(Html html, String name, Drawing drawing, List<String> endings) {
    Figure figure = drawing.figure();
    // The still picture stays where no script runs; else the live one takes its place.
    html.raw("<figure>\n<div class=\"picture\" role=\"img\" aria-label=\"");
    html.text(drawing.spoken()).raw("\" data-chart=\"option-" + name + "\" data-wide=\"");
    html.raw(ChartOption.height(figure, false) + "\" data-narrow=\"");
    html.raw(ChartOption.height(figure, true) + "\">\n").raw(drawing.inline(name)).raw("</div>\n");
    html.raw("<script type=\"application/json\" id=\"option-" + name + "\">");
    html.raw(drawing.option()).raw("</script>\n");
    html.raw("<figcaption>").text(figure.fullCaption()).raw(" <span class=\"files\">");
    for (String ending : endings) {
      html.raw("<a href=\"plots/").text(name + "." + ending).raw("\" aria-label=\"");
      html.text(figure.title() + " as " + ending.toUpperCase(Locale.ROOT)).raw("\">");
      html.text(ending.toUpperCase(Locale.ROOT)).raw("</a> ");
    }
    html.raw("</span></figcaption>\n<details><summary>Numbers</summary>\n<table>\n");
    html.head("curve", figure.horizontal().label(), figure.vertical().label(), "interval");
    html.raw("<tbody>\n");
    for (Series series : figure.series()) {
      if (series.style() != Series.Style.REFERENCE) {
        series.points().forEach(point -> numbers(html, figure, series.label(), point));
      }
    }
    html.raw("</tbody>\n</table>\n</details>\n</figure>\n");
  }

  private static void numbers(Html html, Figure figure, String label, Series.Point point) {
    String interval = Numbers.interval(point.low(), point.high());
    html.raw("<tr>").element("th scope=\"row\"", label);
    html.number(figure.horizontal().label(), Numbers.text(point.x(), 6));
    html.number(figure.vertical().label(), Numbers.text(point.y(), 5));
    html.number("interval", interval).raw("</tr>\n");
  }
}
