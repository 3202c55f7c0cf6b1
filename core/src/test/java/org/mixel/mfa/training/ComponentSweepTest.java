package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Reconstruction;
import org.mixel.tensor.ComputeDevice;

/** Of several numbers of components the one is kept that validates best. */
class ComponentSweepTest {
  @TempDir private Path folder;

  /** What is loaded for good, so that it is no leak of a test. */
  @BeforeAll
  static void load() {
    Trainer.of(Lines.options().withComponents(2).withIterations(1))
        .fit(Lines.images(100, 1))
        .close();
  }

  @Test
  void theSweepKeepsTheSizeThatValidatesBest() {
    Holdout parts = Holdout.of(Lines.images(3000, 10), Lines.CLUSTERS, 1).orElseThrow();
    assertThat(parts.validation().rows()).isEqualTo(300);
    ComponentSweep.Outcome outcome =
        ComponentSweep.of(Lines.options(), List.of(2, Lines.CLUSTERS), ComputeDevice.CPU)
            .testedBy(Lines.images(500, 11))
            .fit(parts.train(), parts.validation(), Progress.SILENT);
    try (MixtureOfFactorAnalyzers model = outcome.best().model()) {
      assertThat(model.components()).isEqualTo(Lines.CLUSTERS);
      ComponentSweep.Setting best = outcome.settings().get(1);
      ComponentSweep.Setting small = outcome.settings().get(0);
      assertThat(best.bic()).isLessThan(small.bic());
      double parameters = 2 * (Lines.DIMS * 3.0 + 1) - 1;
      assertThat(small.bic())
          .isCloseTo(
              parameters * Math.log(2700) - 2 * 2700 * small.trainLogLikelihood(), within(1e-6));
    }
  }

  @Test
  void theSweepShowsEveryModelAndHowItReconstructs() {
    long before = Pointer.totalCount();
    Samples train = Lines.images(1200, 10);
    Samples test = Lines.images(1500, 11);
    List<Integer> shown = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    ComponentSweep.Outcome outcome =
        ComponentSweep.of(Lines.options(), List.of(Lines.CLUSTERS, 2), ComputeDevice.CPU)
            .testedBy(test)
            .shownTo(
                (setting, model) -> {
                  shown.add(model.components());
                  Samples first = test.spread(1000);
                  errors.add(Reconstruction.of(model, first, Progress.SILENT, rows -> {}));
                })
            .fit(train, Lines.images(200, 12), Progress.SILENT);
    outcome.best().close();
    assertThat(shown).containsExactly(Lines.CLUSTERS, 2);
    assertThat(outcome.settings())
        .extracting(ComponentSweep.Setting::reconstructionError)
        .isEqualTo(errors);
    assertThat(errors.get(0)).isPositive().isLessThan(errors.get(1) / 2);
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  @Test
  void vectorsAreNotReconstructed() {
    ComponentSweep.Outcome outcome =
        ComponentSweep.of(Lines.options(), List.of(2), ComputeDevice.CPU)
            .fit(Lines.rows(300, 10), Lines.rows(100, 12), Progress.SILENT);
    outcome.best().close();
    assertThat(outcome.settings().get(0).reconstructionError()).isNull();
  }

  @Test
  void modelsAreFreedWhenTheViewerFails() {
    long before = Pointer.totalCount();
    ComponentSweep sweep =
        ComponentSweep.of(Lines.options(), List.of(2, 3), ComputeDevice.CPU)
            .shownTo(
                (setting, model) -> {
                  if (model.components() == 3) {
                    throw new IllegalStateException("viewer");
                  }
                });
    Samples rows = Lines.rows(300, 10);
    assertThatThrownBy(() -> sweep.fit(rows, rows, Progress.SILENT)).hasMessage("viewer");
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }

  @Test
  void badNumbersAreRefusedBeforeAnythingIsTrained() throws IOException {
    assertThatThrownBy(() -> ComponentSweep.of(Lines.options(), List.of(), ComputeDevice.CPU))
        .isInstanceOf(InputException.class)
        .hasMessage("name at least one number of components");
    assertThatThrownBy(() -> ComponentSweep.of(Lines.options(), List.of(2, 0), ComputeDevice.CPU))
        .isInstanceOf(InputException.class)
        .hasMessage("components must be at least 1, got 0");
    Samples few = Lines.rows(5, 1);
    Progress never =
        (name, steps) -> {
          throw new IllegalStateException("begun");
        };
    assertThatThrownBy(
            () ->
                ComponentSweep.of(Lines.options(), List.of(2, 6), ComputeDevice.CPU)
                    .fit(few, few, never))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("lines: 6 components need at least as many rows, got 5");
    Files.createFile(folder.resolve("components-7.mfa"));
    assertThatThrownBy(
            () ->
                ComponentSweep.of(Lines.options(), List.of(2, 3), ComputeDevice.CPU)
                    .checkpointedIn(folder, true)
                    .fit(few, few, never))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder.resolve("components-7.mfa") + ": of another training");
    assertThatThrownBy(
            () ->
                ComponentSweep.of(Lines.options(), List.of(2, 3, 7), ComputeDevice.CPU)
                    .checkpointedIn(folder, true)
                    .fit(few, few, never))
        .hasMessageStartingWith("lines: 7 components");
  }

  @Test
  void eachNumberIsAStep() {
    RecordedProgress progress = new RecordedProgress();
    Samples rows = Lines.rows(300, 10);
    ComponentSweep.of(Lines.options(), List.of(1, 2), ComputeDevice.CPU)
        .fit(rows, rows, progress)
        .best()
        .close();
    assertThat(progress.heard())
        .filteredOn(each -> each.startsWith("numbers of components"))
        .containsExactly(
            "numbers of components begins 2",
            "numbers of components advances 1",
            "numbers of components advances 1",
            "numbers of components ends");
  }
}
