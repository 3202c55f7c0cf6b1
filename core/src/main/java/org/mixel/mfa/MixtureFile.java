package org.mixel.mfa;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.DataHash;
import org.mixel.data.ImageShape;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * The {@code .mfa} file of a mixture: safetensors with {@code log_weights}, {@code means}, {@code
 * loadings} and {@code noise_variance}; metadata is optional, and other tensors are left alone.
 */
public final class MixtureFile {
  private static final String SHAPE = "image_shape";

  /** Beyond this, in the units of pixels, float32 loses in squares the differences of rows. */
  private static final double LARGEST_SINGLE = 1e3;

  private static final double LEAST_SINGLE_NOISE = 1e-12;

  /** How far the logarithm of a sum of normalised float32 weights may be from 0. */
  private static final double ROUNDING = 2e-6;

  private MixtureFile() {}

  /**
   * Reads a file.
   *
   * @param type float32 or float64, or null for what suits the numbers: float32 for images, float64
   *     for vectors, whose columns may have any scale, and for numbers out of proportion to pixels
   * @return the caller closes it
   * @throws InputException if the file is damaged or holds no usable mixture
   */
  public static MixtureOfFactorAnalyzers read(
      Path file, ComputeDevice device, @Nullable ScalarType type) {
    try (NativeScope scope = new NativeScope()) {
      return of(file, SafeTensors.read(file), device, type);
    }
  }

  /**
   * The mixture of a file that was read.
   *
   * @param file for messages
   * @param type as in {@link #read}
   * @return the caller closes it
   * @throws InputException if there is no usable mixture
   */
  public static MixtureOfFactorAnalyzers of(
      Path file, SafeTensors stored, ComputeDevice device, @Nullable ScalarType type) {
    try (NativeScope scope = new NativeScope()) {
      Map<String, String> metadata = new TreeMap<>(stored.metadata());
      String text = metadata.remove(SHAPE);
      ImageShape shape = text == null ? null : ImageShape.ofMetadata(SHAPE, text);
      Tensor weights = stored.get("log_weights", -1);
      long components = weights.size(0);
      Tensor means = stored.get("means", components, -1);
      long dims = means.size(1);
      Tensor loadings = stored.get("loadings", components, -1, dims);
      Tensor noise = stored.get("noise_variance", components, dims);
      ScalarType chosen =
          type != null
              ? type
              : shape != null && suitSingle(means, loadings, noise)
                  ? ScalarType.Float
                  : ScalarType.Double;
      Device place = device.torch();
      Tensor logWeights = weights.to(place, chosen);
      MixtureOfFactorAnalyzers model =
          MixtureOfFactorAnalyzers.of(
              logWeights,
              means.to(place, chosen),
              loadings.to(place, chosen),
              noise.to(place, chosen),
              shape,
              metadata);
      if (!isNormalised(logWeights)) {
        return model;
      }
      try (model) {
        return model.withLogWeights(logWeights);
      }
    } catch (InputException e) {
      throw new InputException(file + ": not a usable mixture: " + e.getMessage(), e);
    }
  }

  /** Whether float32 can compute with parameters: whether they are such as pixels have. */
  private static boolean suitSingle(Tensor means, Tensor loadings, Tensor noise) {
    boolean wide =
        Stream.of(means, loadings, noise)
            .anyMatch(tensor -> Tensors.type(tensor) == ScalarType.Double);
    return !wide
        && largest(means) <= LARGEST_SINGLE
        && largest(loadings) <= LARGEST_SINGLE
        && noise.min().item().toDouble() >= LEAST_SINGLE_NOISE;
  }

  private static double largest(Tensor tensor) {
    return tensor.abs().max().item().toDouble();
  }

  /** Normalising such weights again would round them again. */
  private static boolean isNormalised(Tensor logWeights) {
    double total = logWeights.to(ScalarType.Double).logsumexp(0).item().toDouble();
    return Math.abs(total) < ROUNDING;
  }

  /** Writes a file, whole or not at all. */
  static void write(MixtureOfFactorAnalyzers model, Path file) {
    SafeTensors.write(file, tensors(model), texts(model, model.metadata()));
  }

  /** The parameters by their names in a file; the model's own tensors. */
  public static Map<String, Tensor> tensors(MixtureOfFactorAnalyzers model) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("log_weights", model.logWeights());
    tensors.put("means", model.means());
    tensors.put("loadings", model.loadings());
    tensors.put("noise_variance", model.noiseVariance());
    return tensors;
  }

  /**
   * The SHA-256 of the parameters, as little-endian float64 in the order of the file.
   *
   * @return 64 hexadecimal digits
   */
  public static String sha256(MixtureOfFactorAnalyzers model) {
    DataHash.OfNumbers hash = DataHash.ofNumbers();
    for (Tensor tensor : tensors(model).values()) {
      for (long row = 0; row < tensor.size(0); row++) {
        try (NativeScope scope = new NativeScope()) {
          hash.add(Tensors.doubles(tensor.select(0, row)));
        }
      }
    }
    return hash.sha256();
  }

  /**
   * The texts of a file.
   *
   * @param metadata to store instead of the model's
   */
  public static Map<String, String> texts(
      MixtureOfFactorAnalyzers model, Map<String, String> metadata) {
    Map<String, String> texts = new TreeMap<>(metadata);
    model.shape().ifPresent(shape -> texts.put(SHAPE, shape.toMetadata()));
    return texts;
  }
}
