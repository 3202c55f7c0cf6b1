package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Roots are split by their rows into one flat model. */
class HierarchicalTrainerTest {
  @TempDir private Path folder;

  @Test
  void splitRootsMakeOneFlatModelAndResume() {
    Samples samples = Lines.images(1200, 9);
    TrainingOptions options = Lines.options();
    Path checkpoints = folder.resolve("m.mfa.checkpoints");
    HierarchicalTrainer whole =
        HierarchicalTrainer.of(options, 4, ComputeDevice.CPU)
            .splitBy(60)
            .checkpointedIn(checkpoints, false);
    TrainingResult result = whole.fit(samples, Progress.SILENT);
    try (MixtureOfFactorAnalyzers model = result.model()) {
      assertThat(model.components()).isBetween(18, 22);
      double sum = 0;
      for (double weight : model.weights()) {
        sum += weight;
      }
      assertThat(sum).isCloseTo(1, within(1e-6));
      List<Double> train = result.trainLogLikelihood();
      assertThat(train.get(train.size() - 1)).isGreaterThan(train.get(train.size() - 2));
      assertThatThrownBy(
              () ->
                  HierarchicalTrainer.of(options, 4, ComputeDevice.CPU)
                      .splitBy(60)
                      .checkpointedIn(folder.resolve("other"), true)
                      .fit(samples, new InterruptedProgress(12)))
          .hasMessage("interrupted");
      TrainingResult resumed =
          HierarchicalTrainer.of(options, 4, ComputeDevice.CPU)
              .splitBy(60)
              .checkpointedIn(folder.resolve("other"), true)
              .fit(samples, Progress.SILENT);
      assertThat(Tensors.floats(resumed.model().means())).isEqualTo(Tensors.floats(model.means()));
      resumed.model().close();
    }
    Checkpoints.beside(folder.resolve("m.mfa")).delete();
    assertThat(checkpoints).doesNotExist();
  }

  @Test
  void badNumbersAreRefused() {
    assertThatThrownBy(() -> HierarchicalTrainer.of(Lines.options(), 0, ComputeDevice.CPU))
        .isInstanceOf(InputException.class)
        .hasMessage("roots must be at least 1, got 0");
    HierarchicalTrainer trainer = HierarchicalTrainer.of(Lines.options(), 1, ComputeDevice.CPU);
    assertThatThrownBy(() -> trainer.splitBy(0))
        .isInstanceOf(InputException.class)
        .hasMessage("rows per component must be at least 1, got 0");
    double[] weights = new double[50];
    Arrays.fill(weights, 2);
    assertThatThrownBy(
            () -> trainer.splitBy(1).fit(Lines.rows(50, 1).weightedBy(weights), Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage("lines: rows with weights cannot be split by roots");
  }

  private static TrainingOptions refitted() {
    return Lines.options().withRefit(Refit.defaults());
  }

  /** By the number of components that the options ask for; figures are of the flat model. */
  @Test
  void aRootIsSplitInProportionToItsRows() {
    Samples samples = Lines.images(1200, 9);
    Samples validation = Lines.images(300, 10);
    try (TrainingResult result =
        HierarchicalTrainer.of(refitted(), 4, ComputeDevice.CPU)
            .validatedBy(validation)
            .fit(samples, Progress.SILENT)) {
      MixtureOfFactorAnalyzers model = result.model();
      assertThat(model.components()).isBetween(Lines.CLUSTERS - 2, Lines.CLUSTERS + 2);
      assertThat(model.metadata())
          .containsEntry("hierarchical", "4")
          .containsEntry("rows_per_component", "60")
          .containsEntry("components", Integer.toString(model.components()))
          .doesNotContainKeys("shrinkage", "finished_train");
      assertThat(model.posteriorNoise()).isPositive();
      double train = Scoring.meanLogLikelihood(model, samples, Progress.SILENT);
      double validated = Scoring.meanLogLikelihood(model, validation, Progress.SILENT);
      assertThat(result.exactLogLikelihood()).isCloseTo(train, within(1e-4));
      assertThat(last(result.trainLogLikelihood())).isEqualTo(result.exactLogLikelihood());
      assertThat(last(result.validationLogLikelihood())).isCloseTo(validated, within(1e-4));
      assertThat(result.keptLogLikelihood()).isEqualTo(last(result.validationLogLikelihood()));
      assertThat(result.seconds()).isBetween(1e-3, 600.0);
    }
  }

  private static double last(List<Double> values) {
    return values.get(values.size() - 1);
  }

  /** A root with rows for one component stays as it is, under the weight that it has. */
  @Test
  void rootsOfFewRowsStay() {
    Samples samples = Lines.images(300, 11);
    Path checkpoints = folder.resolve("stages");
    try (TrainingResult result =
            HierarchicalTrainer.of(refitted(), 3, ComputeDevice.CPU)
                .splitBy(299)
                .checkpointedIn(checkpoints, false)
                .fit(samples, Progress.SILENT);
        TrainingResult roots =
            Trainer.of(refitted().withComponents(3))
                .standardizedBy(Standardization.of(samples))
                .fit(samples)) {
      assertThat(checkpoints.resolve("roots.mfa")).exists();
      assertThat(checkpoints).isDirectoryNotContaining("glob:**split*");
      MixtureOfFactorAnalyzers flat = result.model();
      MixtureOfFactorAnalyzers one = roots.model();
      assertThat(Tensors.floats(flat.means())).isEqualTo(Tensors.floats(one.means()));
      assertThat(Tensors.floats(flat.loadings())).isEqualTo(Tensors.floats(one.loadings()));
      assertThat(Tensors.floats(flat.noiseVariance()))
          .isEqualTo(Tensors.floats(one.noiseVariance()));
      float[] expected = Tensors.floats(one.logWeights());
      float[] weights = Tensors.floats(flat.logWeights());
      for (int k = 0; k < 3; k++) {
        assertThat(weights[k]).isCloseTo(expected[k], within(1e-5f));
      }
      assertThat(flat.posteriorNoise()).isCloseTo(one.posteriorNoise(), within(1e-7));
    }
  }

  private static void fitStages(Samples samples, Samples validation, Path stages) {
    HierarchicalTrainer.of(refitted(), 2, ComputeDevice.CPU)
        .splitBy(40)
        .validatedBy(validation)
        .checkpointedIn(stages, false)
        .fit(samples, Progress.SILENT)
        .close();
  }

  /** Each stage is judged by the validation rows that it owns. */
  @Test
  void stagesHaveValidationRowsOfTheirOwn() throws IOException {
    Samples samples = Lines.images(600, 12);
    Samples validation = Lines.images(200, 13);
    Path stages = folder.resolve("stages");
    fitStages(samples, validation, stages);
    long before = Pointer.totalCount();
    fitStages(samples, validation, stages);
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
    try (NativeScope scope = new NativeScope()) {
      List<String> hashes = new ArrayList<>();
      try (Stream<Path> files = Files.list(stages)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".mfa")).sorted().toList()) {
          hashes.add(String.valueOf(Checkpoint.load(file).run().get("validation_sha256")));
        }
      }
      assertThat(hashes).hasSizeBetween(2, 3).doesNotHaveDuplicates().doesNotContain("null");
      assertThat(hashes.get(0)).isEqualTo(DataHash.sha256(validation));
    }
  }

  @Test
  void stagesOfAnotherPlanAreRefused() throws IOException {
    Files.createFile(folder.resolve("components-3.mfa"));
    HierarchicalTrainer trainer =
        HierarchicalTrainer.of(refitted(), 2, ComputeDevice.CPU).checkpointedIn(folder, true);
    assertThatThrownBy(() -> trainer.fit(Lines.images(100, 14), Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder.resolve("components-3.mfa") + ": of another training");
  }
}
