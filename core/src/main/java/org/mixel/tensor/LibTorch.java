package org.mixel.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.bytedeco.javacpp.Loader;

/** Loads the native engine. */
final class LibTorch {
  private static final String[] LIBRARIES = {"c10", "torch_cpu", "torch"};
  private static final String[] BUILDS = {"", "-gpu"};

  static {
    try {
      Environment.prepare();
      unpackTogether();
      Loader.load(org.bytedeco.pytorch.global.torch.class);
    } catch (UnsatisfiedLinkError e) {
      throw new UnsatisfiedLinkError(
          ("cannot load libtorch for %s: %s; its jars belong in the folder natives beside mixel.jar,"
                  + " or on the class path of your own program")
              .formatted(Loader.getPlatform(), e.getMessage()));
    }
    Threads.engineLoaded();
  }

  private LibTorch() {}

  /**
   * Loads the engine, once per process.
   *
   * @throws UnsatisfiedLinkError if its native libraries are not there, or not for this machine
   */
  static void load() {
    // The static initialiser does the work.
  }

  /**
   * Loads what libtorch needs on an NVIDIA GPU besides. It opens its linear algebra by the name of
   * the file when that is first asked for, and finds it only if it was loaded before.
   */
  static void loadCuda() {
    try {
      Loader.loadGlobal(
          Loader.cacheResource(folder("-gpu") + System.mapLibraryName("torch_cuda_linalg"))
              .getPath());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack libtorch: " + e.getMessage(), e);
    }
  }

  /**
   * Unpacks the libraries before the first is loaded. Otherwise the first use on a machine loads
   * {@code libtorch} while {@code libtorch_cpu}, which it looks for in its own folder, is not there
   * yet, and the dynamic linker takes any other version that the system has installed.
   */
  private static void unpackTogether() {
    try {
      for (String build : BUILDS) {
        for (String library : LIBRARIES) {
          Loader.cacheResource(folder(build) + System.mapLibraryName(library));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack libtorch: " + e.getMessage(), e);
    }
  }

  private static String folder(String build) {
    return "/org/bytedeco/pytorch/" + Loader.getPlatform() + build + "/";
  }
}
