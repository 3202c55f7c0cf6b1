package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mixel.cli.Runs.json;
import static org.mixel.cli.Runs.mixel;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Progress;
import org.mixel.cli.Runs.Outcome;
import org.mixel.data.DataOptions;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.io.DataSource;
import org.mixel.io.SampleWriter;

/** Tables keep their units through every command, and a training that went astray says so. */
class TablesTest {
  @TempDir private Path folder;
  private String table;
  private String model;

  @BeforeEach
  void writeRows() {
    Random random = new Random(1);
    double[] values = new double[600 * 3];
    for (int i = 0; i < 600; i++) {
      double shared = random.nextGaussian();
      values[3 * i] = 1e9 + shared + 0.3 * random.nextGaussian();
      values[3 * i + 1] = 1e-6 * (shared - 0.3 * random.nextGaussian());
      values[3 * i + 2] = 5e4 * Math.exp(random.nextGaussian());
    }
    table = folder.resolve("table.npy").toString();
    SampleWriter.write(Path.of(table), StoredSamples.ofDoubles("table", 3, values));
    model = folder.resolve("m.mfa").toString();
  }

  @Test
  void likelihoodsOfFitAndScoreAgreeAndSamplesLieWhereTheRowsDo() throws IOException {
    JsonNode fitted =
        json(
            "fit",
            table,
            "-o",
            model,
            "--components",
            "3",
            "--factors",
            "2",
            "--validation",
            "none");
    double told = fitted.get("exact_log_likelihood").asDouble();
    double scored = json("score", model, table).get("mean_log_likelihood").asDouble();
    assertThat(scored).isCloseTo(told, org.assertj.core.api.Assertions.within(1e-6));
    String samples = folder.resolve("s.npy").toString();
    json("sample", model, "-n", "50", "--noise", "-o", samples);
    Samples drawn = DataSource.open(samples, DataOptions.defaults(), Progress.SILENT);
    assertThat(drawn.type()).isEqualTo(ElementType.FLOAT64);
    assertThat(json("ndb", table, samples, "--bins", "3", "--whiten").get("results")).hasSize(1);
  }

  @Test
  void aTrainingThatGoesAstrayFailsWithOneLine() {
    Outcome outcome =
        mixel(
            "fit",
            table,
            "-o",
            model,
            "--components",
            "3",
            "--factors",
            "1",
            "--trainer",
            "sgd",
            "--learning-rate",
            "1000",
            "--quiet");
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.err()).contains("sgd diverged").hasLineCount(1);
    assertThat(Path.of(model)).doesNotExist();
  }

  @Test
  void rowsOfWhichNothingIsSeenAreNoOutliers() throws IOException {
    float[] values = new float[40 * 4];
    Random random = new Random(2);
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 4 == 7 ? Float.NaN : random.nextFloat() / 20;
    }
    String images = folder.resolve("images.npy").toString();
    SampleWriter.write(
        Path.of(images), StoredSamples.ofFloats("images", 4, new ImageShape(1, 2, 2), values));
    json("fit", images, "-o", model, "--components", "1", "--factors", "1");
    String picture = folder.resolve("o.png").toString();
    JsonNode scored = json("score", model, images, "--outliers", "40", "-o", picture);
    assertThat(scored.get("log_likelihood").get(7).asDouble()).isZero();
    assertThat(scored.get("outliers")).hasSize(39);
  }
}
