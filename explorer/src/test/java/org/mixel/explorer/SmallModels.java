package org.mixel.explorer;

import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Random mixtures and rows for tests. */
final class SmallModels {
  static final ImageShape GREY = new ImageShape(1, 6, 5);
  static final ImageShape COLOUR = new ImageShape(3, 4, 3);

  private SmallModels() {}

  static MixtureOfFactorAnalyzers model(int components, int factors, ImageShape shape, long seed) {
    return model(components, factors, shape.dims(), shape, seed);
  }

  /**
   * @param shape null for vectors, in float64
   */
  static MixtureOfFactorAnalyzers model(
      int components, int factors, int dims, @Nullable ImageShape shape, long seed) {
    Random random = new Random(seed);
    try (NativeScope scope = new NativeScope()) {
      ScalarType type = shape == null ? ScalarType.Double : ScalarType.Float;
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(random.doubles(components, -1, 0).toArray(), components).to(type),
          Tensors.of(random.doubles((long) components * dims).toArray(), components, dims).to(type),
          Tensors.of(
                  random.doubles((long) components * factors * dims, -0.2, 0.2).toArray(),
                  components,
                  factors,
                  dims)
              .to(type),
          Tensors.of(
                  random.doubles((long) components * dims, 0.005, 0.03).toArray(), components, dims)
              .to(type),
          shape,
          Map.of());
    }
  }

  static Samples bytes(String name, int rows, ImageShape shape, long seed) {
    byte[] pixels = new byte[rows * shape.dims()];
    new Random(seed).nextBytes(pixels);
    return StoredSamples.ofBytes(name, shape, pixels);
  }

  static Samples vectors(String name, int rows, int dims, long seed) {
    return StoredSamples.ofDoubles(
        name, dims, new Random(seed).doubles((long) rows * dims).toArray());
  }
}
