package org.mixel.neural.training;

import java.nio.file.Path;

/** Whose features a deep feature consistent auto-encoder compares. */
public sealed interface FeatureChoice {
  /**
   * A network of the user's, as {@link org.mixel.metric.FeatureNetwork} reads it.
   *
   * @param file in TorchScript
   */
  record Network(Path file) implements FeatureChoice {
    @Override
    public String toString() {
      return file.toString();
    }
  }

  /**
   * A classifier that is trained on the classes of the data first.
   *
   * @param labels the class of every row, from 0
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Labels(int[] labels) implements FeatureChoice {
    @Override
    public String toString() {
      return "labels";
    }
  }

  /** The same layers with the weights that they begin with. */
  record Random() implements FeatureChoice {
    @Override
    public String toString() {
      return "random";
    }
  }
}
