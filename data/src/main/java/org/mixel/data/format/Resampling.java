package org.mixel.data.format;

/**
 * Changes the size of a plane of pixels by bicubic averaging.
 *
 * <p>Keys' cubic kernel with a = -1/2, applied along each axis and widened by the reduction when an
 * image shrinks, so that every source pixel counts (no aliasing). The weights of a pixel sum to 1.
 * Immutable.
 */
final class Resampling {
  private final Axis across;
  private final Axis down;

  /**
   * For output pixel {@code o}, source pixels from {@code first[o]} count by {@code weights[o]}.
   */
  private record Axis(int from, int[] first, float[][] weights) {
    int to() {
      return first.length;
    }
  }

  Resampling(int fromWidth, int fromHeight, int toWidth, int toHeight) {
    this.across = axis(fromWidth, toWidth);
    this.down = axis(fromHeight, toHeight);
  }

  /** Where the pixels of a plane come from. */
  interface Plane {
    /**
     * @param y the line
     * @param line receives its pixels from its start on
     */
    void read(int y, float[] line);
  }

  /**
   * Resizes one plane.
   *
   * @param target receives the resized plane, row by row
   * @param at where it goes in the target
   */
  void apply(Plane source, float[] target, int at) {
    float[] line = new float[across.from()];
    float[] narrowed = new float[down.from() * across.to()];
    for (int y = 0; y < down.from(); y++) {
      source.read(y, line);
      for (int x = 0; x < across.to(); x++) {
        float[] weights = across.weights()[x];
        int from = across.first()[x];
        float sum = 0;
        for (int i = 0; i < weights.length; i++) {
          sum += weights[i] * line[from + i];
        }
        narrowed[y * across.to() + x] = sum;
      }
    }
    for (int y = 0; y < down.to(); y++) {
      float[] weights = down.weights()[y];
      for (int x = 0; x < across.to(); x++) {
        float sum = 0;
        for (int i = 0; i < weights.length; i++) {
          sum += weights[i] * narrowed[(down.first()[y] + i) * across.to() + x];
        }
        target[at + y * across.to() + x] = sum;
      }
    }
  }

  private static Axis axis(int from, int to) {
    double scale = (double) from / to;
    double stretch = Math.max(1, scale);
    int[] first = new int[to];
    float[][] weights = new float[to][];
    for (int o = 0; o < to; o++) {
      double center = (o + 0.5) * scale;
      int low = Math.max(0, (int) Math.floor(center - 2 * stretch + 0.5));
      int high = Math.min(from, (int) Math.floor(center + 2 * stretch + 0.5));
      double[] exact = new double[high - low];
      double sum = 0;
      for (int i = 0; i < exact.length; i++) {
        exact[i] = kernel((low + i + 0.5 - center) / stretch);
        sum += exact[i];
      }
      first[o] = low;
      weights[o] = new float[exact.length];
      for (int i = 0; i < exact.length; i++) {
        weights[o][i] = (float) (exact[i] / sum);
      }
    }
    return new Axis(from, first, weights);
  }

  private static double kernel(double x) {
    double t = Math.abs(x);
    if (t < 1) {
      return (1.5 * t - 2.5) * t * t + 1;
    }
    return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
  }
}
