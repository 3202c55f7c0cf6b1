package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.DivergedException;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/** The best of the models that passes make is kept, all others are freed, and bad ones refused. */
class TrainingStateTest {
  private static final int DIMS = 2;
  private static final Progress.Stage STAGE = Progress.SILENT.begin("", -1);

  @TempDir private Path folder;
  private long before;

  @BeforeEach
  void count() {
    at(0).close();
    before = Pointer.totalCount();
  }

  /** A model whose rows are about a place; all rows here are about 0. */
  private static MixtureOfFactorAnalyzers at(double place) {
    float x = (float) place;
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(new float[1], 1),
          Tensors.of(new float[] {x, x}, 1, DIMS),
          Tensors.of(new float[] {0.5f, 0}, 1, 1, DIMS),
          Tensors.of(new float[] {1, 1}, 1, DIMS),
          new ImageShape(1, 1, DIMS),
          Map.of());
    }
  }

  private static Samples rows(long seed) {
    Random random = new Random(seed);
    float[] values = new float[100 * DIMS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return StoredSamples.ofFloats("rows", DIMS, new ImageShape(1, 1, DIMS), values);
  }

  /** Makes the models of given places, and says how likely the rows are. */
  private record Script(Iterator<Double> places, double likelihood) implements Pass {
    @Override
    public SufficientStatistics expect(MixtureOfFactorAnalyzers model, Progress.Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Outcome improve(
        MixtureOfFactorAnalyzers model, Maximization maximization, Progress.Stage stage) {
      return new Outcome(at(places.next()), likelihood, 0.25);
    }
  }

  private TrainingState state(
      Algorithm algorithm, @Nullable Samples validation, double likelihood, Double... places) {
    Samples train = rows(1);
    TrainingState state =
        new TrainingState(
            TrainingOptions.defaults(1, 1).withNoiseLimits(1e-2, 0).withAlgorithm(algorithm),
            new Script(List.of(places).iterator(), likelihood),
            new TrainingState.Rows(train, validation, Standardization.of(train)),
            new TrainingState.Start(
                TrainingHistory.EMPTY, at(3), new SafeTensors(Map.of(), Map.of())),
            folder.resolve("m.checkpoint"));
    state.begin(ComputeDevice.CPU);
    return state;
  }

  private static double place(MixtureOfFactorAnalyzers model) {
    return Tensors.floats(model.means())[0];
  }

  private double saved(TrainingState state) throws Exception {
    Path best = Checkpoint.best(folder.resolve("m.checkpoint"));
    Files.deleteIfExists(best);
    state.iterate(STAGE);
    state.save(Map.of());
    if (!Files.exists(best)) {
      return Double.NaN;
    }
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(best)) {
      return place(model);
    }
  }

  /** The second is worse than the first, the third better, the rest worse again. */
  @Test
  void theBestIsKeptWhereverItComes() throws Exception {
    Algorithm em = new Algorithm.ExactEm();
    try (TrainingState state = state(em, rows(2), -3, 1.0, 2.0, 0.5, 4.0, 5.0)) {
      assertThat(saved(state)).isNaN();
      assertThat(saved(state)).isEqualTo(1);
      assertThat(saved(state)).isNaN();
      assertThat(saved(state)).isEqualTo(0.5);
      assertThat(saved(state)).as("saved again").isNaN();
      assertThat(state.history().best()).isEqualTo(2);
      assertThat(state.history().train()).containsExactly(-3.0, -3.0, -3.0, -3.0, -3.0);
      assertThat(state.history().priorGains()).containsOnly(0.25);
      assertThat(state.seconds()).hasSize(5).allMatch(each -> each >= 0 && each < 60);
      TrainingState.Result result = state.result(Progress.SILENT);
      assertThat(place(result.model())).isEqualTo(0.5);
      assertThat(result.validation()).isEqualTo(state.history().kept());
      result.model().close();
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  @Test
  void theLastIsKeptWithoutValidationRows() {
    Algorithm em = new Algorithm.ExactEm();
    try (TrainingState state = state(em, null, -3, 1.0, 2.0)) {
      state.iterate(STAGE);
      state.iterate(STAGE);
      TrainingState.Result result = state.result(Progress.SILENT);
      assertThat(place(result.model())).isEqualTo(2);
      assertThat(result.validation()).isNull();
      result.model().close();
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  @Test
  void likelihoodsThatNoModelHasAreRefused() {
    Algorithm em = new Algorithm.ExactEm();
    try (TrainingState state = state(em, null, Double.NaN, 1.0)) {
      assertThatThrownBy(() -> state.iterate(STAGE))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("rows: the log-likelihood is not finite");
    }
    double highest = -Math.log(2 * Math.PI * 1e-2);
    try (TrainingState state = state(em, null, highest * (1 + 1e-2), 1.0)) {
      assertThatThrownBy(() -> state.iterate(STAGE))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("rows: the mean log-likelihood came out at 2.79497 nats")
          .hasMessageContaining("the noise floor allows at most 2.76729");
    }
    try (TrainingState state = state(em, null, highest, 1.0)) {
      assertThatCode(() -> state.iterate(STAGE)).doesNotThrowAnyException();
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  /** By 20 nats a value on the way, and by 0.2 in the end. */
  @Test
  void fallsBelowTheStartAreDivergence() {
    double first;
    try (MixtureOfFactorAnalyzers start = at(3)) {
      first = Scoring.meanLogLikelihood(start, rows(1), Progress.SILENT);
    }
    Algorithm gradient = Algorithm.StochasticGradient.defaults();
    try (TrainingState state = state(gradient, null, first - 20.1 * DIMS, 1.0)) {
      assertThatThrownBy(() -> state.iterate(STAGE))
          .isInstanceOf(DivergedException.class)
          .hasMessageContaining("sgd diverged: after 1 iterations the mean log-likelihood is");
    }
    try (TrainingState state = state(gradient, null, first - 19.9 * DIMS, 1.0)) {
      state.iterate(STAGE);
      state.requireGain(first - 0.19 * DIMS);
      assertThatThrownBy(() -> state.requireGain(first - 0.21 * DIMS))
          .isInstanceOf(DivergedException.class)
          .hasMessageContaining("sgd diverged: after 1 iterations");
    }
    try (TrainingState state = state(new Algorithm.ExactEm(), null, first - 1e3, 1.0)) {
      state.iterate(STAGE);
      state.requireGain(first - 1e3);
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }
}
