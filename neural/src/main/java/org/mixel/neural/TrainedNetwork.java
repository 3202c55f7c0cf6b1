package org.mixel.neural;

import java.nio.file.Path;
import java.util.Map;
import org.mixel.data.RowSampler;

/**
 * The result of a training. Owns native memory until {@link #close()}; not safe for use by several
 * threads.
 *
 * @param model closed with this
 * @param metadata how the model was trained, which its file will say
 * @param progressed how far training went
 */
public record TrainedNetwork(
    NetworkModel model, Map<String, String> metadata, Progressed progressed)
    implements AutoCloseable {
  /**
   * How far training went.
   *
   * @param step how many steps are done
   * @param finished whether these are all
   * @param seconds that they took, without evaluations and pictures
   * @param figures of the last line of the log, by name
   */
  public record Progressed(
      long step, boolean finished, double seconds, Map<String, Double> figures) {}

  /** The sizes that the networks were built from. */
  public Architecture architecture() {
    return model.architecture();
  }

  /**
   * Writes the model, whole or not at all: an adversarial mixture as a {@code .mfa} file, any other
   * as {@link NetworkModel} reads it.
   */
  public void save(Path file) {
    model.save(file, metadata);
  }

  /** Draws rows; to be closed before this. */
  public RowSampler sampler(long seed) {
    return model.sampler(seed);
  }

  @Override
  public void close() {
    model.close();
  }
}
