package org.definetti.lab.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The part of the page that tells each claim: statement, formula, parts, pictures, origin. */
final class ClaimSection {

  private static final String[] COLUMNS = {
    "part",
    "verdict",
    "expected",
    "measured",
    "interval",
    "predicted",
    "tolerance",
    "control",
    "seconds"
  };

  private ClaimSection() {}

  /** Appends the claims with the pictures that are theirs; nothing where the run has no claims. */
  static void append(
      Html html,
      RunFiles files,
      List<CheckedClaim> claims,
      Map<String, Drawing> drawings,
      List<String> endings) {
    if (claims.isEmpty()) {
      return;
    }
    html.raw("<section aria-labelledby=\"claims\">\n<h2 id=\"claims\">Claims</h2>\n");
    for (CheckedClaim claim : claims) {
      html.raw("<article class=\"claim\" id=\"" + claim.anchor() + "\">\n");
      head(html, claim);
      parts(html, claim);
      Map<String, Drawing> own = new LinkedHashMap<>(drawings);
      own.keySet().removeIf(name -> !claim.owns(name));
      Pictures.append(html, own, endings);
      String origin = Provenance.repeat(files.manifest(), claim.id());
      if (!origin.isEmpty()) {
        html.element("p class=\"origin\"", origin).raw("\n");
      }
      html.raw("</article>\n");
    }
    html.raw("</section>\n");
  }

  private static void head(Html html, CheckedClaim claim) {
    html.raw("<h3>").element("span class=\"id\"", claim.id()).raw(" ");
    html.element("span class=\"slug\"", claim.text("slug").replace('-', ' ')).raw("</h3>\n");
    html.element("p class=\"statement\"", claim.text("statement")).raw("\n");
    String formula = Formulas.of(claim.id());
    if (!formula.isEmpty()) {
      html.raw("<pre class=\"formula\" tabindex=\"0\" aria-label=\"Formula of ");
      html.text(claim.id()).raw("\">").text(formula).raw("</pre>\n");
    }
    detail(html, "Source", claim.source());
    detail(html, "Predicted", claim.text("prediction"));
    if (claim.parts().stream().allMatch(part -> part.controlText().isEmpty())) {
      detail(html, "Control", claim.text("control"));
    }
  }

  private static void detail(Html html, String name, String text) {
    if (!text.isEmpty()) {
      html.raw("<p class=\"detail\"><b>" + name + ":</b> ").text(text).raw("</p>\n");
    }
  }

  private static void parts(Html html, CheckedClaim claim) {
    if (claim.parts().isEmpty()) {
      html.raw("<p>").raw(Badge.OPEN.html("no result yet")).raw("</p>\n");
      return;
    }
    html.raw("<div class=\"scroll\"><table class=\"parts\">\n").head(COLUMNS).raw("<tbody>\n");
    for (Part part : claim.parts()) {
      html.raw("<tr>").element("th scope=\"row\"", part.name(claim.id()));
      html.raw("<td data-label=\"verdict\">").raw(part.verdictHtml()).raw("</td>");
      html.cell("expected", part.row().text("expected").toLowerCase(Locale.ROOT));
      html.number("measured", Numbers.text(part.row().number("measured"), 4));
      html.number("interval", part.interval()).number("predicted", part.predicted());
      html.number("tolerance", part.tolerance());
      html.raw("<td data-label=\"control\">").raw(part.controlHtml()).raw("</td>");
      html.number("seconds", Numbers.text(part.row().number("seconds"), 3)).raw("</tr>\n");
      aside(html, "Control", part.controlText());
      aside(html, "Note", part.row().text("reason"));
    }
    html.raw("</tbody>\n</table></div>\n");
  }

  private static void aside(Html html, String name, String text) {
    if (!text.isEmpty()) {
      html.raw("<tr class=\"aside\"><td colspan=\"9\"><span><b>" + name + ":</b> ").text(text);
      html.raw("</span></td></tr>\n");
    }
  }
}
