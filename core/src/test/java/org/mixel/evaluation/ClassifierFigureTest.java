package org.mixel.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.metric.Estimate;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;

/** The Inception Score stands beside that of the reference: it falls where a class is missing. */
class ClassifierFigureTest {
  private static final String NAME = Measure.CLASSIFIER_SCORE.toString();
  private static final int CLASSES = 4;
  private static final int ROWS = 4_000;

  @TempDir private Path folder;

  @Test
  void aMissingClassLowersTheScore() {
    Samples reference = images("reference", CLASSES, 1);
    EvaluationReport report =
        run(reference, List.of(images("alike", CLASSES, 2), images("lacking", 3, 3)), network());
    Estimate alike = figure(report, 0);
    Estimate lacking = figure(report, 1);
    double known =
        Objects.requireNonNull(report.results().get(0).findings().get(NAME))
            .more()
            .getOrDefault("reference", Double.NaN);
    // Of a classifier that is sure of every image, the score is the number of classes.
    assertThat(known).isBetween(3.95, 4.0);
    assertThat(alike.value()).isBetween(3.95, 4.0);
    assertThat(alike.p()).isGreaterThan(0.01);
    assertThat(lacking.value()).isBetween(2.95, 3.0);
    assertThat(lacking.p()).isLessThan(1e-6);
    assertThat(Objects.requireNonNull(lacking.ifEqual()).low()).isGreaterThan(3.5);
  }

  @Test
  void withoutAClassifierThereIsNoSuchFigure() {
    Samples reference = images("reference", CLASSES, 1);
    List<Samples> candidates = List.of(images("alike", CLASSES, 2));
    Evaluation.Options sharpness =
        Evaluation.Options.defaults().withMeasures(Set.of(Measure.SHARPNESS));
    EvaluationReport report =
        Evaluation.run(
            ComparedSets.of(reference, candidates), sharpness, ComputeDevice.CPU, Progress.SILENT);
    assertThat(report.results().get(0).findings()).doesNotContainKey(NAME);
    assertThatThrownBy(() -> run(reference, candidates, null))
        .isInstanceOf(InputException.class)
        .hasMessage("classifier-score is by a network of yours; give it as `classifier`");
  }

  private static Estimate figure(EvaluationReport report, int candidate) {
    return Objects.requireNonNull(report.results().get(candidate).findings().get(NAME)).estimate();
  }

  private static EvaluationReport run(
      Samples reference, List<Samples> candidates, @Nullable Path classifier) {
    return Evaluation.run(
        ComparedSets.of(reference, candidates),
        Evaluation.Options.defaults()
            .withMeasures(Set.of(Measure.CLASSIFIER_SCORE))
            .withClassifier(classifier),
        ComputeDevice.CPU,
        Progress.SILENT);
  }

  /** A network whose logits are the pixels, enlarged. */
  private Path network() {
    Path file = folder.resolve("network.pt");
    try (NativeScope scope = new NativeScope()) {
      JitModule module = new JitModule(new QualifiedName("__torch__.network"));
      module.define("def forward(self, x):\n    return 30 * x.view(-1, 4)\n");
      module.save(file.toString());
    }
    return file;
  }

  /** Images of one line, one pixel of which is bright: their class. */
  private static Samples images(String name, int classes, long seed) {
    Random random = new Random(seed);
    float[] values = new float[ROWS * CLASSES];
    for (int i = 0; i < ROWS; i++) {
      values[i * CLASSES + i % classes] = 0.8f + 0.2f * random.nextFloat();
    }
    return StoredSamples.ofFloats(name, CLASSES, new ImageShape(1, 1, CLASSES), values);
  }
}
