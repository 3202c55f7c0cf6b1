package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.with;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.cli.Runs.Outcome;
import org.mixel.data.ImageShape;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.SafeTensors;

/** The options of {@code mixel train} reach the training, whose model names them. */
class TrainCommandTest {
  @TempDir private Path folder;
  private Path data;
  private Path model;

  @BeforeEach
  void writeRows() {
    Random random = new Random(1);
    float[] values = new float[80];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    data = folder.resolve("data.npy");
    SampleWriter.write(data, StoredSamples.ofFloats("points", 2, null, values));
    model = folder.resolve("m");
  }

  private Outcome train(String kind, String... more) {
    String[] train = {
      "train", kind, data.toString(), "-o", model.toString(), "--width=4", "--batch=8"
    };
    return mixel(with(train, more));
  }

  @Test
  void aModelNamesTheSettingsOfItsTraining() {
    assertThat(
            train(
                    "wgan",
                    "--steps=1",
                    "--critic-bursts",
                    "--free-scales",
                    "--average=0.99",
                    "--decay")
                .err())
        .doesNotContain("mixel:");
    assertThat(SafeTensors.readMetadata(model))
        .containsEntry("critic_bursts", "true")
        .containsEntry("free_scales", "true")
        .containsEntry("average", "0.99")
        .containsEntry("decay", "true");
    assertThat(train("began", "--steps=1", "--lambda-k=0.01", "--stall=50").err())
        .doesNotContain("mixel:");
    assertThat(SafeTensors.readMetadata(model))
        .containsEntry("gamma", "0.5")
        .containsEntry("lambda_k", "0.01")
        .containsEntry("stall", "50");
    assertThat(train("wgan", "--steps=1").err()).doesNotContain("mixel:");
    assertThat(SafeTensors.readMetadata(model))
        .doesNotContainKeys(
            "critic_bursts", "free_scales", "average", "decay", "lambda_k", "stall");
  }

  @Test
  void anAutoEncoderNamesTheWeightOfItsFeatures() {
    ImageShape shape = new ImageShape(1, 8, 8);
    byte[] pixels = new byte[20 * shape.dims()];
    new Random(1).nextBytes(pixels);
    SampleWriter.write(data, StoredSamples.ofBytes("images", shape, pixels));
    assertThat(train("vae-dfc", "--steps=1", "--feature-weight=3").err()).doesNotContain("mixel:");
    assertThat(SafeTensors.readMetadata(model))
        .containsEntry("features", "random")
        .containsEntry("feature_weight", "3.0");
  }

  /**
   * Three components of equal weight about random rows, whose weights move unless they are fixed.
   */
  @Test
  void anAdversarialMixtureBeginsWithOneMadeOfTheRows() throws Exception {
    String[] options = {"--init=random", "--components=3", "--factors=1", "--steps=3"};
    double[] first = {1 / 3.0, 1 / 3.0, 1 / 3.0};
    assertThat(weights(with(options, "--fix-weights"))).containsExactly(first, within(1e-6));
    double[] learned = weights(with(options, "--learning-rate=0.01"));
    assertThat(learned).hasSize(3);
    assertThat(Math.abs(learned[0] - first[0])).isGreaterThan(1e-3);
    double[] clusters = weights("--init=kmeans", "--components=2", "--factors=1", "--steps=1");
    assertThat(clusters).hasSize(2);
    Path start = Files.move(model, folder.resolve("start.mfa"));
    assertThat(weights("--init=" + start, "--steps=1")).hasSize(2);
  }

  /** Bins that the data are too few for are refused before an earlier training's log goes. */
  @Test
  void aRefusedEvaluationLeavesTheEarlierLog() throws IOException {
    train("dcgan", "--steps=2");
    Path log = folder.resolve(model.getFileName() + ".metrics.csv");
    String before = Files.readString(log);
    Outcome refused = train("dcgan", "--steps=2", "--evaluate-every=1", "--evaluate-bins=100000");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(Files.readString(log)).isEqualTo(before);
  }

  private double[] weights(String... options) {
    assertThat(train("adversarial-mfa", options).err()).doesNotContain("mixel:");
    try (MixtureOfFactorAnalyzers mixture = MixtureOfFactorAnalyzers.load(model)) {
      return mixture.weights();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dcgan | --average=1 | --average must be at least 0 and below 1, got 1.0",
        "began | --lambda-k=2 | --lambda-k must be above 0 and at most 1, got 2.0",
        "began | --stall=-1 | --stall must be at least 0, got -1",
        "wgan | --lambda-k=0.1 | --lambda-k does not go with wgan: it is an option of began",
        "dcgan | --stall=9 | --stall does not go with dcgan: it is an option of began",
        "wgan | --likelihood=gaussian | --likelihood does not go with wgan: it is an option of vae",
        "vae | --likelihood=beta | --likelihood must be continuous-bernoulli, gaussian or bernoulli, got beta",
        "wgan | --init=kmeans | --init does not go with wgan: it is an option of adversarial-mfa",
        "wgan | --fix-weights | --fix-weights does not go with wgan: it is an option of adversarial-mfa",
        "adversarial-mfa | --factors=2 | --components and --factors go with --init random or kmeans",
        "wgan-gp | --critic-bursts | --critic-bursts does not go with wgan-gp: it is an option of wgan",
        "vae-dfc | --feature-weight=0 | --feature-weight must be positive and finite, got 0.0",
        "vae | --feature-weight=2 | --feature-weight does not go with vae: it is an option of vae-dfc",
        "dcgan | --labels=l.npy | --labels are for --features labels and --classifier labels; give one of these, too",
        "dcgan | --free-scales | --free-scales does not go with dcgan: it is an option of wgan"
      })
  void whatCannotBeIsOneLineAndTwo(String kind, String option, String message) {
    assertThat(train(kind, option)).isEqualTo(new Outcome(2, "", "mixel: " + message + "\n"));
  }
}
