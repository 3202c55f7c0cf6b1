package org.mixel.tensor;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;

/** Where tensors live and what they hold. */
public final class Devices {
  static {
    LibTorch.load();
  }

  private Devices() {}

  /**
   * @param name {@code cpu}, {@code cuda} or {@code cuda:N}
   * @throws InputException if the name is none of these, or this build or machine has no GPU
   */
  public static Device of(String name) {
    if (!name.matches("cpu|cuda(:[0-9]{1,2})?")) {
      throw new InputException("device must be cpu or cuda, got " + name);
    }
    if (name.startsWith("cuda") && !torch.cuda_is_available()) {
      throw new InputException(
          "device cuda: no usable GPU; use --device cpu, or build with -Pcuda on a machine that"
              + " has one");
    }
    return NativeScope.own(new Device(name));
  }

  /** The processor, always there. */
  public static Device cpu() {
    return of("cpu");
  }

  /** Options for new tensors of this type on this device; freed by the current scope. */
  public static TensorOptions options(Device device, ScalarType type) {
    return new TensorOptions(type).device(new org.bytedeco.pytorch.DeviceOptional(device));
  }

  /** A new tensor of zeros. */
  public static Tensor zeros(Device device, ScalarType type, long... shape) {
    return NativeScope.compute(() -> torch.zeros(shape, options(device, type)));
  }
}
