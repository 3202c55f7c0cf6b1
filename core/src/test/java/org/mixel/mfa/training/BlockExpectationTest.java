package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.mfa.training.Closeness.assertClose;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Blocks of rows that come one after the other give the sums of all rows. */
class BlockExpectationTest {
  private static final double TOLERANCE = 1e-9;
  private static final int DIMS = 3;
  private static final int ROWS = 90;

  private static MixtureOfFactorAnalyzers model() {
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(new double[2], 2),
          Tensors.of(new double[] {0, 0, 0, 1, 1, 1}, 2, DIMS),
          Tensors.of(new double[] {.3, .2, .1, 0, .3, -.3}, 2, 1, DIMS),
          Tensors.of(new double[] {.1, .2, .3, .3, .2, .1}, 2, DIMS),
          null,
          Map.of());
    }
  }

  private static Samples rows(boolean missing) {
    Random random = new Random(1);
    double[] values = new double[ROWS * DIMS];
    Arrays.setAll(values, i -> missing && i % 7 == 0 ? Double.NaN : 0.5 + random.nextGaussian());
    double[] weights = new double[ROWS];
    Arrays.setAll(weights, i -> 1 + i % 3);
    return StoredSamples.ofDoubles("rows", DIMS, values).weightedBy(weights);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void blocksAddUpToTheWhole(boolean missing) {
    Samples samples = rows(missing);
    compare(samples, missing);
    long before = Pointer.totalCount();
    compare(samples, missing);
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  private static void compare(Samples samples, boolean missing) {
    try (MixtureOfFactorAnalyzers model = model();
        Pass pass = new EmPass(samples, ComputeDevice.CPU, missing);
        SufficientStatistics expected = pass.expect(model, Progress.SILENT.begin("", -1));
        BlockExpectation blocks = BlockExpectation.of(model)) {
      blocks.add(samples.select(IntStream.range(0, 50).toArray()));
      blocks.add(samples.select(IntStream.range(50, ROWS).toArray()));
      SufficientStatistics actual = blocks.statistics();
      assertThat(actual.rows()).isEqualTo(2 * ROWS);
      assertThat(actual.meanLogLikelihood()).isCloseTo(expected.meanLogLikelihood(), within(1e-12));
      assertClose(actual.s0(), expected.s0(), TOLERANCE);
      assertClose(actual.szz(), expected.szz(), TOLERANCE);
      assertClose(actual.sxz(), expected.sxz(), TOLERANCE);
      assertClose(actual.sxx(), expected.sxx(), TOLERANCE);
    }
  }
}
