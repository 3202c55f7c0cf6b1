package org.mixel.neural.network;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/** The values that a parameter begins with. */
sealed interface Initial {
  /** A new float32 tensor, owned by the current scope. */
  Tensor draw(RandomStream random, Device device, long... shape);

  /** One value everywhere. */
  record Constant(double value) implements Initial {
    @Override
    public Tensor draw(RandomStream random, Device device, long... shape) {
      return NativeScope.compute(() -> torch.full(shape, new Scalar(value)).to(device, FLOAT));
    }
  }

  /** Independent normal values. */
  record Normal(double mean, double deviation) implements Initial {
    @Override
    public Tensor draw(RandomStream random, Device device, long... shape) {
      return NativeScope.compute(
          () -> random.normal(device, shape).mul_(new Scalar(deviation)).add_(new Scalar(mean)));
    }
  }

  /** Independent values uniform in {@code [-bound, bound)}. */
  record Uniform(double bound) implements Initial {
    @Override
    public Tensor draw(RandomStream random, Device device, long... shape) {
      return NativeScope.compute(
          () -> random.uniform(device, shape).mul_(new Scalar(2 * bound)).sub_(new Scalar(bound)));
    }
  }

  /** The type that values are drawn in. */
  torch.ScalarType FLOAT = torch.ScalarType.Float;
}
