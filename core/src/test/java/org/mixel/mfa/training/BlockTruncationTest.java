package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** A step of truncated EM over blocks of rows that come one after the other. */
class BlockTruncationTest {
  private static final int COMPONENTS = 4;
  private static final Algorithm.TruncatedEm ALL = new Algorithm.TruncatedEm(9, 9);

  private MixtureOfFactorAnalyzers model;

  @BeforeEach
  void makeModel() {
    try (NativeScope scope = new NativeScope()) {
      model =
          MixtureOfFactorAnalyzers.of(
              Tensors.of(new float[COMPONENTS], COMPONENTS),
              Tensors.of(new float[] {0, 0, 1, 0, 0, 1, 3, 3}, COMPONENTS, 2),
              Tensors.of(new float[] {.1f, 0, 0, .1f, .2f, 0, 0, .2f}, COMPONENTS, 1, 2),
              Tensors.of(new float[] {.3f, .3f, .2f, .2f, .3f, .3f, .4f, .4f}, COMPONENTS, 2),
              new ImageShape(1, 1, 2),
              Map.of());
    }
  }

  @AfterEach
  void closeModel() {
    model.close();
  }

  private static Samples rows(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[2 * count];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat();
    }
    return StoredSamples.ofFloats("rows", 2, new ImageShape(1, 1, 2), values);
  }

  private BlockTruncation truncation(boolean gathers) {
    return BlockTruncation.of(
        model,
        ALL,
        BlockTruncation.neighbours(model, ALL),
        new BlockTruncation.Turn(1, 1, 0),
        gathers);
  }

  @Test
  void blocksGiveTheSumsOfTheirRows() {
    Samples samples = rows(300, 1);
    Samples first = samples.select(IntStream.range(0, 200).toArray());
    Samples second =
        samples
            .select(IntStream.range(200, 300).toArray())
            .weightedBy(DoubleStream.generate(() -> 2).limit(100).toArray());
    double[] weights = new double[300];
    Arrays.setAll(weights, i -> i < 200 ? 1 : 2);
    try (BlockTruncation truncation = truncation(true);
        RowReader reader = RowReader.of(samples.weightedBy(weights), ComputeDevice.CPU);
        SufficientStatistics expected =
            ExactExpectation.of(reader, model, Progress.SILENT.begin("", -1))) {
      assertThat(BlockTruncation.width(model, ALL)).isEqualTo(COMPONENTS);
      assertThat(BlockTruncation.width(model, new Algorithm.TruncatedEm(3, 9))).isEqualTo(3);
      int[] candidates = truncation.add(first, null);
      int[] again = truncation.add(second, new int[COMPONENTS * 100]);
      assertThat(candidates).hasSize(COMPONENTS * 200);
      assertThat(again).hasSize(COMPONENTS * 100).contains(0, 1, 2, 3);
      assertThat(truncation.rows()).isEqualTo(400);
      assertThat(truncation.logLikelihood())
          .isCloseTo(400 * expected.meanLogLikelihood(), within(1e-2));
      double[] counts = Tensors.doubles(truncation.statistics().s0());
      double[] wanted = Tensors.doubles(expected.s0());
      for (int k = 0; k < COMPONENTS; k++) {
        assertThat(counts[k]).isCloseTo(wanted[k], within(1e-3));
      }
      assertThat(truncation.neighbours(0)[0]).isZero();
      assertThat(truncation.neighbours(3)).startsWith(3).containsExactlyInAnyOrder(0, 1, 2, 3);
      assertThat(IntStream.range(0, COMPONENTS).mapToDouble(truncation::taught).sum()).isPositive();
    }
  }

  @Test
  void theListsOfABeginningAreByTheDistancesOfMeans() {
    int[][] lists = BlockTruncation.neighbours(model, new Algorithm.TruncatedEm(2, 2));
    assertThat(lists).hasDimensions(COMPONENTS, 2);
    assertThat(lists[1]).containsExactly(1, 0);
    assertThat(lists[3][0]).isEqualTo(3);
  }

  @Test
  void stepsThatOnlySettleGatherNothingAndFreeAll() {
    long before = Pointer.totalCount();
    try (BlockTruncation truncation = truncation(false)) {
      assertThat(truncation.add(rows(50, 2), null)).hasSize(COMPONENTS * 50);
      assertThat(truncation.logLikelihood()).isNegative();
      assertThatThrownBy(truncation::statistics)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("this step only settles candidates");
    }
    truncation(true).close();
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  @Test
  void missingValuesAreRefused() {
    Samples holes =
        StoredSamples.ofFloats("holes", 2, new ImageShape(1, 1, 2), new float[] {1, Float.NaN});
    try (BlockTruncation truncation = truncation(false)) {
      assertThatThrownBy(() -> truncation.add(holes, null))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("holes: values are missing (NaN)");
    }
  }

  private static int steps(double... bounds) {
    int[] taken = {0};
    Iterator<Double> all = DoubleStream.of(bounds).iterator();
    BlockTruncation.settle(
        () -> {
          taken[0]++;
          return all.next();
        });
    return taken[0];
  }

  /** Until a step gains less than a thousandth, ten at most. */
  @Test
  void candidatesSettle() {
    assertThat(steps(-10, -9, -8.992, 0)).isEqualTo(3);
    assertThat(steps(-10, -9, -8.99, -8.99, 0)).isEqualTo(4);
    assertThat(steps(10, 11, 11.005, 0)).isEqualTo(3);
    assertThat(steps(10, 11, 11.5, 11.505, 0)).isEqualTo(4);
    assertThat(steps(-10, Double.NaN, 0)).isEqualTo(2);
    assertThat(steps(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)).isEqualTo(10);
  }
}
