package org.mixel.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * The native engine of this process.
 *
 * @param libtorch its version, then that of the Java presets
 * @param openBlas the same of OpenBLAS, which multiplies matrices on a CPU
 * @param javaCpp the version of what calls both from Java
 * @param instructions the instruction set that libtorch chose for this processor, such as AVX2
 * @param threads how many compute
 * @param folder where the native libraries were unpacked
 * @param cuda whether there is a GPU that this build can compute on
 */
public record Engine(
    String libtorch,
    String openBlas,
    String javaCpp,
    String instructions,
    int threads,
    Path folder,
    boolean cuda) {
  /** The engine, which is loaded if it was not. */
  public static Engine loaded() {
    LibTorch.load();
    try (BytePointer instructions = torch.get_cpu_capability()) {
      return new Engine(
          version("pytorch"),
          version("openblas"),
          version("javacpp"),
          instructions.getString(),
          torch.get_num_threads(),
          Loader.getCacheDir().toPath(),
          torch.cuda_is_available());
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for the native libraries: " + e.getMessage(), e);
    }
  }

  private static String version(String library) {
    try {
      return Objects.requireNonNullElse(Loader.getVersion("org.bytedeco", library), "unknown");
    } catch (IOException e) {
      // The file that names it may have been left out of a jar.
      return "unknown";
    }
  }
}
