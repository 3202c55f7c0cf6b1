package org.mixel.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.bytedeco.javacpp.Loader;

/** Loads the native engine. */
final class LibTorch {
  private static final String[] LIBRARIES = {"c10", "torch_cpu", "torch"};

  static {
    Environment.prepare();
    unpackTogether();
    Loader.load(org.bytedeco.pytorch.global.torch.class);
    Threads.engineLoaded();
  }

  private LibTorch() {}

  /** Loads the engine, once per process. */
  static void load() {
    // The static initialiser does the work.
  }

  /**
   * Unpacks the libraries before the first is loaded. Otherwise the first use on a machine loads
   * {@code libtorch} while {@code libtorch_cpu}, which it looks for in its own folder, is not there
   * yet, and the dynamic linker takes any other version that the system has installed.
   */
  private static void unpackTogether() {
    try {
      for (String library : LIBRARIES) {
        Loader.cacheResource(
            "/org/bytedeco/pytorch/" + Loader.getPlatform() + "/" + System.mapLibraryName(library));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack libtorch: " + e.getMessage(), e);
    }
  }
}
