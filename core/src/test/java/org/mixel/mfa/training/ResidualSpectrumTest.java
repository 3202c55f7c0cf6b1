package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RowReader;

/** The variance that factors leave out is measured whatever their number. */
class ResidualSpectrumTest {
  private static final int ROWS = 1_500;
  private static final int DIMS = 400;

  /** Columns of variance 1: what a few factors leave out is not much less, nor much more. */
  @ParameterizedTest
  @ValueSource(ints = {1, 254, 300})
  void theLargestVarianceThatIsLeftOut(int factors) {
    Random random = new Random(1);
    float[] values = new float[ROWS * DIMS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    int[][] members = {IntStream.range(0, ROWS).toArray()};
    try (RowReader rows =
        RowReader.of(StoredSamples.ofFloats("x", DIMS, null, values), ComputeDevice.CPU)) {
      double noise = ResidualSpectrum.trainingNoise(rows, members, factors, 0);
      double part = 0.3;
      assertThat(noise / part).isBetween(0.05, 6.0);
    }
  }

  /**
   * Rows on two axes about their means: of one factor the smaller variance is left out, 2 of the
   * first four rows and 32/6 of the next six, which count by their number. The last two rows can
   * tell nothing: a line passes through any two.
   */
  @Test
  void clustersCountByTheirRows() {
    float[] values = {
      3, 0, -3, 0, 0, 2, 0, -2, //
      15, 10, 5, 10, 10, 14, 10, 6, 10, 10, 10, 10, //
      0, 0, 100, 100
    };
    int[][] members = {{0, 1, 2, 3}, {4, 5, 6, 7, 8, 9}, {10, 11}};
    try (RowReader rows =
        RowReader.of(StoredSamples.ofFloats("x", 2, null, values), ComputeDevice.CPU)) {
      assertThat(ResidualSpectrum.trainingNoise(rows, members, 1, 0))
          .isCloseTo(0.3 * (4 * 2 + 32) / 10, within(1e-5));
      assertThat(ResidualSpectrum.trainingNoise(rows, new int[][] {{10, 11}}, 1, 0)).isZero();
      assertThat(ResidualSpectrum.trainingNoise(rows, new int[][] {{0, 1, 2}}, 1, 0))
          .isCloseTo(0.3 * 8 / 9, within(1e-5));
    }
  }
}
