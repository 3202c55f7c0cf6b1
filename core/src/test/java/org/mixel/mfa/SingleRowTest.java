package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** One row at a time gets the answers of many rows, whatever the mask. */
class SingleRowTest {
  private static final int DIMS = 40;

  private final DenseMixture dense = new DenseMixture(6, 3, DIMS, 5);
  private final double[] row = new double[DIMS];

  SingleRowTest() {
    double[] drawn = dense.draw(new Random(6));
    for (int j = 0; j < DIMS; j++) {
      row[j] = (float) drawn[j];
    }
  }

  private boolean[] mask(int seen) {
    boolean[] observed = new boolean[DIMS];
    Arrays.fill(observed, 0, seen, true);
    return observed;
  }

  private Samples samples() {
    return StoredSamples.ofDoubles("row", DIMS, row);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 12, 39})
  void completesAsManyRowsDo(int seen) {
    boolean[] observed = mask(seen);
    try (MixtureOfFactorAnalyzers model = dense.model();
        SingleRow single = SingleRow.of(model)) {
      SingleRow.Completion completion = single.complete(row, observed, 3, 11);
      assertClose(completion.mean(), inpaint(model, observed, Inpainting.Mode.MEAN, 1).get(0));
      assertClose(
          completion.mostProbable(), inpaint(model, observed, Inpainting.Mode.PAPER, 1).get(0));
      List<float[]> draws = inpaint(model, observed, Inpainting.Mode.SAMPLE, 3);
      assertThat(completion.draws()).hasSize(3);
      for (int i = 0; i < 3; i++) {
        assertClose(completion.draws().get(i), draws.get(i));
      }
      try (NativeScope scope = new NativeScope();
          Conditional conditional = Conditional.of(model, observed)) {
        double[] variance = Tensors.doubles(conditional.variance(Tensors.of(row, 1, DIMS)));
        for (int j = 0; j < DIMS; j++) {
          assertThat(completion.deviation()[j]).isCloseTo(Math.sqrt(variance[j]), within(1e-5));
        }
      }
    }
  }

  private List<float[]> inpaint(
      MixtureOfFactorAnalyzers model, boolean[] observed, Inpainting.Mode mode, int draws) {
    List<float[]> rows = new ArrayList<>();
    Inpainting.complete(
        model,
        samples(),
        observed,
        new Inpainting.Options(mode, draws, 11),
        Progress.SILENT,
        batch -> {
          for (int i = 0; i < batch.length; i += DIMS) {
            rows.add(Arrays.copyOfRange(batch, i, i + DIMS));
          }
        });
    return rows;
  }

  private static void assertClose(double[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int j = 0; j < actual.length; j++) {
      assertThat(actual[j]).isCloseTo(expected[j], within(1e-5));
    }
  }

  @Test
  void takesPosteriorsUnderTheirOwnNoiseInFloat32Too() {
    try (MixtureOfFactorAnalyzers plain = dense.single();
        MixtureOfFactorAnalyzers model =
            plain.withMetadata(Map.of(MixtureOfFactorAnalyzers.POSTERIOR_NOISE, "0.02"));
        SingleRow single = SingleRow.of(model);
        SingleRow other = SingleRow.of(plain)) {
      boolean[] observed = mask(25);
      SingleRow.Completion completion = single.complete(row, observed, 1, 11);
      assertClose(
          completion.mostProbable(), inpaint(model, observed, Inpainting.Mode.PAPER, 1).get(0));
      assertThat(completion.mostProbable())
          .isNotEqualTo(other.complete(row, observed, 1, 11).mostProbable());
    }
  }

  @Test
  void reconstructsAWholeRow() {
    try (MixtureOfFactorAnalyzers model = dense.model();
        SingleRow single = SingleRow.of(model)) {
      SingleRow.Completion completion = single.complete(row, mask(DIMS), 1, 0);
      assertClose(completion.mostProbable(), model.reconstruct(samples()).row(0));
      assertThat(completion.deviation()).containsOnly(0);
      assertThat(completion.component()).isEqualTo(model.mostProbable(samples())[0]);
    }
  }

  @Test
  void withNothingObservedTheModelSaysWhatItSaysOfAnyRow() {
    try (MixtureOfFactorAnalyzers model = dense.model();
        SingleRow single = SingleRow.of(model)) {
      SingleRow.Completion completion = single.complete(row, mask(0), 1, 0);
      for (int j = 0; j < DIMS; j++) {
        double mean = 0;
        for (int k = 0; k < dense.components; k++) {
          mean += dense.weights[k] * dense.means[k][j];
        }
        assertThat(completion.mean()[j]).isCloseTo(mean, within(1e-5));
      }
    }
  }

  @Test
  void valuesThatAreNotNumbersAreHidden() {
    try (MixtureOfFactorAnalyzers model = dense.model();
        SingleRow single = SingleRow.of(model)) {
      double[] expected = single.complete(row, mask(30), 1, 0).mean();
      double[] holed = row.clone();
      Arrays.fill(holed, 30, DIMS, Double.NaN);
      assertThat(single.complete(holed, mask(DIMS), 1, 0).mean()).isEqualTo(expected);
      assertThat(single.logJoint(holed)[2])
          .isCloseTo(dense.logJoint(2, row, IntStream.range(0, 30).toArray()), within(1e-6));
    }
  }

  @Test
  void logJointAgreesWithDenseCovariances() {
    int[] all = IntStream.range(0, DIMS).toArray();
    try (MixtureOfFactorAnalyzers model = dense.model();
        SingleRow single = SingleRow.of(model)) {
      double[] joint = single.logJoint(row);
      for (int k = 0; k < dense.components; k++) {
        double expected = dense.logJoint(k, row, all);
        assertThat(joint[k]).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
      }
    }
  }

  /** Under low noise, a float32 model of many values has the densities of the same in float64. */
  @Test
  void densitiesOfImagesAreExact() {
    int dims = 3_000;
    Random random = new Random(4);
    float[] means = new float[2 * dims];
    float[] loadings = new float[2 * 8 * dims];
    float[] noise = new float[2 * dims];
    Arrays.fill(noise, 1e-5f);
    for (int i = 0; i < loadings.length; i++) {
      loadings[i] = 0.1f * (float) random.nextGaussian();
    }
    double[] image = new double[dims];
    for (int j = 0; j < dims; j++) {
      image[j] = loadings[j] - 2 * loadings[dims + j] + 0.003f * (float) random.nextGaussian();
    }
    double[][] joint = new double[2][];
    for (ScalarType type : List.of(ScalarType.Float, ScalarType.Double)) {
      try (NativeScope scope = new NativeScope();
          MixtureOfFactorAnalyzers model =
              MixtureOfFactorAnalyzers.of(
                  Tensors.of(new float[2], 2).to(type),
                  Tensors.of(means, 2, dims).to(type),
                  Tensors.of(loadings, 2, 8, dims).to(type),
                  Tensors.of(noise, 2, dims).to(type),
                  null,
                  Map.of());
          SingleRow single = SingleRow.of(model)) {
        joint[type == ScalarType.Float ? 0 : 1] = single.logJoint(image);
      }
    }
    assertThat(joint[0]).containsExactly(joint[1], within(0.05));
  }

  @Test
  void leavesTheModelAsItIs() {
    try (MixtureOfFactorAnalyzers model = dense.model();
        SingleRow single = SingleRow.of(model)) {
      double[] before = model.logLikelihood(samples());
      single.complete(row, mask(5), 2, 0);
      single.logJoint(row);
      assertThat(model.logLikelihood(samples())).isEqualTo(before);
    }
  }

  @Test
  void refusesOtherRows() {
    try (MixtureOfFactorAnalyzers model = dense.model();
        SingleRow single = SingleRow.of(model)) {
      assertThatThrownBy(() -> single.logJoint(new double[3]))
          .isInstanceOf(InputException.class)
          .hasMessage("the row has 3 values, but the model has 40");
      assertThatThrownBy(() -> single.complete(row, new boolean[3], 1, 0))
          .hasMessageContaining("the mask covers 3 values");
      row[4] = Double.POSITIVE_INFINITY;
      assertThatThrownBy(() -> single.complete(row, mask(DIMS), 1, 0))
          .hasMessage("value 4 of the row is infinite or too large");
      row[4] = 1e200;
      assertThatThrownBy(() -> single.logJoint(row))
          .hasMessage("value 4 of the row is infinite or too large");
    }
    row[4] = 1e39;
    try (MixtureOfFactorAnalyzers model = dense.single();
        SingleRow single = SingleRow.of(model)) {
      assertThatThrownBy(() -> single.logJoint(row))
          .hasMessage("value 4 of the row is infinite or too large");
    }
  }

  @Test
  void scoresComeBatchByBatch() {
    float[] values = new float[10 * DIMS];
    Random random = new Random(7);
    for (int i = 0; i < 10; i++) {
      double[] drawn = dense.draw(random);
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] = i == 4 && j < 3 ? Float.NaN : (float) drawn[j];
      }
    }
    Samples rows = StoredSamples.ofFloats("rows", DIMS, null, values);
    try (MixtureOfFactorAnalyzers model = dense.model()) {
      double[] expected = model.logLikelihood(rows);
      int[] components = model.mostProbable(rows);
      List<Integer> starts = new ArrayList<>();
      Scoring.forEach(
          model,
          rows,
          4,
          Progress.SILENT,
          (from, scores, mostProbable) -> {
            starts.add(from);
            for (int i = 0; i < scores.length; i++) {
              assertThat(scores[i]).isCloseTo(expected[from + i], within(1e-9));
              assertThat(mostProbable[i]).isEqualTo(components[from + i]);
            }
          });
      assertThat(starts).containsExactly(0, 4, 8);
    }
  }
}
