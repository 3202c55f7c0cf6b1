package org.mixel.neural.training;

import java.nio.file.Path;
import java.util.Map;
import org.mixel.data.RowSampler;
import org.mixel.neural.model.Architecture;
import org.mixel.neural.model.GeneratorSampler;
import org.mixel.neural.model.MixtureGenerator;
import org.mixel.neural.model.NetworkModel;
import org.mixel.neural.model.Scaling;

/**
 * What a training came to. Owns native memory until {@link #close()}; not safe for use by several
 * threads.
 */
public final class TrainedNetwork implements AutoCloseable {
  private final Architecture architecture;
  private final Scaling scaling;
  private final Learner learner;
  private final Map<String, String> metadata;
  private final Progressed progressed;

  /**
   * How far it went.
   *
   * @param step how many steps are done
   * @param finished whether these are all
   * @param seconds that they took, without evaluations and pictures
   * @param figures of the last line of the log, by name
   */
  public record Progressed(
      long step, boolean finished, double seconds, Map<String, Double> figures) {}

  TrainedNetwork(
      Architecture architecture,
      Scaling scaling,
      Learner learner,
      Map<String, String> metadata,
      Progressed progressed) {
    this.architecture = architecture;
    this.scaling = scaling;
    this.learner = learner;
    this.metadata = metadata;
    this.progressed = progressed;
  }

  /** How far it went. */
  public Progressed progressed() {
    return progressed;
  }

  /** What the networks were built from. */
  public Architecture architecture() {
    return architecture;
  }

  /**
   * Writes the model, whole or not at all: an adversarial mixture as a {@code .mfa} file, which is
   * what it is, any other as {@link NetworkModel} reads it.
   */
  public void save(Path file) {
    if (learner.generator() instanceof MixtureGenerator generator) {
      try (var mixture = generator.mixture(scaling, architecture.image(), metadata)) {
        mixture.save(file);
      }
    } else {
      NetworkModel.save(file, architecture, scaling, learner.generator(), metadata);
    }
  }

  /** Draws rows; to be closed before this. */
  public RowSampler sampler(long seed) {
    return GeneratorSampler.of(learner.generator(), scaling, architecture, seed);
  }

  @Override
  public void close() {
    learner.close();
    scaling.close();
  }
}
