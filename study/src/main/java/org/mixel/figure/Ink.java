package org.mixel.figure;

import java.util.Locale;

/**
 * The colours of drawings, each with a value for light and one for dark pages. The first colours of
 * series stay apart for readers who cannot distinguish red from green.
 */
public enum Ink {
  TEXT(0x1f2328, 0xe6e8eb, 1),
  MUTED(0x59636e, 0x9aa4ae, 1),
  GRID(0xdfe3e8, 0x30363d, 1),
  PAPER(0xffffff, 0x14171b, 1),
  BAR(0xd5dbe3, 0x3b434d, 1),
  BAND(0x59636e, 0xc6ced6, 0.5),
  HOVER(0x3b82d6, 0x79b8ff, 0.18),
  OVER(0xc8400a, 0xff8f4d, 1),
  UNDER(0x0b62b8, 0x63b3ff, 1),
  FIRST(0x0b62b8, 0x63b3ff, 1),
  SECOND(0xc8400a, 0xff8f4d, 1),
  THIRD(0x1a7f4b, 0x4cc97f, 1),
  FOURTH(0x8250df, 0xbc8cff, 1),
  FIFTH(0x9a6700, 0xd9b34a, 1),
  SIXTH(0xb02a7c, 0xf778ba, 1),
  SEVENTH(0x00808f, 0x00e5ff, 1),
  EIGHTH(0x5a1a0a, 0xa8744f, 1),
  NINTH(0x7c9a00, 0xe6ff66, 1),
  TENTH(0xff4d6d, 0xff4560, 1),
  ELEVENTH(0xe000d0, 0xc040ff, 1),
  TWELFTH(0x2a0a6e, 0x0a8f96, 1);

  private static final Ink[] SERIES = {
    FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH, TENTH, ELEVENTH, TWELFTH
  };

  private final int light;
  private final int dark;
  private final double opacity;

  Ink(int light, int dark, double opacity) {
    this.light = light;
    this.dark = dark;
    this.opacity = opacity;
  }

  /** The colour of the i-th curve; the thirteenth begins anew. */
  public static Ink series(int i) {
    return SERIES[i % SERIES.length];
  }

  /** The colour on light pages, as 0xRRGGBB. */
  int light() {
    return light;
  }

  double opacity() {
    return opacity;
  }

  String lightHex() {
    return hex(light);
  }

  String darkHex() {
    return hex(dark);
  }

  /** The name of this colour in style sheets. */
  String styleName() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String hex(int rgb) {
    return "#%06x".formatted(rgb);
  }
}
