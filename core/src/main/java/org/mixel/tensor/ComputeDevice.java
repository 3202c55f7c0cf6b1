package org.mixel.tensor;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.mixel.InputException;

/**
 * Where to compute: the processor or a GPU. Callers that know nothing of libtorch hold this.
 *
 * @param name {@code cpu}, {@code cuda} or {@code cuda:N}
 */
public record ComputeDevice(String name) {
  static {
    LibTorch.load();
  }

  /** The processor, always there. */
  public static final ComputeDevice CPU = new ComputeDevice("cpu");

  /**
   * @throws InputException if the name is unknown, or this build or machine has no such GPU
   */
  public ComputeDevice {
    if (!name.matches("cpu|cuda(:[0-9]{1,2})?")) {
      throw new InputException("device must be cpu or cuda, got " + name);
    }
    if (name.startsWith("cuda")) {
      if (!torch.cuda_is_available()) {
        throw new InputException(
            "device cuda: no usable GPU; use `device` cpu, or build with -Pcuda on a machine that"
                + " has one");
      }
      LibTorch.loadCuda();
    }
  }

  /** The same for libtorch, freed by the current scope if there is one. */
  public Device torch() {
    return new Device(name);
  }
}
