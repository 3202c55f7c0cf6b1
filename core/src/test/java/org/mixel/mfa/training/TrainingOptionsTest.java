package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The line of options beside a study's model stays, so that studies find their models again. */
class TrainingOptionsTest {
  @Test
  void theLineOfOptionsStays() {
    assertThat(TrainingOptions.defaults(256, 4))
        .hasToString(
            "TrainingOptions[components=256, factors=4, algorithm=ExactEm[], initialization=kmeans,"
                + " maximization=Maximization[noise=diagonal, noiseFloor=0.01, priorRows=30.0,"
                + " shrinkageRows=0.0], iterations=30, tolerance=0.01, patience=3, seed=0]");
  }
}
