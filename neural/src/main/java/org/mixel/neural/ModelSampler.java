package org.mixel.neural;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.mixel.InputException;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Sampler;
import org.mixel.neural.network.Custody;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.SafeTensors;

/** Rows of whatever model a file holds, a mixture or a network; owns the model. */
public final class ModelSampler implements RowSampler {
  private final Runnable closeModel;
  private final RowSampler sampler;

  private ModelSampler(Runnable closeModel, RowSampler sampler) {
    this.closeModel = closeModel;
    this.sampler = sampler;
  }

  /** Whether a file holds a model that draws rows. */
  public static boolean isModel(Path file) {
    try {
      return Files.isRegularFile(file)
          && (SafeTensors.readMetadata(file).containsKey(Architecture.KIND)
              || SafeTensors.readNames(file).contains("log_weights"));
    } catch (InputException e) {
      return false;
    }
  }

  /**
   * Opens a model.
   *
   * @param noise whether to add a mixture's pixel noise
   * @param seed fixes the draws
   * @throws InputException if the file is damaged or holds no model, or there is no such noise
   */
  public static ModelSampler open(Path file, boolean noise, long seed, ComputeDevice device) {
    try (Custody custody = new Custody()) {
      if (!NetworkModel.isOne(file)) {
        MixtureOfFactorAnalyzers mixture = custody.add(MixtureOfFactorAnalyzers.load(file, device));
        return custody.handOver(
            new ModelSampler(mixture::close, ofMixture(file, mixture, noise, seed)));
      }
      NetworkModel network = custody.add(NetworkModel.load(file, device));
      if (noise) {
        throw new InputException(
            "%s: a %s has no pixel noise to add; leave out `noise`"
                .formatted(file, network.architecture().kind()));
      }
      return custody.handOver(new ModelSampler(network::close, network.sampler(seed)));
    }
  }

  private static Sampler ofMixture(
      Path file, MixtureOfFactorAnalyzers mixture, boolean noise, long seed) {
    try {
      return Sampler.of(mixture, noise, seed);
    } catch (InputException e) {
      throw new InputException(file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public int dims() {
    return sampler.dims();
  }

  @Override
  public Optional<ImageShape> shape() {
    return sampler.shape();
  }

  @Override
  public int batchRows() {
    return sampler.batchRows();
  }

  @Override
  public ElementType type() {
    return sampler.type();
  }

  @Override
  public float[] nextRows(int count) {
    return sampler.nextRows(count);
  }

  @Override
  public double[] nextDoubles(int count) {
    return sampler.nextDoubles(count);
  }

  @Override
  public void close() {
    sampler.close();
    closeModel.run();
  }
}
