package org.mixel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.neural.Recipe;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.MatrixProducts;

/** The table tells medians, and says why a case has none. */
class BenchTest {
  private record Fixed(Deque<Timing> timings) implements BenchCase.Trial {
    BenchCase benchCase() {
      return new BenchCase(
          "fixed",
          "nothing",
          (seed, progress) -> {
            if (timings.isEmpty()) {
              throw new InputException("no data; put them into x");
            }
            return this;
          });
    }

    @Override
    public Timing time() {
      return timings.remove();
    }

    @Override
    public String note() {
      return timings.size() + " left";
    }
  }

  @Test
  void figuresAreMedians() {
    Fixed fixed =
        new Fixed(
            new ArrayDeque<>(
                List.of(
                    new BenchCase.Timing(9, 2),
                    new BenchCase.Timing(3, 4),
                    new BenchCase.Timing(5, 1))));
    assertThat(Bench.run(fixed.benchCase(), 0, Progress.SILENT))
        .isEqualTo(new BenchResult("fixed", 5.0, 2.0, 2.5, "0 left"));
  }

  @Test
  void aCaseWithoutFloorTellsItsFigure() {
    Fixed fixed =
        new Fixed(
            new ArrayDeque<>(
                List.of(
                    new BenchCase.Timing(9, null, 1.5),
                    new BenchCase.Timing(3, null, 1.75),
                    new BenchCase.Timing(5, null, 1.25))));
    assertThat(Bench.run(fixed.benchCase(), 0, Progress.SILENT))
        .isEqualTo(new BenchResult("fixed", 5.0, null, 1.5, "0 left"));
  }

  @Test
  void aCaseWithNothingToCompareWithTellsItsSeconds() {
    BenchCase.Timing alone = new BenchCase.Timing(4, null, null);
    assertThat(
            Bench.run(
                new Fixed(new ArrayDeque<>(List.of(alone, alone, alone))).benchCase(),
                0,
                Progress.SILENT))
        .isEqualTo(new BenchResult("fixed", 4.0, null, null, "0 left"));
  }

  @Test
  void everyKindOfModelHasItsCase() {
    List<String> names = Bench.cases().stream().map(BenchCase::name).toList();
    assertThat(names).doesNotHaveDuplicates().contains("memory-train");
    for (Recipe recipe : Recipe.all()) {
      assertThat(names).contains("train-" + recipe.kind());
    }
  }

  @Test
  void workAndFloorTakeTurns() {
    StringBuilder order = new StringBuilder();
    BenchCase.Timing timing =
        BenchCase.Timing.inTurns(
            3,
            () -> {
              order.append('w');
              return 2;
            },
            () -> {
              order.append('f');
              return 1;
            });
    assertThat(order.toString()).isEqualTo("wfwfwf");
    assertThat(timing).isEqualTo(new BenchCase.Timing(6, 3));
  }

  @Test
  void aCaseWithoutDataIsLeftOut() {
    assertThat(Bench.run(new Fixed(new ArrayDeque<>()).benchCase(), 0, Progress.SILENT))
        .isEqualTo(
            new BenchResult("fixed", null, null, null, "left out: no data; put them into x"));
  }

  @Test
  void casesAreChosenByName() {
    assertThat(Bench.named(List.of())).isEqualTo(Bench.cases()).isNotEmpty();
    assertThat(Bench.named(List.of("log-prob", "explore")))
        .extracting(BenchCase::name)
        .containsExactly(
            "log-prob",
            "explore-start",
            "explore-slider",
            "explore-slider-faces",
            "explore-brush",
            "explore-brush-faces",
            "explore-scores");
    assertThatThrownBy(() -> Bench.named(List.of("fast")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("no case is called fast; there are kmeans-mnist");
  }

  @Test
  void theFloorGrowsWithTheWork() {
    double small = MatrixProducts.seconds(ComputeDevice.CPU, 2_000, 200, 50);
    double large = MatrixProducts.seconds(ComputeDevice.CPU, 40_000, 200, 500);
    assertThat(small).isPositive();
    assertThat(large / small).isGreaterThan(5);
  }
}
