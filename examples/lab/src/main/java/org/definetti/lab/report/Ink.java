package org.definetti.lab.report;

import java.util.Locale;

/**
 * The colours of pictures and page, each for a light and a dark ground.
 *
 * <p>The series colours follow Okabe and Ito, told apart by nearly all readers; marker shapes
 * differ too, so that no reading rests on colour alone.
 */
enum Ink {
  SURFACE(0xFFFFFF, 0x1B1F26),
  TEXT(0x1F2933, 0xE6E9EE),
  MUTED(0x5B6672, 0xA3ACB8),
  GRID(0xE3E7EC, 0x323945),
  /** A curve the reader has hidden. */
  FADED(0xB7BEC7, 0x59616D),
  BLUE(0x0072B2, 0x4FA8E0),
  VERMILION(0xD55E00, 0xF2844A),
  GREEN(0x009E73, 0x2FC49A),
  PURPLE(0xB65C93, 0xE39CC8),
  ORANGE(0xC98600, 0xF2B632),
  SKY(0x3B9BD6, 0x9AD4F5),
  GREY(0x59636F, 0xB9C0C9);

  private static final Ink[] SERIES = {BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, GREY};

  private final int light;
  private final int dark;

  Ink(int light, int dark) {
    this.light = light;
    this.dark = dark;
  }

  /** Returns the colour of the series at a place in the legend; the colours repeat after seven. */
  static Ink ofSeries(int index) {
    return SERIES[index % SERIES.length];
  }

  int rgb() {
    return light;
  }

  String hex() {
    return hex(light);
  }

  private static String hex(int rgb) {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }

  /**
   * Returns the style rules that turn pictures dark where the reader prefers it.
   *
   * <p>They go by the light colours, which stand in the pictures as attributes: so one and the same
   * picture, still or live, follows the reader, and prints light.
   */
  static String darkRules() {
    StringBuilder rules = new StringBuilder("@media screen and (prefers-color-scheme: dark) {\n");
    for (Ink ink : values()) {
      rule(rules, hex(ink.light), hex(ink.dark));
    }
    // How the library writes the inside of hollow markers.
    rule(rules, "#fff", hex(SURFACE.dark));
    return rules.append("}\n").toString();
  }

  private static void rule(StringBuilder rules, String light, String dark) {
    for (String kind : new String[] {"fill", "stroke"}) {
      rules.append("  svg [").append(kind).append("=\"").append(light).append("\"] { ");
      rules.append(kind).append(": ").append(dark).append("; }\n");
    }
  }
}
