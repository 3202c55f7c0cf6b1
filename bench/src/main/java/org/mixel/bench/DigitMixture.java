package org.mixel.bench;

import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.tensor.ComputeDevice;

/**
 * The model and data that the cases of inference share: a mixture of MNIST, fitted in seconds, and
 * test images.
 */
record DigitMixture(MixtureOfFactorAnalyzers model, Samples images) implements AutoCloseable {
  static final int COMPONENTS = 256;
  static final int FACTORS = 4;

  /** Work and floor take turns so often in a repetition, which lasts a second or two. */
  static final int TURNS = 5;

  private static final int TRAINING_ROWS = 10_000;
  private static final int ITERATIONS = 3;

  /**
   * @throws org.mixel.InputException if the images cannot be had
   */
  static DigitMixture fit(long seed, Progress progress) {
    Samples rows = Pictures.digits(progress).select(IntStream.range(0, TRAINING_ROWS).toArray());
    Samples images = Pictures.otherDigits(progress);
    TrainingOptions options =
        TrainingOptions.defaults(COMPONENTS, FACTORS).withIterations(ITERATIONS).withSeed(seed);
    return new DigitMixture(
        Trainer.of(options, ComputeDevice.CPU).fit(rows, progress).model(), images);
  }

  @Override
  public void close() {
    model.close();
  }
}
