package org.mixel.study.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mixel.study.paper.StageRecord.Training;

/** A reader must not take a training for finished that still gains, or for good that got worse. */
class ConvergenceTest {
  @Test
  void aTrainingHasConvergedWhereItHardlyGainsInTheLastQuarter() {
    assertThat(outcome(100, 0.4, 0.3, 0.2, 0.197)).isEqualTo("yes");
    assertThat(outcome(100, 0.4, 0.3, 0.2, 0.195)).isEqualTo("no");
    assertThat(outcome(75, 0.4, 0.3, 0.2, 0.21)).isEqualTo("yes");
  }

  @Test
  void aTrainingThatWasBestInItsFirstHalfIsPastItsBest() {
    assertThat(outcome(25, 0.2, 0.3, 0.3, 0.3)).isEqualTo("past its best");
    assertThat(outcome(50, 0.4, 0.2, 0.3, 0.3)).isEqualTo("yes");
  }

  @Test
  void aTrainingWithoutACurveHasNoOutcome() {
    assertThat(outcome(100)).isEmpty();
  }

  /** Of a training of 100 steps that was evaluated every 25. */
  private static String outcome(int chosen, double... divergences) {
    List<Map<String, Double>> curve = new ArrayList<>();
    for (double each : divergences) {
      curve.add(Map.of("step", 25.0 * (curve.size() + 1), "js_4", each));
    }
    return Convergence.outcome(new Training(100, 1, null, 1, chosen, curve), "js_4");
  }
}
