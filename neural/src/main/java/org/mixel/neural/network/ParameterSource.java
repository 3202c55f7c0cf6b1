package org.mixel.neural.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;

/** Where a network's parameters come from when it is built. */
public sealed interface ParameterSource {
  /** Where the parameters live. */
  ComputeDevice device();

  /**
   * A parameter.
   *
   * @param name in the network
   * @param initial what a fresh one begins with
   * @return owned by the current scope
   * @throws org.mixel.InputException if a file lacks it or holds it in another shape
   */
  Tensor get(String name, Initial initial, long... shape);

  /** The same source for a part whose names begin so. */
  ParameterSource below(String beginning);

  /**
   * Fresh parameters.
   *
   * @param type float32, or float64 for checks of gradients
   */
  static ParameterSource fresh(RandomStream random, ComputeDevice device, ScalarType type) {
    return new Fresh(random, device, type);
  }

  /** Parameters of a file, float32. */
  static ParameterSource stored(SafeTensors file, ComputeDevice device) {
    return new Stored(file, device);
  }

  /** The same source, but for the part whose names begin so: that has its own. */
  default ParameterSource with(String beginning, ParameterSource part) {
    return new Partly(this, beginning, part);
  }

  /** A source beside which one part has another. */
  record Partly(ParameterSource rest, String beginning, ParameterSource part)
      implements ParameterSource {
    @Override
    public ComputeDevice device() {
      return rest.device();
    }

    @Override
    public Tensor get(String name, Initial initial, long... shape) {
      return rest.get(name, initial, shape);
    }

    @Override
    public ParameterSource below(String chosen) {
      return chosen.equals(beginning) ? part : rest.below(chosen);
    }
  }

  /** Parameters by chance, in the order in which they are asked for. */
  record Fresh(RandomStream random, ComputeDevice device, ScalarType type)
      implements ParameterSource {
    @Override
    public Tensor get(String name, Initial initial, long... shape) {
      return NativeScope.compute(() -> initial.draw(random, device.torch(), shape).to(type));
    }

    @Override
    public ParameterSource below(String beginning) {
      return this;
    }
  }

  /** Parameters that were saved: nothing is allocated for what the file does not hold. */
  record Stored(SafeTensors file, ComputeDevice device) implements ParameterSource {
    @Override
    public Tensor get(String name, Initial initial, long... shape) {
      return NativeScope.compute(
          () -> file.get(name, shape).to(device.torch(), ScalarType.Float).clone());
    }

    @Override
    public ParameterSource below(String beginning) {
      return new Stored(file.below(beginning), device);
    }
  }
}
