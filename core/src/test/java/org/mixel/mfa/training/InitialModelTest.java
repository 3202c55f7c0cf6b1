package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.Component;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Tensors;

/** Every initializer makes a model that EM can improve, replays, and looks at bounded data. */
class InitialModelTest {
  private static final int DIMS = 12;

  /** Rows about four planes in space. */
  private static Samples planes(int rows, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * DIMS];
    for (int i = 0; i < rows; i++) {
      int k = random.nextInt(4);
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] =
            (float)
                (Math.cos(3 * k + j)
                    + 0.5 * a * Math.sin(k * 7 + 2 * j)
                    + 0.3 * b * Math.cos(k * 5 + 3 * j)
                    + 0.1 * random.nextGaussian());
      }
    }
    return StoredSamples.ofFloats("planes", DIMS, null, values);
  }

  private static TrainingOptions options(Initialization from) {
    return TrainingOptions.defaults(4, 2).withInitialization(from).withIterations(25);
  }

  private static MixtureOfFactorAnalyzers first(Samples samples, TrainingOptions options) {
    return InitialModel.of(samples, ComputeDevice.CPU, options, Progress.SILENT).model();
  }

  @ParameterizedTest
  @EnumSource(Initialization.class)
  void trainingFromItEndsWell(Initialization from) {
    Samples samples = planes(1200, 1);
    Samples others = planes(600, 2);
    TrainingResult result = fit(samples, options(from));
    TrainingResult alone = fit(samples, options(from).withComponents(1));
    try (MixtureOfFactorAnalyzers model = result.model();
        MixtureOfFactorAnalyzers one = alone.model()) {
      assertThat(model.metadata()).containsEntry("init", from.toString());
      assertThat(Scoring.meanLogLikelihood(model, others, Progress.SILENT))
          .isGreaterThan(Scoring.meanLogLikelihood(one, others, Progress.SILENT) + 2);
      assertThat(result.trainLogLikelihood().get(result.trainLogLikelihood().size() - 1))
          .isGreaterThan(result.trainLogLikelihood().get(0));
    }
  }

  private static TrainingResult fit(Samples samples, TrainingOptions options) {
    return Trainer.of(options, ComputeDevice.CPU).fit(samples, Progress.SILENT);
  }

  @ParameterizedTest
  @EnumSource(Initialization.class)
  void theSameSeedReplays(Initialization from) {
    Samples samples = planes(300, 3);
    try (MixtureOfFactorAnalyzers one = first(samples, options(from).withSeed(5));
        MixtureOfFactorAnalyzers again = first(samples, options(from).withSeed(5));
        MixtureOfFactorAnalyzers other = first(samples, options(from).withSeed(6))) {
      assertThat(Tensors.floats(again.loadings())).isEqualTo(Tensors.floats(one.loadings()));
      assertThat(Tensors.floats(again.means())).isEqualTo(Tensors.floats(one.means()));
      assertThat(Tensors.floats(other.means())).isNotEqualTo(Tensors.floats(one.means()));
    }
  }

  @Test
  void randomRowsAreSpannedWithTheirCovariance() {
    Samples samples = planes(3, 4);
    TrainingOptions options =
        TrainingOptions.defaults(1, 2).withInitialization(Initialization.RANDOM);
    try (MixtureOfFactorAnalyzers model = first(samples, options)) {
      Component component = model.component(0);
      for (int i = 0; i < DIMS; i++) {
        for (int j = 0; j < DIMS; j++) {
          double covariance = 0;
          for (int row = 0; row < 3; row++) {
            covariance +=
                (samples.row(row)[i] - component.mean()[i])
                    * (samples.row(row)[j] - component.mean()[j])
                    / 2;
          }
          double made = 0;
          for (float[] factor : component.factors()) {
            made += factor[i] * factor[j];
          }
          assertThat(made).isCloseTo(covariance, within(5e-3));
        }
        assertThat(component.noiseVariance()[i]).isCloseTo(0.05f, within(1e-6f));
      }
    }
    try (MixtureOfFactorAnalyzers floored = first(samples, options.withNoiseLimits(0.3, 0))) {
      assertThat(Tensors.floats(floored.noiseVariance())).containsOnly(0.3f);
    }
  }

  @Test
  void componentsShareRandomRowsWhereThereAreFew() {
    try (MixtureOfFactorAnalyzers model =
        first(
            planes(5, 5),
            TrainingOptions.defaults(5, 3).withInitialization(Initialization.RANDOM))) {
      assertThat(Tensors.floats(model.logWeights())).containsOnly((float) -Math.log(5));
      assertThat(Arrays.stream(model.weights()).sum()).isCloseTo(1, within(1e-6));
    }
  }

  /** So long rows that components are taken two at a time; each row is one number, its own. */
  @Test
  void eachComponentGetsTheNextRows() {
    int dims = 1 << 19;
    float[] values = new float[6 * dims];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / dims;
    }
    Samples samples = StoredSamples.ofFloats("long", dims, new ImageShape(1, 1, dims), values);
    try (MixtureOfFactorAnalyzers model =
        first(samples, TrainingOptions.defaults(3, 1).withInitialization(Initialization.RANDOM))) {
      float[] means = Tensors.floats(model.means());
      // Each the mean of two rows, together of all.
      assertThat(2 * (means[0] + means[dims] + means[2 * dims])).isCloseTo(15, within(1e-5f));
    }
  }

  @Test
  void valuesThatAreNotFiniteAreRefused() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      Samples damaged = StoredSamples.ofFloats("damaged", 1, null, new float[] {1, bad, 2});
      assertThatThrownBy(
              () ->
                  first(
                      damaged,
                      TrainingOptions.defaults(3, 1).withInitialization(Initialization.RANDOM)))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "damaged: a row holds a value that is NaN, infinite or too large; remove or repair"
                  + " it");
    }
  }

  @Test
  void tooFewRowsAreRefusedWithTheRule() {
    TrainingOptions options = TrainingOptions.defaults(2, 4);
    assertThatThrownBy(() -> first(planes(4, 6), options.withInitialization(Initialization.RANDOM)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "planes: 4 factors from random rows need at least 5 rows, got 4; use fewer factors");
    assertThatThrownBy(
            () -> first(planes(4, 6), options.withInitialization(Initialization.SUBSPACES)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("need at least 5 rows, got 4");
    assertThatThrownBy(() -> Initialization.of("best"))
        .isInstanceOf(InputException.class)
        .hasMessage("init must be kmeans, random or subspaces, got best");
  }

  /** Rows that remember which of them were read. */
  private record Watched(int rows, BitSet seen) implements Samples {
    @Override
    public String name() {
      return "watched";
    }

    @Override
    public int dims() {
      return 2;
    }

    @Override
    public ElementType type() {
      return ElementType.UINT8;
    }

    @Override
    public Optional<ImageShape> shape() {
      return Optional.empty();
    }

    @Override
    public void read(int from, int count, ByteBuffer target) {
      seen.set(from, from + count);
      for (int i = from; i < from + count; i++) {
        target.put((byte) (i * 31)).put((byte) (i * 17 + (i >> 8)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Initialization.class)
  void hugeDataAreLookedAtInPart(Initialization from) {
    Watched samples = new Watched(300_000, new BitSet());
    TrainingOptions options = TrainingOptions.defaults(2, 1).withInitialization(from);
    try (MixtureOfFactorAnalyzers model = first(samples, options)) {
      assertThat(samples.seen().cardinality()).isLessThanOrEqualTo(100_000);
      assertThat(model.components()).isEqualTo(2);
    }
  }
}
