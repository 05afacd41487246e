package org.definetti.lab.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What every page has around its contents: styles, policy, the one script. */
final class Frame {

  // Even if a name slipped through unescaped, a browser would neither run nor fetch anything: it
  // runs the one script with this hash.
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-";

  private Frame() {}

  /**
   * Returns a whole page.
   *
   * @param origin where the results come from, on one line; may be empty
   * @param charts whether the contents hold pictures that the chart library brings to life
   * @param contents the sections
   */
  static String of(String title, String origin, boolean charts, Html contents) {
    String script = script(charts);
    Html html = new Html();
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY);
    html.raw(hash(script)).raw("'\">\n");
    html.raw("<link rel=\"icon\" href=\"data:,\">\n").element("title", title).raw("\n<style>\n");
    html.raw(Resources.text("report.css")).raw(Ink.darkRules()).raw("</style>\n</head>\n<body>\n");
    html.raw("<a class=\"skip\" href=\"#main\">Skip to the results</a>\n<header>\n");
    html.raw("<p class=\"kicker\">Definetti · when does attention compute the posterior?</p>\n");
    html.element("h1", title).raw("\n");
    if (!origin.isEmpty()) {
      html.element("p class=\"origin\"", origin).raw("\n");
    }
    html.raw("</header>\n<main id=\"main\">\n").raw(contents.toString()).raw("</main>\n");
    return html.raw("<script>").raw(script).raw("</script>\n</body>\n</html>\n").toString();
  }

  private static String script(boolean charts) {
    String all = Resources.text("table.js");
    if (charts) {
      // Whoever receives the page receives the notices of what is in it.
      all =
          "/*!\n"
              + Resources.text("/NOTICE")
              + "*/\n"
              + ChartScript.bundle()
              + "\n"
              + Resources.text("chart.js")
              + Resources.text("page.js")
              + all;
    }
    // Browsers read line ends this way before they take the hash.
    return "\n" + all.replace("\r\n", "\n");
  }

  private static String hash(String script) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] bytes = digest.digest(script.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
