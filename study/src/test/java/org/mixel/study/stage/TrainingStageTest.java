package org.mixel.study.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.training.Checkpoints;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.neural.Dcgan;
import org.mixel.neural.Evaluation;
import org.mixel.neural.MetricsLog;
import org.mixel.neural.NetworkTrainer;
import org.mixel.study.stage.TrainingStage.Finished;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;

/**
 * A study that ends between a model's last step and the record that it is finished goes on from the
 * model's checkpoint, to the same model.
 */
class TrainingStageTest {
  private static final int CHECKPOINT = 500;
  private static final Samples ROWS = rows(200, 1, 1);

  /** Networks begin with samples as close together, and spread them from then on. */
  private static final Samples NARROW = rows(100, 0.1, 2);

  @TempDir private Path folder;

  /** The record of a model that cannot be finished while this lies in its place. */
  private Path record = Path.of("none");

  private String begun = "";
  private boolean inTheWay;
  private int stages;
  private int iterations;

  private static Samples rows(int number, double scale, long seed) {
    Random random = new Random(seed);
    float[] values = new float[2 * number];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return StoredSamples.ofFloats("rows", 2, null, values);
  }

  private TrainingStage stage(Path where, Interruption interruption) {
    Progress progress =
        (name, steps) -> {
          if (name.equals("EM") || name.startsWith("training")) {
            stages++;
            putInTheWay();
          }
          return counting(Progress.SILENT.begin(name, steps));
        };
    return new TrainingStage(where, ROWS, 1, ComputeDevice.CPU, interruption, progress);
  }

  private Progress.Stage counting(Progress.Stage stage) {
    return new Progress.Stage() {
      @Override
      public void advance(long by) {
        stage.advance(by);
      }

      @Override
      public void note(String text) {
        iterations += text.startsWith("train ") ? 1 : 0;
      }

      @Override
      public void close() {
        stage.close();
      }
    };
  }

  private void putInTheWay() {
    if (inTheWay && Files.isRegularFile(record)) {
      try {
        begun = Files.readString(record);
        Files.delete(record);
        Files.createDirectories(record.resolve("something"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void clear() throws IOException {
    Files.delete(record.resolve("something"));
    Files.delete(record);
    Files.writeString(record, begun);
    inTheWay = false;
    stages = 0;
    iterations = 0;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMixtureWithoutItsRecordIsNotTrainedAgain(boolean hierarchical) throws Exception {
    MixtureSetting plain = MixtureSetting.of(TrainingOptions.defaults(4, 1).withIterations(5));
    MixtureSetting options = hierarchical ? plain.hierarchical(2) : plain;
    Path file = folder.resolve(options.name() + ".mfa");
    record = folder.resolve(options.name() + ".mfa.setting");
    Checkpoints checkpoints = Checkpoints.beside(file);
    try (Interruption interruption = Interruption.watch()) {
      inTheWay = true;
      assertThatThrownBy(() -> stage(folder, interruption).mixture(options))
          .isInstanceOf(InputException.class);
      byte[] model = Files.readAllBytes(file);
      assertThat(checkpoints.found())
          .containsExactly(hierarchical ? checkpoints.staged() : checkpoints.single());
      assertThat(iterations).isPositive();

      clear();
      stage(folder, interruption).mixture(options);
      assertThat(iterations).isZero();
      assertThat(file).hasBinaryContent(model);
      assertThat(checkpoints.found()).isEmpty();

      // A checkpoint that outlived its model is of no use.
      Files.writeString(checkpoints.single(), "left");
      stages = 0;
      stage(folder, interruption).mixture(options);
      assertThat(stages).isZero();
      assertThat(checkpoints.found()).isEmpty();
    }
  }

  @Test
  void theBestNetworkIsFoundAgain() throws Exception {
    Path other = folder.resolve("undisturbed");
    Path file = folder.resolve("dcgan.net");
    record = folder.resolve("dcgan.net.setting");
    try (Interruption interruption = Interruption.watch()) {
      Path whole = network(other, interruption).file();
      // The best state is before the checkpoint: what goes on from there does not come to it.
      assertThat(bestStep(whole)).isLessThan(CHECKPOINT);

      inTheWay = true;
      assertThatThrownBy(() -> network(folder, interruption)).isInstanceOf(InputException.class);
      assertThat(NetworkTrainer.best(file)).exists();

      clear();
      network(folder, interruption);
      assertThat(stages).isEqualTo(1);
      assertThat(file).hasSameBinaryContentAs(whole);
      assertThat(Checkpoint.beside(file)).doesNotExist();
      assertThat(NetworkTrainer.best(file)).doesNotExist();
    }
  }

  private Finished network(Path where, Interruption interruption) {
    NetworkSetting setting = new NetworkSetting(new Dcgan(), 600, 16, 1e-3, 8, 2);
    Evaluation.Options options = Evaluation.Options.defaults().withBins(List.of(4)).withRows(100);
    try (Evaluation evaluation =
        new Evaluation(ROWS, options, ComputeDevice.CPU, null).counting(NARROW)) {
      return stage(where, interruption).network(setting, null, evaluation, 4, "");
    }
  }

  private static double bestStep(Path file) {
    Map<String, Double> best =
        MetricsLog.read(file).stream()
            .filter(line -> line.containsKey("js_4"))
            .min(Comparator.comparing(line -> line.getOrDefault("js_4", 0.0)))
            .orElseThrow();
    return best.getOrDefault("step", 0.0);
  }
}
