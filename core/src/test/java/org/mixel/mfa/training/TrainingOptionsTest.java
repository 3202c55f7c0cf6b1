package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.mixel.InputException;

/** Options keep their line, by which studies find their models again, and their ranges. */
class TrainingOptionsTest {
  @Test
  void theLineOfOptionsStays() {
    assertThat(TrainingOptions.defaults(256, 4))
        .hasToString(
            "TrainingOptions[components=256, factors=4, algorithm=ExactEm[], initialization=kmeans,"
                + " maximization=Maximization[noise=diagonal, noiseFloor=0.01, priorRows=30.0,"
                + " shrinkageRows=0.0], iterations=30, tolerance=0.01, patience=3, seed=0]");
  }

  @Test
  void limitsOutOfTheirRangeAreRefused() {
    Stopping least = new Stopping(1, 0, 1);
    assertThat(least.withIterations(9).withTolerance(0.5).withPatience(2))
        .isEqualTo(new Stopping(9, 0.5, 2));
    assertThatThrownBy(() -> least.withIterations(0))
        .isInstanceOf(InputException.class)
        .hasMessage("iterations must be at least 1, got 0");
    assertThatThrownBy(() -> least.withTolerance(-1))
        .isInstanceOf(InputException.class)
        .hasMessage("tolerance must be at least 0, got -1.0");
    assertThatThrownBy(() -> least.withTolerance(Double.NaN)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> least.withPatience(0))
        .isInstanceOf(InputException.class)
        .hasMessage("patience must be at least 1, got 0");
  }
}
