package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** Training learns: samples come to lie where the data do, and classes are told apart. */
@ExtendWith(OneThread.class)
class LearningTest {
  private static final int DRAWN = 1000;

  /** Of samples, the share near each corner, and of all those near none. */
  private static double[] shares(int steps) {
    NetworkOptions options =
        NetworkOptions.defaults(new WganGp()).withSteps(steps).withLearningRate(2e-3);
    NetworkTrainer trainer =
        NetworkTrainer.of(new WganGp(), options, ComputeDevice.CPU).sized(64, 4);
    double[] shares = new double[5];
    try (Interruption interruption = Interruption.watch();
        TrainedNetwork trained =
            trainer.train(TinyTraining.points(2000), interruption, Progress.SILENT);
        RowSampler sampler = trained.sampler(1)) {
      float[] rows = sampler.nextRows(DRAWN);
      for (int i = 0; i < rows.length; i += 2) {
        int corner = (rows[i] > 0 ? 1 : 0) + (rows[i + 1] > 0 ? 2 : 0);
        double away = Math.hypot(Math.abs(rows[i]) - 2, Math.abs(rows[i + 1]) - 2);
        shares[away < 0.8 ? corner : 4] += 1.0 / DRAWN;
      }
    }
    return shares;
  }

  /** Four corners, four of their deviations of 0.2 around each. */
  @Test
  @Tag("slow")
  void aGeneratorFindsAllClustersOfTheData() {
    double[] untrained = shares(1);
    assertThat(untrained[4]).as("near no corner").isGreaterThan(0.7);
    double[] trained = shares(1000);
    assertThat(trained[4]).as("near no corner").isLessThan(0.4);
    for (int corner = 0; corner < 4; corner++) {
      assertThat(trained[corner]).as("near corner %d", corner).isGreaterThan(0.08);
    }
  }

  /** A bright bar across, a bright bar down, or neither. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClassifierTellsClassesApart(boolean varied) {
    ImageShape shape = new ImageShape(1, 8, 8);
    Random random = new Random(3);
    int[] labels = new int[150];
    byte[] pixels = new byte[labels.length * shape.dims()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = random.nextInt(3);
      int place = random.nextInt(8);
      for (int i = 0; i < 64; i++) {
        int along = labels[row] == 0 ? i / 8 : labels[row] == 1 ? i % 8 : -1;
        pixels[64 * row + i] = (byte) (random.nextInt(60) + (along == place ? 180 : 0));
      }
    }
    Samples images = StoredSamples.ofBytes("bars", shape, pixels);
    try (LabelClassifier classifier =
            LabelClassifier.train(
                images,
                labels,
                new LabelClassifier.Options(16, 100, 100, varied, varied),
                1,
                ComputeDevice.CPU,
                Progress.SILENT);
        NativeScope scope = new NativeScope();
        RowReader reader = RowReader.of(images, ComputeDevice.CPU)) {
      assertThat(classifier.accuracy()).isGreaterThan(0.9);
      float[] logits = Tensors.floats(classifier.logits(reader.rows(0, 150)));
      int right = 0;
      for (int row = 0; row < labels.length; row++) {
        int best = 0;
        for (int each = 1; each < 3; each++) {
          best = logits[3 * row + each] > logits[3 * row + best] ? each : best;
        }
        right += best == labels[row] ? 1 : 0;
      }
      assertThat(right).isGreaterThan(140);
    }
  }
}
