package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.Progress;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Rows with missing values have the density of their observed ones, each row its own. */
class ObservedDensityTest {
  private static final int COMPONENTS = 5;
  private static final int DIMS = 30;
  private static final int ROWS = 24;

  private final DenseMixture dense = new DenseMixture(COMPONENTS, 3, DIMS, 1);
  private final double[][] rows = new double[ROWS][];

  /** Row 0 is complete, row 1 empty, row 2 has one value; of the others a third is missing. */
  ObservedDensityTest() {
    Random random = new Random(2);
    for (int i = 0; i < ROWS; i++) {
      rows[i] = dense.draw(random);
      for (int j = 0; j < DIMS; j++) {
        boolean missing = i > 2 ? random.nextInt(3) == 0 : i == 1 || (i == 2 && j != 4);
        if (missing) {
          rows[i][j] = Double.NaN;
        }
      }
    }
  }

  private static int[] observed(double[] row) {
    return IntStream.range(0, row.length).filter(j -> !Double.isNaN(row[j])).toArray();
  }

  private Tensor tensor() {
    return Tensors.of(DenseMixture.flatten(rows), ROWS, DIMS);
  }

  @Test
  void agreesWithDenseCovariances() {
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Density density = Density.of(model)) {
      ObservedDensity partial = ObservedDensity.of(density);
      double[] joint = Tensors.doubles(partial.logJoint(tensor()));
      double[] total = Tensors.doubles(partial.logLikelihood(tensor()));
      double[] posterior = Tensors.doubles(partial.responsibilities(tensor()));
      for (int i = 0; i < ROWS; i++) {
        double[] row = rows[i];
        double[] expected =
            IntStream.range(0, COMPONENTS)
                .mapToDouble(k -> dense.logJoint(k, row, observed(row)))
                .toArray();
        double sum = DenseMixture.logSumExp(expected);
        assertThat(total[i]).isCloseTo(sum, within(1e-9 * (1 + Math.abs(sum))));
        for (int k = 0; k < COMPONENTS; k++) {
          double e = expected[k];
          assertThat(joint[i * COMPONENTS + k]).isCloseTo(e, within(1e-9 * (1 + Math.abs(e))));
          assertThat(posterior[i * COMPONENTS + k]).isCloseTo(Math.exp(e - sum), within(1e-9));
        }
      }
      assertThat(total[1]).isCloseTo(0, within(1e-12));
    }
  }

  @Test
  void posteriorsOfCompleteRowsAreTheModels() {
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers model = dense.model();
        Density density = Density.of(model)) {
      Tensor first = tensor().narrow(0, 0, 2);
      ObservedPosterior posterior = ObservedDensity.of(density).posterior(1, first);
      WoodburyPrecision precision = density.precision();
      Tensor centred = first.narrow(0, 0, 1).sub(model.means().select(0, 1));
      assertThat(
              torch.allclose(posterior.mean().narrow(0, 0, 1), precision.posteriorMean(1, centred)))
          .isTrue();
      Tensor root = precision.inverseFactor().select(0, 1);
      assertThat(torch.allclose(posterior.covariance().select(0, 0), root.t().mm(root))).isTrue();
      // Of the empty row, the posterior is the prior.
      assertThat(Tensors.doubles(posterior.mean().select(0, 1)))
          .containsOnly(new double[3], within(1e-9));
      assertThat(
              torch.allclose(
                  posterior.covariance().select(0, 1), torch.eye(3).to(ScalarType.Double)))
          .isTrue();
    }
  }

  /** Noise variances from 1e-4 to 0.05; a third missing at random, and the first half missing. */
  @ParameterizedTest
  @CsvSource({"40, 6, 784", "6, 10, 12288"})
  void singlePrecisionIsEnough(int components, int factors, int dims) {
    DenseMixture mixture = new DenseMixture(components, factors, dims, 3);
    try (NativeScope scope = new NativeScope();
        MixtureOfFactorAnalyzers single = mixture.single();
        MixtureOfFactorAnalyzers exact = single.to(ScalarType.Double);
        Density fast = Density.of(single);
        Density reference = Density.of(exact);
        Sampler sampler = Sampler.of(single, true, 4)) {
      float[] values = sampler.nextRows(60);
      Random random = new Random(5);
      for (int i = 0; i < values.length; i++) {
        boolean half = i / dims % 2 == 0;
        if (half ? i % dims < dims / 2 : random.nextInt(3) == 0) {
          values[i] = Float.NaN;
        }
      }
      Tensor x = Tensors.of(values, 60, dims);
      double[] expected =
          Tensors.doubles(ObservedDensity.of(reference).logLikelihood(x.to(ScalarType.Double)));
      double[] actual = Tensors.doubles(ObservedDensity.of(fast).logLikelihood(x));
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(0.05));
      }
    }
  }

  @Test
  void scoringTakesRowsOfBothKinds() {
    double[] flat = DenseMixture.flatten(rows);
    float[] values = new float[flat.length];
    for (int i = 0; i < flat.length; i++) {
      values[i] = (float) flat[i];
    }
    StoredSamples samples = StoredSamples.ofFloats("rows", DIMS, null, values);
    try (MixtureOfFactorAnalyzers model = dense.single()) {
      double[] scores = Scoring.logLikelihood(model, samples, Progress.SILENT);
      int[] components = Scoring.mostProbable(model, samples, Progress.SILENT);
      for (int i = 0; i < ROWS; i++) {
        double[] row = rows[i];
        double[] joint =
            IntStream.range(0, COMPONENTS)
                .mapToDouble(k -> dense.logJoint(k, row, observed(row)))
                .toArray();
        double expected = DenseMixture.logSumExp(joint);
        double best = Arrays.stream(joint).max().orElseThrow();
        assertThat(joint[components[i]]).isCloseTo(best, within(0.05));
        assertThat(scores[i]).isCloseTo(expected, within(0.05));
      }
    }
  }
}
