package org.mixel.io;

import java.nio.file.Path;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.data.format.WeightFiles;

/** Weights of the rows of a set, from a file. */
public final class Weights {
  private Weights() {}

  /**
   * The rows of positive weight, with their weights ({@link Samples#weightedBy}).
   *
   * @param file {@code .npy} of numbers, the shape {@code (n,)}
   * @throws InputException if the file cannot be read, or its numbers are not weights of these rows
   */
  public static Samples apply(Path file, Samples samples) {
    return samples.weightedBy(WeightFiles.read(file, samples.name(), samples.rows()));
  }
}
