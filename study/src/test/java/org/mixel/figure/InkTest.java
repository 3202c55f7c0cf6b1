package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.color.ColorSpace;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Twelve series can be told apart, from each other and from the page. */
class InkTest {
  private static final int SERIES = 12;

  @Test
  void seriesAreFarApartInLabOnLightAndOnDarkPages() {
    for (Function<Ink, String> scheme :
        List.<Function<Ink, String>>of(Ink::lightHex, Ink::darkHex)) {
      for (int i = 0; i < SERIES; i++) {
        float[] one = lab(scheme.apply(Ink.series(i)));
        for (Ink other : List.of(Ink.PAPER, Ink.TEXT)) {
          assertThat(distance(one, lab(scheme.apply(other))))
              .as("%s, %s", i, other)
              .isGreaterThan(30);
        }
        for (int j = 0; j < i; j++) {
          float[] two = lab(scheme.apply(Ink.series(j)));
          assertThat(distance(one, two)).as("%s, %s", i, j).isGreaterThan(30);
        }
      }
    }
    assertThat(Ink.series(SERIES)).isEqualTo(Ink.series(0));
  }

  /** CIE 1976 L*a*b* from the XYZ that Java gives for D50. */
  private static float[] lab(String hex) {
    float[] xyz =
        Color.decode(hex).getColorComponents(ColorSpace.getInstance(ColorSpace.CS_CIEXYZ), null);
    double x = Math.cbrt(xyz[0] / 0.9642);
    double y = Math.cbrt(xyz[1]);
    double z = Math.cbrt(xyz[2] / 0.8249);
    return new float[] {(float) (116 * y - 16), (float) (500 * (x - y)), (float) (200 * (y - z))};
  }

  private static double distance(float[] a, float[] b) {
    return Math.sqrt(
        Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2) + Math.pow(a[2] - b[2], 2));
  }
}
