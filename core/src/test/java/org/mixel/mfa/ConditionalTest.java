package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Mask;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/** Hidden values follow the dense conditional distribution; observed ones are left alone. */
class ConditionalTest {
  private static final int COMPONENTS = 3;
  private static final int DIMS = 12;
  private static final int SEEN = 7;

  private final DenseMixture dense = new DenseMixture(COMPONENTS, 2, DIMS, 7);
  private final int[] observed = IntStream.range(0, SEEN).toArray();
  private final boolean[] mask = new boolean[DIMS];
  private final double[] row = dense.draw(new Random(8));

  ConditionalTest() {
    for (int j : observed) {
      mask[j] = true;
    }
  }

  private double[] joint() {
    return IntStream.range(0, COMPONENTS)
        .mapToDouble(k -> dense.logJoint(k, row, observed))
        .toArray();
  }

  @Test
  void meanAndLikelihoodAgreeWithDenseCovariances() {
    double[] joint = joint();
    double total = DenseMixture.logSumExp(joint);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Conditional conditional = Conditional.of(model, mask)) {
      Tensor x = Tensors.of(row, 1, DIMS);
      Samples masked = StoredSamples.ofDoubles("row", DIMS, row).masked(Mask.except(mask));
      assertThat(model.logLikelihood(masked)[0]).isCloseTo(total, within(1e-9 * Math.abs(total)));
      double[] mean = Tensors.doubles(conditional.mean(x));
      for (int j = 0; j < DIMS; j++) {
        double expected = row[j];
        if (!mask[j]) {
          expected = 0;
          for (int k = 0; k < COMPONENTS; k++) {
            expected += Math.exp(joint[k] - total) * dense.conditionalMean(k, row, observed, j);
          }
        }
        assertThat(mean[j]).isCloseTo(expected, within(1e-9));
      }
    }
  }

  /** Of them no component is likely, and a mean under none would be zero. */
  @ParameterizedTest
  @ValueSource(doubles = {Double.POSITIVE_INFINITY, -1e200})
  void valuesBeyondAllBoundsAreRefused(double value) {
    double[] two = Arrays.copyOf(row, 2 * DIMS);
    two[DIMS + 3] = value;
    Samples samples = StoredSamples.ofDoubles("two", DIMS, two);
    double[] hidden = Arrays.copyOf(row, DIMS);
    hidden[SEEN] = value;
    Samples unread = StoredSamples.ofDoubles("hidden", DIMS, hidden);
    Inpainting.Options options = Inpainting.Options.defaults().withMode(Inpainting.Mode.MEAN);
    try (MixtureOfFactorAnalyzers model = dense.model()) {
      Samples completed = Inpainting.complete(model, unread, mask, options, Progress.SILENT);
      assertThat(completed.row(0)[SEEN]).isBetween(-100f, 100f);
      assertThatThrownBy(() -> Inpainting.complete(model, samples, mask, options, Progress.SILENT))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "two: row 1 (counted from 0) holds a value that is infinite or too large; remove or"
                  + " repair it");
    }
  }

  @Test
  void mostProbableUsesTheBestComponentAlone() {
    double[] joint = joint();
    int best =
        IntStream.range(0, COMPONENTS).reduce((a, b) -> joint[a] >= joint[b] ? a : b).orElseThrow();
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Conditional conditional = Conditional.of(model, mask)) {
      double[] completed = Tensors.doubles(conditional.mostProbable(Tensors.of(row, 1, DIMS)));
      for (int j = 0; j < DIMS; j++) {
        double expected = mask[j] ? row[j] : dense.conditionalMean(best, row, observed, j);
        assertThat(completed[j]).isCloseTo(expected, within(1e-9));
      }
    }
  }

  @Test
  void drawsScatterAboutTheMeanAndReplay() {
    int draws = 4000;
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Conditional conditional = Conditional.of(model, mask);
        RandomStream random = RandomStream.of(9);
        RandomStream again = RandomStream.of(9)) {
      Tensor x = Tensors.of(row, 1, DIMS);
      double[] mean = Tensors.doubles(conditional.mean(x));
      Tensor many = conditional.sample(x.expand(draws, DIMS), random);
      double[] average = Tensors.doubles(many.mean(0));
      double[] deviation = Tensors.doubles(many.std(new long[] {0}, false));
      for (int j = 0; j < DIMS; j++) {
        assertThat(average[j])
            .isCloseTo(mean[j], within(5 * deviation[j] / Math.sqrt(draws) + 1e-9));
        assertThat(deviation[j] > 1e-6).as("value %d varies", j).isEqualTo(!mask[j]);
      }
      assertThat(Tensors.doubles(conditional.sample(x.expand(draws, DIMS), again)))
          .isEqualTo(Tensors.doubles(many));
    }
  }

  /** By the law of total variance, from dense covariances. */
  private double variance(double[] x, int[] known, int j) {
    double[] joint =
        IntStream.range(0, COMPONENTS).mapToDouble(k -> dense.logJoint(k, x, known)).toArray();
    double total = DenseMixture.logSumExp(joint);
    double mean = 0;
    double square = 0;
    for (int k = 0; k < COMPONENTS; k++) {
      double r = Math.exp(joint[k] - total);
      double m = dense.conditionalMean(k, x, known, j);
      mean += r * m;
      square += r * (m * m + dense.conditionalVariance(k, known, j));
    }
    return square - mean * mean;
  }

  @Test
  void varianceIsThatWithinAndBetweenComponents() {
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Conditional conditional = Conditional.of(model, mask)) {
      double[] variance = Tensors.doubles(conditional.variance(Tensors.of(row, 1, DIMS)));
      for (int j = 0; j < DIMS; j++) {
        double expected = mask[j] ? 0 : variance(row, observed, j);
        assertThat(variance[j]).isCloseTo(expected, within(1e-9));
      }
    }
  }

  /** Rows with a mask each, and with a shared one besides. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyRowMayHideItsOwn(boolean sharedToo) {
    int rows = 9;
    Random random = new Random(10);
    double[][] x = new double[rows][];
    double[][] spoiled = new double[rows][];
    int[][] known = new int[rows][];
    for (int i = 0; i < rows; i++) {
      x[i] = dense.draw(random);
      spoiled[i] = x[i].clone();
      for (int j = 0; j < DIMS; j++) {
        // The first row is complete, the second empty.
        if (i == 1 || (i > 1 && random.nextInt(3) == 0)) {
          spoiled[i][j] = Double.NaN;
        }
      }
      double[] own = spoiled[i];
      known[i] =
          IntStream.range(0, DIMS)
              .filter(j -> !Double.isNaN(own[j]) && (!sharedToo || mask[j]))
              .toArray();
    }
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Conditional conditional =
            sharedToo ? Conditional.of(model, mask) : Conditional.ofMissing(model)) {
      Tensor given = Tensors.of(DenseMixture.flatten(spoiled), rows, DIMS);
      double[] means = Tensors.doubles(conditional.mean(given));
      double[] best = Tensors.doubles(conditional.mostProbable(given));
      double[] variances = Tensors.doubles(conditional.variance(given));
      for (int i = 0; i < rows; i++) {
        double[] own = x[i];
        int[] seen = known[i];
        double[] joint =
            IntStream.range(0, COMPONENTS).mapToDouble(k -> dense.logJoint(k, own, seen)).toArray();
        double total = DenseMixture.logSumExp(joint);
        int likely =
            IntStream.range(0, COMPONENTS)
                .reduce((a, b) -> joint[a] >= joint[b] ? a : b)
                .orElseThrow();
        for (int j = 0; j < DIMS; j++) {
          int value = j;
          int at = i * DIMS + j;
          if (IntStream.of(seen).anyMatch(o -> o == value)) {
            assertThat(means[at]).isEqualTo(own[j]);
            assertThat(best[at]).isEqualTo(own[j]);
            assertThat(variances[at]).isZero();
            continue;
          }
          double mean = 0;
          for (int k = 0; k < COMPONENTS; k++) {
            mean += Math.exp(joint[k] - total) * dense.conditionalMean(k, own, seen, j);
          }
          assertThat(means[at]).isCloseTo(mean, within(1e-9));
          assertThat(best[at]).isCloseTo(dense.conditionalMean(likely, own, seen, j), within(1e-9));
          assertThat(variances[at]).isCloseTo(variance(own, seen, j), within(1e-9));
        }
      }
    }
  }

  @Test
  void drawsOfRowsWithTheirOwnMasksAreThoseOfTheSharedMask() {
    double[] spoiled = row.clone();
    for (int j = SEEN; j < DIMS; j++) {
      spoiled[j] = Double.NaN;
    }
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Conditional shared = Conditional.of(model, mask);
        Conditional own = Conditional.ofMissing(model);
        RandomStream random = RandomStream.of(9);
        RandomStream again = RandomStream.of(9)) {
      double[] expected =
          Tensors.doubles(shared.sample(Tensors.of(row, 1, DIMS).expand(50, DIMS), random));
      double[] drawn =
          Tensors.doubles(own.sample(Tensors.of(spoiled, 1, DIMS).expand(50, DIMS), again));
      // A covariance has one root that is a lower triangle, and both ways take that.
      for (int i = 0; i < drawn.length; i++) {
        assertThat(drawn[i]).isCloseTo(expected[i], within(1e-9));
      }
    }
  }

  @Test
  void hiddenValuesAreNotRead() {
    double[] spoiled = row.clone();
    for (int j = SEEN; j < DIMS; j++) {
      spoiled[j] = Double.NaN;
    }
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Conditional conditional = Conditional.of(model, mask)) {
      assertThat(Tensors.doubles(conditional.mean(Tensors.of(spoiled, 1, DIMS))))
          .isEqualTo(Tensors.doubles(conditional.mean(Tensors.of(row, 1, DIMS))));
    }
  }

  @Test
  void masksThatDoNotFitAreRefused() {
    try (MixtureOfFactorAnalyzers model = dense.model()) {
      assertThatThrownBy(() -> Conditional.of(model, new boolean[DIMS]))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("hides every value");
      assertThatThrownBy(() -> Conditional.of(model, new boolean[3]))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("covers 3 values, but the model has 12");
    }
  }
}
