package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;

/** Which iteration is kept, when training stops, and what a checkpoint says of both. */
class TrainingHistoryTest {
  private static final Path FILE = Path.of("run.mfa");

  private static TrainingHistory validated(@Nullable Double first, Double... validation) {
    List<Double> train = List.of(1.0, 2.0, 3.0, 4.0, 5.0).subList(0, validation.length);
    return new TrainingHistory(
        train, List.of(validation), train.stream().map(each -> 0.5).toList(), first, 7, 0.25);
  }

  private static TrainingHistory trained(double previous, double last, double gain) {
    return new TrainingHistory(List.of(previous, last), List.of(), List.of(gain, 9.0), null, 0, 0);
  }

  @Test
  void keepsTheFirstOfTheBestOnTheValidationRows() {
    TrainingHistory history = validated(null, -3.0, -1.0, -1.0, -2.0);
    assertThat(history.best()).isEqualTo(1);
    assertThat(history.kept()).isEqualTo(-1);
    assertThat(validated(-1.0, -1.0, -1.5).best()).isEqualTo(-1);
    assertThat(validated(-1.0, -1.0, -1.5).kept()).isEqualTo(-1);
    assertThat(validated(-2.0, -1.0).best()).isEqualTo(0);
  }

  @Test
  void keepsTheLastWithoutValidationRows() {
    TrainingHistory history = trained(5, 4, 0);
    assertThat(history.best()).isEqualTo(1);
    assertThat(history.kept()).isNull();
    assertThat(history.untilBest()).isEqualTo(history);
    assertThat(TrainingHistory.EMPTY.best()).isEqualTo(-1);
  }

  @Test
  void endsWithTheBest() {
    assertThat(validated(-9.0, -3.0, -1.0, -2.0).untilBest())
        .isEqualTo(validated(-9.0, -3.0, -1.0));
    assertThat(validated(0.0, -3.0, -1.0).untilBest())
        .isEqualTo(new TrainingHistory(List.of(), List.of(), List.of(), 0.0, 7, 0.25));
  }

  @Test
  void stopsAfterAsManyIterationsWithoutGainAsPatienceAllows() {
    Stopping stopping = new Stopping(30, 0, 2);
    assertThat(validated(null, -3.0, -1.0, -2.0).converged(stopping)).isFalse();
    assertThat(validated(null, -3.0, -1.0, -2.0, -2.0).converged(stopping)).isTrue();
    assertThat(validated(-1.0, -3.0).converged(stopping)).isFalse();
    assertThat(validated(-1.0, -3.0, -2.0).converged(stopping)).isTrue();
  }

  /** The objective is the likelihood and what the prior gained by the update between the two. */
  @Test
  void stopsWhereTheObjectiveGainsLessThanTheTolerance() {
    Stopping stopping = new Stopping(30, 0.5, 3);
    assertThat(trained(-2, -1.75, 0).converged(stopping)).isTrue();
    assertThat(trained(-2, -1.5, 0).converged(stopping)).isFalse();
    assertThat(trained(-2, -1.75, 0.25).converged(stopping)).isFalse();
    assertThat(trained(-2, -1.25, -0.5).converged(stopping)).isTrue();
    assertThat(trained(-2, -1.75, 0).converged(stopping.withTolerance(0))).isFalse();
    assertThat(TrainingHistory.EMPTY.with(-2, null, 0).converged(stopping)).isFalse();
  }

  @Test
  void aFallIsNoConvergenceUnlessItIsRounding() {
    Stopping stopping = new Stopping(30, 0.5, 3);
    assertThat(trained(-1000, -1000.00005, 0).converged(stopping)).isTrue();
    assertThat(trained(-1000, -1000.01, 0).converged(stopping)).isFalse();
    assertThat(trained(0.5, 0.5 - 5e-8, 0).converged(stopping)).isTrue();
    assertThat(trained(0.5, 0.5 - 2e-7, 0).converged(stopping)).isFalse();
  }

  @Test
  void isReadAsItWasWritten() {
    TrainingHistory whole = validated(-9.0, -3.0, -1.0, -2.0);
    assertThat(TrainingHistory.of(FILE, whole.toTexts())).isEqualTo(whole);
    assertThat(whole.toTexts())
        .isEqualTo(
            Map.of(
                "train", "1.0,2.0,3.0",
                "validation", "-3.0,-1.0,-2.0",
                "prior_gains", "0.5,0.5,0.5",
                "first_validation", "-9.0",
                "shrinkage", "7.0",
                "training_noise", "0.25"));
    TrainingHistory plain =
        new TrainingHistory(List.of(1.0, 2.0), List.of(), List.of(0.0, 0.0), null, 0, 0);
    assertThat(plain.toTexts())
        .isEqualTo(Map.of("train", "1.0,2.0", "validation", "", "shrinkage", "0.0"));
    assertThat(TrainingHistory.of(FILE, plain.toTexts())).isEqualTo(plain);
    assertThat(TrainingHistory.of(FILE, Map.of())).isEqualTo(TrainingHistory.EMPTY);
  }

  @Test
  void likelihoodsThatDoNotFitTogetherAreRefused() {
    for (Map<String, String> damaged :
        List.of(
            Map.of("train", "1,2", "validation", "1"),
            Map.of("train", "1,2", "prior_gains", "1"),
            Map.of("train", "1,x"),
            Map.of("train", "1,2,"),
            Map.of("train", "1", "first_validation", "x"))) {
      assertThatThrownBy(() -> TrainingHistory.of(FILE, damaged))
          .isInstanceOf(InputException.class)
          .hasMessage("run.mfa: its likelihoods are damaged; begin anew");
    }
    assertThatThrownBy(() -> TrainingHistory.of(FILE, Map.of("shrinkage", "-1")))
        .isInstanceOf(InputException.class)
        .hasMessage("run.mfa: damaged metadata: shrinkage is -1");
  }
}
