package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The ways to train, by name, with what each can do and the range of its numbers. */
class AlgorithmTest {
  @Test
  void everyAlgorithmIsFoundByItsName() {
    for (Algorithm algorithm : Algorithm.all()) {
      assertThat(Algorithm.of(algorithm.trainer())).isEqualTo(algorithm);
    }
  }

  @Test
  void theDefaultIsTruncatedForManyComponentsOnTheCpuOnly() {
    assertThat(Algorithm.bestFor(199)).isEqualTo(new Algorithm.ExactEm());
    assertThat(Algorithm.bestFor(200)).isEqualTo(Algorithm.TruncatedEm.defaults());
    assertThat(Algorithm.bestFor(200, true)).isEqualTo(new Algorithm.ExactEm());
  }

  @Test
  void badNumbersAreRefusedWithTheRule() {
    assertThatThrownBy(() -> new Algorithm.TruncatedEm(0, 15))
        .hasMessage("candidates must be at least 1, got 0");
    assertThatThrownBy(() -> new Algorithm.TruncatedEm(3, 1))
        .hasMessage("neighbours must be at least 2, got 1");
    assertThatThrownBy(() -> new Algorithm.StepwiseEm(0, 0.6))
        .hasMessage("batch must be at least 1 row, got 0");
    assertThatThrownBy(() -> new Algorithm.StepwiseEm(10, 0.5))
        .hasMessage("decay must be above 0.5 and at most 1, got 0.5");
    assertThatThrownBy(() -> new Algorithm.StochasticGradient(10, Double.NaN))
        .hasMessage("learning rate must be positive, got NaN");
    assertThatThrownBy(() -> Algorithm.of("adam"))
        .hasMessage("trainer must be em, truncated-em, stepwise-em or sgd, got adam");
  }

  @Test
  void theLeastNumbersAreTaken() {
    assertThat(new Algorithm.TruncatedEm(1, 2).toMetadata())
        .isEqualTo(Map.of("candidates", "1", "neighbours", "2"));
    assertThat(new Algorithm.StepwiseEm(1, 1).toMetadata())
        .isEqualTo(Map.of("batch", "1", "decay", "1.0"));
    assertThat(new Algorithm.StochasticGradient(1, 0.5).toMetadata())
        .isEqualTo(Map.of("batch", "1", "learning_rate", "0.5"));
    assertThat(new Algorithm.ExactEm().toMetadata()).isEmpty();
    assertThatThrownBy(() -> new Algorithm.StochasticGradient(0, 0.5))
        .hasMessage("batch must be at least 1 row, got 0");
    assertThatThrownBy(() -> new Algorithm.StochasticGradient(1, 0))
        .hasMessage("learning rate must be positive, got 0.0");
    assertThatThrownBy(() -> new Algorithm.StochasticGradient(1, Double.POSITIVE_INFINITY))
        .hasMessage("learning rate must be positive, got Infinity");
    assertThatThrownBy(() -> new Algorithm.StepwiseEm(1, 1.01))
        .hasMessage("decay must be above 0.5 and at most 1, got 1.01");
  }

  private static List<String> those(Predicate<Algorithm> that) {
    return Algorithm.all().stream().filter(that).map(Algorithm::trainer).toList();
  }

  @Test
  void eachCanDoWhatItsUsersAreTold() {
    assertThat(those(Algorithm::allowsMissing)).containsExactly("em");
    assertThat(those(Algorithm::allowsWeights)).containsExactly("em", "truncated-em");
    assertThat(those(Algorithm::remembers)).containsExactly("truncated-em", "stepwise-em", "sgd");
    assertThat(those(Algorithm::climbsDensity)).containsExactly("sgd");
    assertThat(those(Algorithm::canDiverge)).containsExactly("sgd");
  }

  @Test
  void vectorsGetOptionsOfTheirOwn() {
    assertThat(Algorithm.all().stream().map(Algorithm::forVectors))
        .containsExactly(
            new Algorithm.ExactEm(),
            new Algorithm.TruncatedEm(10, 15),
            Algorithm.StepwiseEm.defaults(),
            new Algorithm.StochasticGradient(256, 1e-3));
  }

  /** Half as many evaluations as an iteration has, 3 (15 + 1) for each row. */
  @Test
  void truncatedEmIsJudgedByAsManyRowsAsCostLittle() {
    Algorithm truncated = Algorithm.TruncatedEm.defaults();
    assertThat(truncated.mostJudges(1_000_000, 1000)).isEqualTo(24_000);
    assertThat(truncated.mostJudges(10_000, 1000)).isEqualTo(1000);
    assertThat(truncated.mostJudges(Integer.MAX_VALUE, 2)).isEqualTo(Integer.MAX_VALUE);
    assertThat(new Algorithm.ExactEm().mostJudges(10, 1000)).isEqualTo(Integer.MAX_VALUE);
  }
}
