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

  private Devices() {}

  /** The processor, for tensors that stay there. */
  public static Device cpu() {
    return ComputeDevice.CPU.torch();
  }

  /** A new tensor of zeros. */
  public static Tensor zeros(Device device, ScalarType type, long... shape) {
    return NativeScope.compute(
        () -> torch.zeros(shape, new TensorOptions(type).device(new DeviceOptional(device))));
  }
}
