package org.mixel.tensor;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A seeded source of randomness. The same seed gives the same draws on every device and for any
 * number of threads: tensors are drawn on the CPU, one after the other, and then moved.
 *
 * <p>Not safe for use by several threads; give each its own {@link #split(long)}.
 */
public final class RandomStream implements AutoCloseable {
  private final long seed;
  private final SplittableRandom random;
  private final long generatorSeed;
  private @Nullable Generator generator;

  private RandomStream(long seed) {
    this.seed = seed;
    random = new SplittableRandom(seed);
    generatorSeed = random.nextLong();
  }

  /**
   * @param seed any number
   */
  public static RandomStream of(long seed) {
    return new RandomStream(seed);
  }

  /**
   * An independent stream, fixed by this stream's seed and the label alone: what was drawn before
   * does not matter.
   */
  public RandomStream split(long label) {
    return new RandomStream(new SplittableRandom(seed ^ (label * 0x9E3779B97F4A7C15L)).nextLong());
  }

  /** Native memory only for a stream that draws tensors. */
  private Generator generator() {
    if (generator == null) {
      generator = NativeScope.own(torch.make_generator_cpu(generatorSeed));
    }
    return generator;
  }

  /** Draws in Java, for choices that are not tensors. */
  public SplittableRandom java() {
    return random;
  }

  /** Standard normal float32 values. */
  public Tensor normal(Device device, long... shape) {
    return NativeScope.compute(
        () ->
            torch
                .empty(shape)
                .normal_(0, 1, new GeneratorOptional(generator()))
                .to(device, ScalarType.Float));
  }

  /** Standard normal values as plain numbers; the same draws as a tensor of so many. */
  public float[] normals(int count) {
    try (NativeScope scope = new NativeScope()) {
      return Tensors.floats(normal(Devices.cpu(), count));
    }
  }

  /** Float32 values uniform in [0, 1). */
  public Tensor uniform(Device device, long... shape) {
    return NativeScope.compute(
        () ->
            torch
                .empty(shape)
                .uniform_(0, 1, new GeneratorOptional(generator()))
                .to(device, ScalarType.Float));
  }

  /**
   * {@code count} different numbers below {@code bound}, in random order.
   *
   * @throws IllegalArgumentException if {@code count > bound}
   */
  public int[] choose(int count, int bound) {
    if (count > bound) {
      throw new IllegalArgumentException("cannot choose " + count + " of " + bound);
    }
    int[] all = new int[bound];
    for (int i = 0; i < bound; i++) {
      all[i] = i;
    }
    for (int i = 0; i < count; i++) {
      int j = i + random.nextInt(bound - i);
      int swap = all[i];
      all[i] = all[j];
      all[j] = swap;
    }
    return Arrays.copyOf(all, count);
  }

  /** {@code most} different numbers below {@code bound}, or all if there are no more; rising. */
  public int[] chooseRising(int most, int bound) {
    int[] chosen = choose(Math.min(most, bound), bound);
    Arrays.sort(chosen);
    return chosen;
  }

  @Override
  public void close() {
    if (generator != null) {
      generator.close();
    }
  }
}
