package org.example;

import java.util.Random;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.tensor.ComputeDevice;

/** Fits a mixture to rows about two points and scores other rows like them. */
public final class Consumer {
  private static final int DIMS = 16;

  private Consumer() {}

  public static void main(String[] args) {
    TrainingOptions options = TrainingOptions.defaults(2, 1).withIterations(10);
    Trainer trainer = Trainer.of(options, ComputeDevice.CPU);
    try (MixtureOfFactorAnalyzers model = trainer.fit(rows(1), Progress.SILENT).model()) {
      double score = Scoring.meanLogLikelihood(model, rows(2), Progress.SILENT);
      if (!(score > 0)) {
        throw new IllegalStateException("unlikely rows: " + score + " nats per row");
      }
      System.out.printf(
          "%s: %.1f nats per row, %s%n",
          Consumer.class.getModule(), score, Trainer.class.getModule());
    }
  }

  private static Samples rows(long seed) {
    Random random = new Random(seed);
    float[] values = new float[500 * DIMS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (i / DIMS % 2 + 0.1 * random.nextGaussian());
    }
    return StoredSamples.ofFloats("rows", DIMS, null, values);
  }
}
