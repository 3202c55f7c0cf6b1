package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;

/** Vectors whose groups only one of their columns tells are divided by that column. */
class TrialsTest {
  private static final int DIMS = 8;
  private static final int GROUPS = 3;
  private static final double APART = 10;

  @Test
  void groupsThatLieApartInOneColumnAreFound() {
    TrainingOptions options = TrainingOptions.forVectors(GROUPS, 1);
    try (MixtureOfFactorAnalyzers model =
        Trainer.of(options, ComputeDevice.CPU).fit(groups(1), Progress.SILENT).model()) {
      Samples unseen = groups(2);
      double reached = Scoring.meanLogLikelihood(model, unseen, Progress.SILENT);
      assertThat(reached).isGreaterThan(truth(unseen) - 0.1);
    }
  }

  /**
   * The mean log-density of the rows under what they were drawn from; the groups do not overlap.
   */
  private static double truth(Samples samples) {
    double squares = 0;
    for (int i = 0; i < samples.rows(); i++) {
      float[] row = samples.row(i);
      row[0] -= (float) (APART * (i % GROUPS));
      for (float value : row) {
        squares += value * value;
      }
    }
    return -Math.log(GROUPS) - 0.5 * (DIMS * Math.log(2 * Math.PI) + squares / samples.rows());
  }

  private static Samples groups(long seed) {
    Random random = new Random(seed);
    double[] values = new double[1_500 * DIMS];
    for (int i = 0; i < values.length; i++) {
      int group = i / DIMS % GROUPS;
      values[i] = random.nextGaussian() + (i % DIMS == 0 ? APART * group : 0);
    }
    return StoredSamples.ofDoubles("groups", DIMS, values);
  }
}
