package org.mixel.neural;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;

/**
 * Turns noise into rows. Owns its parameters until {@link #close()}; not safe for use by several
 * threads.
 */
public interface Generator extends AutoCloseable {
  /**
   * Draws rows; the same stream gives the same noise on any device.
   *
   * @param random where the noise comes from
   * @param training whether batches are normalised by their own statistics
   * @return {@code [count, d]} in the generator's units, differentiable in its parameters, owned by
   *     the current scope
   */
  Tensor draw(RandomStream random, int count, boolean training);

  /**
   * Rows, and the choices behind them, which have no gradient of their own.
   *
   * @param rows as {@link #draw} gives them
   * @param logProbability of each row's choice, {@code [count]}, differentiable in the parameters;
   *     null if there is none to learn
   */
  record Draw(Tensor rows, @Nullable Tensor logProbability) {}

  /** Draws rows to train with, as {@link #draw} does. */
  default Draw drawToTrain(RandomStream random, int count) {
    return new Draw(draw(random, count, true), null);
  }

  /** The parameters that training moves. */
  Parameters parameters();

  /** Everything that must be stored to draw again, by name; the tensors stay this object's. */
  default Map<String, Tensor> named() {
    return parameters().named();
  }

  /**
   * Writes the model of these rows, whole or not at all: by default as {@link NetworkModel} reads
   * it.
   *
   * @param metadata free text to store with it, such as how it was trained
   */
  default void save(
      Path file, Architecture architecture, Scaling scaling, Map<String, String> metadata) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(named());
    tensors.putAll(scaling.named());
    Map<String, String> texts = new TreeMap<>(metadata);
    texts.putAll(architecture.toMetadata());
    SafeTensors.write(file, tensors, texts);
  }

  @Override
  default void close() {
    parameters().close();
  }
}
