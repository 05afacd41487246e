package org.definetti.lab.report;

import java.util.List;
import java.util.Locale;

/** The part of the page that answers first: which claims held, and whether the checks can fail. */
final class VerdictSection {

  private static final String[] COLUMNS = {
    "part", "verdict", "expected", "measured", "predicted", "control", "source", "seconds"
  };

  private VerdictSection() {}

  /** Appends one row a part, which the reader can filter and sort; nothing without claims. */
  static void append(Html html, List<CheckedClaim> claims) {
    if (claims.isEmpty()) {
      return;
    }
    html.raw("<section aria-labelledby=\"verdicts\">\n<h2 id=\"verdicts\">Verdicts</h2>\n");
    summary(html, claims.stream().flatMap(claim -> claim.parts().stream()).toList());
    html.raw(
        "<div class=\"scroll\"><table class=\"overview\" data-facets=\"verdict outcome control source\"");
    html.raw(" aria-labelledby=\"verdicts\">\n").head(COLUMNS).raw("<tbody>\n");
    for (CheckedClaim claim : claims) {
      claim.parts().forEach(part -> row(html, claim, part));
      if (claim.parts().isEmpty()) {
        open(html, claim, "none", "inconclusive", "none");
        link(html, claim, claim.id());
        html.raw("<td colspan=\"7\">").raw(Badge.OPEN.html("no result yet")).raw("</td></tr>\n");
      }
    }
    html.raw(
        "</tbody>\n</table></div>\n<p class=\"note\">A verdict is CONFIRMED only if the whole");
    html.raw(" interval lies within prediction ± tolerance, REFUTED if it lies outside,");
    html.raw(" INCONCLUSIVE otherwise. Green means: as expected. A control is something known to");
    html.raw(" be wrong, put through the same check: it must be CAUGHT.</p>\n</section>\n");
  }

  private static void row(Html html, CheckedClaim claim, Part part) {
    String outcome =
        switch (part.badge()) {
          case GOOD -> "as expected";
          case BAD -> "against expectation";
          case OPEN -> "inconclusive";
          case PLAIN -> "none";
        };
    open(html, claim, part.verdict(), outcome, part.control());
    link(html, claim, part.name());
    html.raw("<td data-label=\"verdict\">").raw(part.verdictHtml()).raw("</td>");
    html.cell("expected", part.row().text("expected").toLowerCase(Locale.ROOT));
    html.number("measured", part.row().number("measured"), 4);
    html.raw("<td class=\"number\" data-label=\"predicted\" data-value=\"");
    html.raw(part.row().number("predicted") + "\">").text(part.predicted()).raw("</td>");
    html.raw("<td data-label=\"control\">").raw(part.controlHtml()).raw("</td>");
    html.cell("source", claim.sourceKind());
    html.number("seconds", part.row().number("seconds"), 3).raw("</tr>\n");
  }

  private static void open(
      Html html, CheckedClaim claim, String verdict, String outcome, String control) {
    html.raw("<tr data-part-of=\"" + claim.anchor() + "\" data-verdict=\"").text(verdict);
    html.raw("\" data-outcome=\"" + outcome + "\" data-control=\"");
    html.text(control.isEmpty() ? "none" : control).raw("\" data-source=\"");
    html.text(claim.sourceKind()).raw("\">");
  }

  private static void link(Html html, CheckedClaim claim, String name) {
    html.raw("<th scope=\"row\"><a href=\"#" + claim.anchor() + "\">").text(name);
    html.raw("</a></th>");
  }

  private static void summary(Html html, List<Part> parts) {
    long good = count(parts, Badge.GOOD);
    long bad = count(parts, Badge.BAD);
    long open = count(parts, Badge.OPEN);
    long missed = parts.stream().filter(part -> part.control().equals("MISSED")).count();
    html.raw("<p class=\"summary\">").raw(Badge.GOOD.html("as expected: " + good)).raw(" ");
    html.raw((bad > 0 ? Badge.BAD : Badge.PLAIN).html("against expectation: " + bad)).raw(" ");
    html.raw((open > 0 ? Badge.OPEN : Badge.PLAIN).html("inconclusive: " + open)).raw(" ");
    html.raw((missed > 0 ? Badge.BAD : Badge.PLAIN).html("controls missed: " + missed));
    html.raw("</p>\n");
  }

  private static long count(List<Part> parts, Badge badge) {
    return parts.stream().filter(part -> part.badge() == badge).count();
  }
}
