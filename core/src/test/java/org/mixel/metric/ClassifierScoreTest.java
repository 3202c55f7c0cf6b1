package org.mixel.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.metric.ClassifierScore.Options;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;

/**
 * The score is the formula's, for logits and for probabilities, over parts that the order of the
 * rows does not shape.
 */
class ClassifierScoreTest {
  private static final float NEVER = Float.NEGATIVE_INFINITY;
  private static final Options WHOLE = Options.defaults().withSplits(1);

  @TempDir Path folder;

  @Test
  void aClassifierThatTellsNothingScoresOne() {
    float[] logits = new float[700 * 5];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = i / 5;
    }
    ClassifierScore score = score(rows(5, logits), Options.defaults());
    assertThat(score.score()).isCloseTo(1, within(1e-12));
    assertThat(score.deviation()).isCloseTo(0, within(1e-12));
    assertThat(score.images()).isEqualTo(700);
    assertThat(score.classes()).isEqualTo(5);
    assertThat(score.data()).isEqualTo("made");
    assertThat(score.classifier()).isEqualTo("itself");
  }

  @Test
  void sureOfAllClassesEquallyOftenScoresTheirNumber() {
    float[] logits = new float[600 * 6];
    Arrays.fill(logits, NEVER);
    for (int i = 0; i < 600; i++) {
      logits[6 * i + i % 6] = i - 300;
    }
    assertThat(score(rows(6, logits), WHOLE).score()).isCloseTo(6, within(1e-12));
    // Numbers that float64 cannot take the exponential of.
    for (int i = 0; i < logits.length; i++) {
      logits[i] = logits[i] == NEVER ? -3e38f : 3e38f;
    }
    assertThat(score(rows(6, logits), WHOLE).score()).isCloseTo(6, within(1e-12));
  }

  /**
   * Rows (1/2, 1/2, 0) and (0, 1/4, 3/4), so p(y) = (1/4, 3/8, 3/8): the divergences are log(2) / 2
   * + log(4/3) / 2 and log(2/3) / 4 + 3 log(2) / 4.
   */
  @Test
  void twoImagesByHand() {
    double first = (Math.log(2) + Math.log(4.0 / 3)) / 2;
    double second = (Math.log(2.0 / 3) + 3 * Math.log(2)) / 4;
    double expected = Math.exp((first + second) / 2);
    float[] logits = {7, 7, NEVER, NEVER, 0, (float) Math.log(3)};
    assertThat(score(rows(3, logits), WHOLE).score()).isCloseTo(expected, within(1e-7));
    Samples images = images(3, 0.5f, 0.5f, 0, 0, 0.25f, 0.75f);
    ClassifierScore byNetwork = score("return x", images, WHOLE);
    assertThat(byNetwork.score()).isCloseTo(expected, within(1e-12));
    assertThat(byNetwork.classifier()).endsWith("network.pt");
  }

  @Test
  void probabilitiesAndTheirLogitsScoreTheSame() {
    Samples images = images(4, uniform(4 * 300, 1));
    Options options = Options.defaults().withSeed(3);
    ClassifierScore logits = score("return 9 * x", images, options);
    ClassifierScore sure = score("return torch.softmax(9 * x.view(-1, 4), 1)", images, options);
    assertThat(sure.score()).isCloseTo(logits.score(), within(1e-6));
    assertThat(sure.deviation()).isCloseTo(logits.deviation(), within(1e-6));
    assertThat(logits.score()).isBetween(1.5, 3.5);
    ClassifierScore own =
        ClassifierScore.of(
            images,
            "net",
            rows -> rows.mul(new Scalar(9)),
            options,
            ComputeDevice.CPU,
            Progress.SILENT);
    assertThat(own.score()).isCloseTo(logits.score(), within(1e-6));
  }

  /** One row that does not sum to 1 makes all of them logits. */
  @Test
  void positiveLogitsAreNoProbabilities() {
    float[] values = {1, 0, 0, 1, 1, 0.002f};
    double p = 1 / (1 + Math.exp(-1));
    double q = 1 / (1 + Math.exp(-0.998));
    double[] mean = {(p + 1 - p + q) / 3, (1 - p + p + 1 - q) / 3};
    double expected = 0;
    for (double[] row : new double[][] {{p, 1 - p}, {1 - p, p}, {q, 1 - q}}) {
      for (int y = 0; y < 2; y++) {
        expected += row[y] * Math.log(row[y] / mean[y]) / 3;
      }
    }
    assertThat(score("return x", images(2, values), WHOLE).score())
        .isCloseTo(Math.exp(expected), within(1e-7));
    values[5] = 0.0005f;
    assertThat(score("return x", images(2, values), WHOLE).score()).isGreaterThan(1.88);
  }

  /** Of classes A, A and B in parts of 2 and 1: {AA}, {B} scores 1 and 1, {AB}, {A} 2 and 1. */
  @Test
  void meanAndDeviationOverTheParts() {
    float[] logits = {0, NEVER, 0, NEVER, NEVER, 0};
    Set<String> seen = new TreeSet<>();
    for (int seed = 0; seed < 30; seed++) {
      ClassifierScore score = score(rows(2, logits), WHOLE.withSplits(2).withSeed(seed));
      seen.add("%.6f %.6f".formatted(score.score(), score.deviation()));
    }
    assertThat(seen).containsExactly("1.000000 0.000000", "1.500000 0.500000");
    assertThat(score(rows(2, logits), WHOLE).deviation()).isNaN();
    assertThat(score(rows(2, logits), WHOLE.withSplits(3)).score()).isCloseTo(1, within(1e-12));
  }

  @Test
  void rowsInTheOrderOfTheirClassesScoreAsInAnyOther() {
    float[] sorted = new float[2000 * 4];
    Arrays.fill(sorted, NEVER);
    for (int i = 0; i < 2000; i++) {
      sorted[4 * i + i / 500] = 0;
    }
    ClassifierScore score = score(rows(4, sorted), Options.defaults());
    assertThat(score.score()).isBetween(3.9, 4.0);
    assertThat(score.deviation()).isBetween(0.001, 0.1);
  }

  @Test
  void theSeedChoosesAmongManyImages() {
    Samples many = rows(3, uniform(3 * 900, 2));
    Options some = Options.defaults().withImages(100);
    ClassifierScore first = score(many, some);
    assertThat(first.images()).isEqualTo(100);
    assertThat(first).isEqualTo(score(many, some)).isNotEqualTo(score(many, some.withSeed(1)));
  }

  @Test
  void unusableInputIsRefused() {
    float[] logits = uniform(3 * 400, 5);
    Options options = Options.defaults();
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      logits[3 * 390 + 1] = bad;
      assertRefused(
          () -> score(rows(3, logits).select(new int[] {1, 2, 390}), WHOLE),
          "made: row 390 (counted from 0): itself gives NaN or infinity; remove or repair the row,"
              + " or take another classifier");
    }
    assertRefused(
        () -> score("return x / x", images(3, 0, 1, 1, 1, 1, 1), WHOLE),
        folder.resolve("network.pt") + ": gives NaN or infinite numbers for row 0 of made, whose");
    assertRefused(
        () -> score(rows(3, new float[12]), options),
        "made: 4 images cannot be divided into 10 splits; take more images, or fewer splits");
    assertRefused(
        () -> score(rows(3, uniform(60, 1)), options.withImages(9)),
        "made: 9 images cannot be divided into 10 splits");
    assertRefused(
        () -> score(rows(1, new float[20]), options),
        "itself: tells 1 class, and a score needs at least 2; take a classifier that gives");
    assertRefused(
        () -> score("return x.view(-1, 3).sum(1)", images(3, new float[60]), options),
        folder.resolve("network.pt") + ": tells 1 class, and a score needs at least 2");
    assertRefused(
        () -> score("return x", rows(3, new float[60]), options),
        "made: its rows are not images, and " + folder.resolve("network.pt") + " takes images");
    assertRefused(() -> options.withImages(0), "images must be at least 1, got 0");
    assertRefused(() -> options.withSplits(0), "splits must be at least 1, got 0");
  }

  private static void assertRefused(Runnable action, String complaint) {
    assertThatThrownBy(action::run)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(complaint)
        .hasMessageNotContaining("\n");
  }

  /** Scores rows that are their own logits. */
  private static ClassifierScore score(Samples logits, Options options) {
    return ClassifierScore.of(
        logits, "itself", rows -> rows, options, ComputeDevice.CPU, Progress.SILENT);
  }

  private ClassifierScore score(String body, Samples images, Options options) {
    Path file = folder.resolve("network.pt");
    try (NativeScope scope = new NativeScope()) {
      JitModule module = new JitModule(new QualifiedName("__torch__.network"));
      module.define("def forward(self, x):\n    " + body + "\n");
      module.save(file.toString());
    }
    try (FeatureNetwork network = FeatureNetwork.load(file, ComputeDevice.CPU)) {
      return ClassifierScore.of(images, network, options, Progress.SILENT);
    }
  }

  private static Samples rows(int dims, float[] values) {
    return StoredSamples.ofFloats("made", dims, null, values);
  }

  /** Grey images of one line. */
  private static Samples images(int width, float... values) {
    return StoredSamples.ofFloats("made", width, new ImageShape(1, 1, width), values);
  }

  private static float[] uniform(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }
}
