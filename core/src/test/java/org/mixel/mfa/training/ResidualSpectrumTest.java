package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
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
}
