package org.mixel.neural;

import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.mixel.tensor.Devices;

/** Tiny networks are done on one thread before a second has begun. */
public final class OneThread implements BeforeAllCallback, AfterAllCallback {
  private int threads;

  @Override
  public void beforeAll(ExtensionContext context) {
    // Loads the library.
    Devices.cpu().close();
    threads = torch.get_num_threads();
    torch.set_num_threads(1);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    torch.set_num_threads(threads);
  }
}
