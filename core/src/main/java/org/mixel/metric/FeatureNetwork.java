package org.mixel.metric;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.RowStore;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * A network that turns images into features, from a TorchScript file: it takes float32 {@code [n,
 * channels, height, width]} with pixels in [0, 1] and returns {@code [n, ...]}, whose other axes
 * are laid out in a row. Anything else it needs, such as resizing or normalising, belongs in the
 * file.
 *
 * <p>A TorchScript file is a program: load only files that you trust. Closed by its caller. Not
 * safe for use by several threads.
 */
public final class FeatureNetwork implements AutoCloseable {
  private static final int BATCH = 64;

  private final Path file;
  private final JitModule network;
  private final Device device;

  private FeatureNetwork(Path file, JitModule network, Device device) {
    this.file = file;
    this.network = network;
    this.device = device;
  }

  /** Reads a network to be used on the CPU. */
  public static FeatureNetwork load(Path file) {
    return load(file, ComputeDevice.CPU);
  }

  /**
   * Reads a network.
   *
   * @param file as written by PyTorch's {@code torch.jit.save}
   * @throws InputException if it is missing or no such file
   */
  public static FeatureNetwork load(Path file, ComputeDevice device) {
    if (!Files.isRegularFile(file)) {
      throw new InputException(file + ": no such file");
    }
    try (NativeScope scope = new NativeScope()) {
      Device place = NativeScope.own(device.torch());
      JitModule network = torch.load(file.toString(), new DeviceOptional(place), true);
      network.eval();
      return new FeatureNetwork(file, NativeScope.own(network), place);
    } catch (RuntimeException e) {
      throw new InputException(
          file
              + ": not a TorchScript network; write one in PyTorch with torch.jit.trace(network,"
              + " images).save(file)",
          e);
    }
  }

  /** The file that the network was read from. */
  public Path file() {
    return file;
  }

  /** The kind of device that it computes on, such as {@code cpu}. */
  String device() {
    return device.is_cpu() ? "cpu" : "cuda";
  }

  /** The features of images, without progress. */
  public Samples of(Samples images) {
    return of(images, Progress.SILENT);
  }

  /**
   * The features of images, under the name of their set.
   *
   * @return float32 rows without a shape, in memory or, when they are many, in a temporary file
   * @throws InputException if the rows are not images, or not of a kind that the network takes, or
   *     a feature is not finite
   */
  public Samples of(Samples images, Progress progress) {
    ImageShape shape =
        images
            .shape()
            .orElseThrow(
                () ->
                    new InputException(
                        images.name()
                            + ": its rows are not images, and "
                            + file
                            + " takes images; give pictures, or an array (n, h, w), (n, h, w, c) or"
                            + " (n, c, h, w)"));
    try (NativeScope scope = new NativeScope();
        RowReader rows = RowReader.of(images, device, ScalarType.Float);
        Progress.Stage stage = progress.begin("features of " + images.name(), images.rows())) {
      int dims = forward(() -> rows.rows(0, 1), shape).length;
      if (dims == 0) {
        throw new InputException(file + ": gives no numbers for an image; take another network");
      }
      try (RowStore store = new RowStore(ElementType.FLOAT32, dims, images.rows())) {
        long start = System.nanoTime();
        rows.forEach(
            BATCH,
            stage,
            batch -> {
              float[] features = forward(batch::rows, shape);
              if (features.length != batch.count() * dims) {
                throw new InputException(
                    "%s: gives %d numbers for %d images and %d for one; it must treat images one by one"
                        .formatted(file, features.length, batch.count(), dims));
              }
              requireFinite(images, batch.from(), features, dims);
              append(store, features);
              double seconds = 1e-9 * (System.nanoTime() - start);
              double rate = (batch.from() + batch.count()) / seconds;
              stage.note(String.format(Locale.ROOT, "%,.0f images/s", rate));
            });
        return store.finish(images.name(), null);
      }
    } catch (IOException e) {
      throw cannotKeep(e);
    }
  }

  private void requireFinite(Samples images, int from, float[] features, int dims) {
    for (int at = 0; at < features.length; at++) {
      if (Float.isFinite(features[at])) {
        continue;
      }
      int row = from + at / dims;
      String where = "row %d of %s".formatted(images.rowNumber(row), images.name());
      throw new InputException(
          isFinite(images.row(row))
              ? file
                  + ": gives NaN or infinite numbers for "
                  + where
                  + ", whose pixels are finite; mend the network, which takes pixels in [0, 1]"
              : where + " holds a value that is NaN or infinite; remove the row or mend the value");
    }
  }

  private static boolean isFinite(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    // Finite floats cannot overflow a sum of doubles.
    return Double.isFinite(sum);
  }

  private static void append(RowStore store, float[] features) {
    try {
      store.append(features);
    } catch (IOException e) {
      throw cannotKeep(e);
    }
  }

  private static UncheckedIOException cannotKeep(IOException e) {
    return new UncheckedIOException("cannot keep the features: " + e.getMessage(), e);
  }

  private float[] forward(Supplier<Tensor> rows, ImageShape shape) {
    try (NativeScope scope = new NativeScope();
        NoGradGuard inference = new NoGradGuard()) {
      return Tensors.floats(forward(rows.get(), shape));
    }
  }

  /**
   * Evaluates the network on a batch; differentiable in the rows.
   *
   * @param rows {@code [n, d]}, pixels in [0, 1]
   * @param shape of each
   * @return the network's output, float32, its first axis {@code n}; owned by the current scope
   * @throws InputException if the network does not take such images
   */
  public Tensor forward(Tensor rows, ImageShape shape) {
    try {
      return NativeScope.compute(
          () -> {
            Tensor images =
                rows.view(rows.size(0), shape.channels(), shape.height(), shape.width());
            IValue answer = network.forward(new IValueVector(new IValue(images)));
            if (!answer.isTensor()) {
              throw new InputException(
                  file + ": must return one tensor of features for each image");
            }
            return answer.toTensor().to(ScalarType.Float);
          });
    } catch (InputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new InputException(file + ": cannot take " + shape + " images: " + reason(e), e);
    }
  }

  /** The line of the interpreter's message that names the error. */
  private static String reason(RuntimeException thrown) {
    List<String> lines = String.valueOf(thrown.getMessage()).strip().lines().toList();
    return lines.stream()
        .filter(line -> line.startsWith("RuntimeError:"))
        .findFirst()
        .orElse(lines.get(0))
        .strip();
  }

  @Override
  public void close() {
    network.close();
    device.close();
  }
}
