package org.mixel.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.neural.AdversarialMfa;
import org.mixel.neural.Began;
import org.mixel.neural.Dcgan;
import org.mixel.neural.Pix2Pix;
import org.mixel.neural.Vae;
import org.mixel.neural.VaeDfc;
import org.mixel.neural.Wgan;
import org.mixel.neural.WganGp;
import org.mixel.report.Block;
import org.mixel.tensor.ComputeDevice;

/**
 * The comparison of all models runs from data to report on small images, has a row for every model,
 * and takes what is trained already from its folder.
 */
class MnistStudyTest {
  private static final ImageShape SHAPE = new ImageShape(1, 16, 16);
  private static final int ROWS = 300;

  @TempDir private Path folder;

  @Test
  void everyModelIsTrainedOnceAndJudged() throws IOException {
    List<Block.Table> first = run();
    assertThat(first).hasSize(1);
    List<List<String>> rows = first.get(0).rows();
    assertThat(rows)
        .extracting(row -> row.get(0))
        .containsExactly(
            "train images",
            "test images",
            "mfa",
            "pix2pix",
            "adversarial-mfa",
            "vae",
            "vae-dfc",
            "dcgan",
            "began",
            "wgan",
            "wgan-gp");
    // Two modes with two numbers of bins each.
    assertThat(rows).allSatisfy(row -> assertThat(row.subList(2, 6)).allMatch(isShare()));
    assertThat(folder.resolve("report.html")).isNotEmptyFile();
    assertThat(Files.readString(folder.resolve("report.md"))).contains("| wgan-gp |");
    assertThat(folder.resolve("adversarial-mfa.png")).isNotEmptyFile();
    FileTime trained = Files.getLastModifiedTime(folder.resolve("models/dcgan.net"));

    String of = settingOf("pix2pix.net");

    assertThat(run()).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(folder.resolve("models/dcgan.net"))).isEqualTo(trained);

    run(3);
    assertThat(Files.getLastModifiedTime(folder.resolve("models/dcgan.net"))).isEqualTo(trained);
    assertThat(settingOf("pix2pix.net")).as("of another mixture").isNotEqualTo(of);
  }

  private String settingOf(String model) throws IOException {
    return Files.readAllLines(folder.resolve("models/" + model + ".setting")).get(0);
  }

  private static java.util.function.Predicate<String> isShare() {
    return cell -> Double.parseDouble(cell) >= 0 && Double.parseDouble(cell) <= 1;
  }

  private List<Block.Table> run() {
    return run(2);
  }

  private List<Block.Table> run(int iterations) {
    List<NetworkSetting> networks =
        List.of(
                new Pix2Pix(),
                new AdversarialMfa(),
                new Vae(),
                new VaeDfc(),
                new Dcgan(),
                new Began(),
                new Wgan(),
                new WganGp())
            .stream()
            .map(
                recipe ->
                    new NetworkSetting(recipe, 2, 8, null, 2, recipe.needsMixture() ? null : 3))
            .toList();
    MnistStudy.Options options =
        new MnistStudy.Options(
            TrainingOptions.defaults(3, 2).withIterations(iterations),
            networks,
            60,
            List.of(4, 6),
            1,
            0);
    try (Interruption interruption = Interruption.watch()) {
      return MnistStudy.run(
          images("train", 1),
          images("test", 2),
          labels(),
          folder,
          options,
          "a test",
          ComputeDevice.CPU,
          interruption,
          Progress.SILENT);
    }
  }

  /** Bright halves, left or right by their class, with noise. */
  private static Samples images(String name, long seed) {
    Random random = new Random(seed);
    float[] values = new float[ROWS * SHAPE.dims()];
    for (int i = 0; i < values.length; i++) {
      int row = i / SHAPE.dims();
      boolean right = i % SHAPE.width() >= SHAPE.width() / 2;
      boolean bright = right == (labels()[row] == 1);
      values[i] = (bright ? 0.6f : 0.1f) + 0.3f * random.nextFloat();
    }
    return StoredSamples.ofFloats(name, SHAPE.dims(), SHAPE, values);
  }

  private static int[] labels() {
    int[] labels = new int[ROWS];
    Arrays.setAll(labels, i -> i % 2);
    return labels;
  }
}
