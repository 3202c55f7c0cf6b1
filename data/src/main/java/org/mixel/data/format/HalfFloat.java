package org.mixel.data.format;

/** 16-bit floats of IEEE 754 (1 sign, 5 exponent and 10 fraction bits). */
final class HalfFloat {
  private HalfFloat() {}

  static float toFloat(short bits) {
    int sign = bits & 0x8000;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float size =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Math.scalb(1f + fraction * 0x1p-10f, exponent - 15);
        };
    return sign == 0 ? size : -size;
  }
}
