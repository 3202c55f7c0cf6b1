package org.mixel.data;

import java.nio.ByteBuffer;
import org.mixel.InputException;

/**
 * 8-bit pixels made continuous: {@code (byte + u) / 256} with {@code u} uniform in [0, 1), so that
 * densities of pixels are comparable between models. The noise depends on the seed, row and place
 * alone.
 */
public final class DequantizedSamples extends FloatView {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long seed;

  private DequantizedSamples(Samples source, long seed) {
    super(source);
    this.seed = seed;
  }

  /**
   * @param source a set of bytes
   * @param seed fixes the noise
   * @throws InputException if the set does not hold bytes
   */
  public static DequantizedSamples of(Samples source, long seed) {
    if (source.type() != ElementType.UINT8) {
      throw new InputException(
          source.name() + ": only 8-bit pixels can be dequantised, but these values are floats");
    }
    return new DequantizedSamples(source, seed);
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    long dims = dims();
    read(
        from,
        count,
        target,
        (row, column, stored) ->
            ((float) Math.rint(stored * 255) + uniform(row * dims + column)) / 256f);
  }

  /** SplitMix64's finaliser of a counter, its upper 24 bits as a fraction. */
  private float uniform(long index) {
    long z = (index + 1) * GOLDEN + seed;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 40) * 0x1p-24f;
  }
}
