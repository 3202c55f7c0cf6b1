package org.mixel.data;

import java.nio.ByteBuffer;

/** Pixels that are dequantised with other noise in each pass. */
final class FreshNoise extends SamplesView {
  /** Far from SplitMix64's own step, so that the noise of two passes has nothing in common. */
  private static final long STEP = 0xD1342543DE82EF95L;

  private final long seed;
  private final Samples noisy;

  private FreshNoise(Samples source, long seed, int pass) {
    super(source);
    this.seed = seed;
    noisy = source.dequantized(seed + pass * STEP);
  }

  static Samples of(Samples source, long seed) {
    return new FreshNoise(source, seed, 0);
  }

  @Override
  public ElementType type() {
    return noisy.type();
  }

  @Override
  public Samples inPass(int pass) {
    return new FreshNoise(source, seed, pass);
  }

  @Override
  public void read(int from, int count, ByteBuffer target) {
    noisy.read(from, count, target);
  }
}
