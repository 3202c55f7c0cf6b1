package org.mixel.neural;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * A trained model that draws rows, and its file: safetensors with the generator's parameters by
 * name, the scaling of the data, and in the metadata what the networks are built from.
 *
 * <p>Owns native memory until {@link #close()}; not safe for use by several threads.
 */
public final class NetworkModel implements AutoCloseable {
  /** Rows of a batch of samples, at most. */
  private static final int BATCH = 512;

  /** Values that a network holds for each value of a row. */
  private static final int INNER_VALUES = 64;

  private final Architecture architecture;
  private final Scaling scaling;
  private final Generator generator;

  NetworkModel(Architecture architecture, Scaling scaling, Generator generator) {
    this.architecture = architecture;
    this.scaling = scaling;
    this.generator = generator;
  }

  /** Whether a file says that it is such a model; a missing or foreign file is none. */
  public static boolean isOne(Path file) {
    try {
      return Files.isRegularFile(file)
          && SafeTensors.readMetadata(file).containsKey(Architecture.KIND);
    } catch (InputException e) {
      return false;
    }
  }

  /**
   * Reads a model.
   *
   * @throws InputException if the file is damaged or holds no such model
   */
  public static NetworkModel load(Path file, ComputeDevice device) {
    try (NativeScope scope = new NativeScope()) {
      SafeTensors stored = SafeTensors.read(file);
      try (Custody custody = new Custody()) {
        Architecture architecture = Architecture.ofMetadata(stored.metadata());
        Scaling scaling = custody.add(Scaling.of(stored, architecture.dims(), device));
        Generator generator =
            architecture
                .recipe()
                .withSettings(stored.metadata())
                .generator(architecture, Parameters.Source.stored(stored, device));
        return custody.handOver(new NetworkModel(architecture, scaling, generator));
      } catch (InputException e) {
        throw new InputException(file + ": not a usable model: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Reads a model onto the processor.
   *
   * @throws InputException if the file is damaged or holds no such model
   */
  public static NetworkModel load(Path file) {
    return load(file, ComputeDevice.CPU);
  }

  /**
   * Writes the model, whole or not at all: an adversarial mixture as a {@code .mfa} file, any other
   * as {@link #load} reads it.
   *
   * @param metadata free text to store with it, such as how it was trained
   */
  public void save(Path file, Map<String, String> metadata) {
    generator.save(file, architecture, scaling, metadata);
  }

  /** The sizes that the networks were built from. */
  public Architecture architecture() {
    return architecture;
  }

  /** The generator of the rows; stays this model's. */
  public Generator generator() {
    return generator;
  }

  /** From the generator's units to those of the data. */
  public Scaling scaling() {
    return scaling;
  }

  /**
   * Draws rows; the same seed gives the same rows on any device.
   *
   * @return to be closed before this model
   */
  public RowSampler sampler(long seed) {
    return new Sampler(seed);
  }

  private final class Sampler implements RowSampler {
    private final RandomStream random;

    Sampler(long seed) {
      random = RandomStream.of(seed);
    }

    @Override
    public int dims() {
      return architecture.dims();
    }

    @Override
    public Optional<ImageShape> shape() {
      return architecture.shape();
    }

    @Override
    public int batchRows() {
      return Math.min(BATCH, RowReader.rowsFor((long) INNER_VALUES * dims()));
    }

    @Override
    public float[] nextRows(int count) {
      try (NativeScope scope = new NativeScope();
          NoGradGuard inference = new NoGradGuard()) {
        Tensor drawn = scaling.toData(generator.draw(random, count, false));
        if (!drawn.isfinite().all().item().toBool()) {
          throw new InputException(
              "the network draws values that are not finite: its parameters are unusable");
        }
        return Tensors.floats(drawn);
      }
    }

    @Override
    public void close() {
      random.close();
    }
  }

  /**
   * Rows of a mixture, and their translations.
   *
   * @param given {@code count * d} values
   * @param made likewise
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Translations(float[] given, float[] made) {}

  /**
   * Draws rows of the mixture that this model translates.
   *
   * @param seed fixes the draws
   * @throws InputException if it translates none
   */
  public Translations translations(int count, long seed) {
    if (!(generator instanceof TranslatedMixture translated)) {
      throw new InputException("a " + architecture.kind() + " translates no mixture");
    }
    try (NativeScope scope = new NativeScope();
        NoGradGuard inference = new NoGradGuard();
        RandomStream random = RandomStream.of(seed)) {
      Tensor given = translated.given(random, count);
      return new Translations(
          Tensors.floats(scaling.toData(given)),
          Tensors.floats(scaling.toData(translated.network().forward(given, false))));
    }
  }

  /** How many latent values make a row; nothing if rows are not made of latent rows alone. */
  public OptionalInt latentValues() {
    return generator instanceof LatentGenerator decoder
        ? OptionalInt.of(decoder.latent())
        : OptionalInt.empty();
  }

  /** How latent values are distributed; nothing if rows are not made of latent rows alone. */
  public Optional<LatentGenerator.Noise> latentNoise() {
    return generator instanceof LatentGenerator decoder
        ? Optional.of(decoder.noise())
        : Optional.empty();
  }

  /**
   * The rows that chosen latent rows stand for.
   *
   * @param latentRows {@code n * latent} values, row after row; not modified
   * @return {@code n * d} values in the units of the data, row after row
   * @throws InputException if rows of this model are not made of latent rows alone
   * @throws IllegalArgumentException if the values do not fill whole rows
   */
  public float[] decode(float[] latentRows) {
    if (!(generator instanceof LatentGenerator decoder)) {
      throw new InputException(
          "a " + architecture.kind() + " does not draw from latent rows alone");
    }
    int latent = decoder.latent();
    if (latentRows.length % latent != 0) {
      throw new IllegalArgumentException(
          "%d values do not fill latent rows of %d".formatted(latentRows.length, latent));
    }
    try (NativeScope scope = new NativeScope();
        NoGradGuard inference = new NoGradGuard()) {
      Tensor rows =
          Tensors.of(latentRows, latentRows.length / latent, latent)
              .to(decoder.parameters().device(), decoder.parameters().type());
      return Tensors.floats(scaling.toData(decoder.forward(rows, false)));
    }
  }

  @Override
  public void close() {
    generator.close();
    scaling.close();
  }
}
