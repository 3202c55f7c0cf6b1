package org.mixel.tensor;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** New tensors on a device. */
public final class Devices {
  static {
    LibTorch.load();
  }

  private static final long ACCELERATOR_VALUES = 1L << 25;

  private Devices() {}

  /** The processor, for tensors that stay there. */
  public static Device cpu() {
    return ComputeDevice.CPU.torch();
  }

  /**
   * How many items one step of some work takes, by the numbers that it makes on the way. On an
   * accelerator a step costs its launches whatever its size, so few large steps are best: 128 MiB
   * of float32.
   *
   * @param on a tensor of the device
   * @param onCpu numbers of a step on the CPU, where they should stay near the cache
   * @param width numbers that an item makes on the way
   * @return at least 1
   */
  public static int itemsPerStep(Tensor on, long onCpu, long width) {
    return (int) Math.max(1, (on.is_cpu() ? onCpu : ACCELERATOR_VALUES) / width);
  }

  /**
   * Rows of one step on an accelerator.
   *
   * @param width numbers that a row makes on the way
   * @return from 64 to 65,536
   */
  public static int rowsPerStep(long width) {
    return (int) Math.max(64, Math.min(1 << 16, ACCELERATOR_VALUES / Math.max(1, width)));
  }

  /** A new tensor of zeros. */
  public static Tensor zeros(Device device, ScalarType type, long... shape) {
    return NativeScope.compute(
        () -> torch.zeros(shape, new TensorOptions(type).device(new DeviceOptional(device))));
  }
}
