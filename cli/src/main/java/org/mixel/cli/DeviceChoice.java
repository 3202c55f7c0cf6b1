package org.mixel.cli;

import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Option;

/** Where a command computes. */
final class DeviceChoice {
  @Option(
      names = "--device",
      paramLabel = "cpu|cuda",
      defaultValue = "cpu",
      description = "Where to compute (default: ${DEFAULT-VALUE}).")
  private String name;

  /** Whether it is a GPU; asks nobody whether there is one. */
  boolean isAccelerator() {
    return !name.equals("cpu");
  }

  /**
   * @throws org.mixel.InputException if there is no such device
   */
  ComputeDevice device() {
    return new ComputeDevice(name);
  }
}
