package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.cli.Runs.json;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.refused;
import static org.mixel.cli.Runs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.cli.Runs.Outcome;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/** {@code mixel fit}: every way to train ends in a model, and one that cannot be is refused. */
class FitCommandTest {
  @TempDir private Path folder;
  private ArrayFiles files;

  @BeforeEach
  void makeFiles() {
    files = new ArrayFiles(folder);
  }

  @Test
  void everyWayToTrainEndsInAModel() throws Exception {
    String images = files.stripes("images.npy");
    String model = folder.resolve("m.mfa").toString();
    String[] fit = {"fit", images, "-o", model, "--factors", "1", "--iterations", "2"};
    for (String trainer : List.of("em", "truncated-em", "stepwise-em", "sgd")) {
      JsonNode fitted = json(with(fit, "--components", "3", "--trainer", trainer));
      assertThat(fitted.get("trainer").asText()).isEqualTo(trainer);
      assertThat(fitted.get("exact_log_likelihood").isNumber()).isTrue();
      assertThat(fitted.get("validation_rows").asInt()).isZero();
    }
    JsonNode split = json(with(fit, "--components", "6", "--hierarchical", "2", "--test", images));
    assertThat(split.get("components").asInt()).isBetween(4, 8);
    assertThat(split.get("test_log_likelihood").isNumber()).isTrue();
    JsonNode sweep = json(with(fit, "--components", "1,3", "--validation", images));
    assertThat(sweep.get("settings")).hasSize(2);
    assertThat(sweep.get("settings").get(0).fieldNames())
        .toIterable()
        .contains("components", "bic", "validation_log_likelihood");
    assertThat(sweep.get("validation_rows").asInt()).isEqualTo(200);
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("images.npy", "m.mfa");
    }
  }

  @Test
  void waysToTrainThatCannotBeAreRefused() throws Exception {
    String images = files.stripes("images.npy");
    String model = folder.resolve("m.mfa").toString();
    String[] fit = {"fit", images, "-o", model};
    refused("--components must be a number", with(fit, "--components", "ten"));
    refused("components must be at least 1, got 0", with(fit, "--components", "0"));
    refused("noise floor must be from 1.0E-30", with(fit, "--noise-floor", "1e300"));
    refused("noise prior must be from 0 to", with(fit, "--noise-prior", "Infinity"));
    refused("--training-noise must be from", with(fit, "--training-noise", "1e-40"));
    refused("components must be at least 1, got 0", with(fit, "--components", "3,0"));
    refused("trainer must be em,", with(fit, "--trainer", "adam"));
    refused("init must be kmeans", with(fit, "--init", "zeros"));
    refused("--candidates is an option of", with(fit, "--candidates", "3"));
    refused("--learning-rate is an option of", with(fit, "--learning-rate", "1"));
    refused("needs --hierarchical", with(fit, "--rows-per-component", "9"));
    refused("not several", with(fit, "--hierarchical", "2", "--components", "2,3"));
    refused("give --validation", with(fit, "--components", "2,3"));
    refused("roots must be at least 1", with(fit, "--hierarchical", "0"));
    refused(
        "--hierarchical 200: roots must be at most --components, got 3; ask for fewer roots or more"
            + " components",
        with(fit, "--hierarchical", "200", "--components", "3"));
    refused("201 components need", with(fit, "--components", "201"));
    assertThat(Path.of(model)).doesNotExist();
  }

  @Test
  void theTableOfSizesAndTheLastLineTellTheSame() throws Exception {
    String images = files.stripes("images.npy");
    String model = folder.resolve("m.mfa").toString();
    String[] sweep = {"fit", images, "-o", model, "--components", "1,2", "--validation", images};
    String[] lines = mixel(with(sweep, "--iterations", "2")).out().split("\n");
    String kept = lines[3].substring(lines[3].indexOf(": ") + 2).split(" ")[0];
    String train =
        Stream.of(lines[1], lines[2])
            .map(line -> line.strip().split(" +"))
            .filter(cells -> cells[0].equals(kept))
            .map(cells -> cells[1])
            .findFirst()
            .orElseThrow();
    assertThat(lines[4]).contains("train " + train + " nats per row");
    double scored = json("score", model, images).get("mean_log_likelihood").asDouble();
    assertThat(Double.parseDouble(train)).isCloseTo(scored, within(0.006));
  }

  @Test
  void rowsOfWeightZeroAreLeftOut() throws Exception {
    String images = files.stripes("images.npy");
    String model = folder.resolve("m.mfa").toString();
    String[] fit = {"fit", images, "-o", model, "--components", "2", "--factors", "1"};
    byte[] weights = new byte[200];
    for (int i = 0; i < 150; i++) {
      weights[i] = (byte) (1 + i % 2);
    }
    String file = files.array("w.npy", "|u1", "200,", weights);
    JsonNode fitted = json(with(fit, "--iterations", "2", "--weights", file));
    assertThat(fitted.get("rows").asInt()).isEqualTo(150);
    refused(
        "--trainer sgd cannot learn from rows with weights",
        with(fit, "--weights", file, "--trainer", "sgd"));
    refused(
        "--weights is not an option of --hierarchical",
        with(fit, "--weights", file, "--hierarchical", "1"));
    String few = files.array("few.npy", "|u1", "3,", new byte[3]);
    refused("holds 3 weights, but " + images + " has 200 rows", with(fit, "--weights", few));
    refused(
        "all are 0", with(fit, "--weights", files.array("0.npy", "|u1", "200,", new byte[200])));
    refused("one number for each row", with(fit, "--weights", images));
  }

  @Test
  void aModelIsTheBeginningOfAnother() throws Exception {
    String images = files.stripes("images.npy");
    String old = folder.resolve("old.mfa").toString();
    String next = folder.resolve("next.mfa").toString();
    json("fit", images, "-o", old, "--components", "3", "--factors", "1", "--iterations", "2");
    String[] fit = {"fit", images, "-o", next, "--iterations", "2"};
    assertThat(json(with(fit, "--init", old)).get("components").asInt()).isEqualTo(3);
    JsonNode updated = json(with(fit, "--update", old, "--forget", "0.5"));
    assertThat(updated.get("factors").asInt()).isEqualTo(1);
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(Path.of(next))) {
      assertThat(model.metadata().get("learned_rows")).isEqualTo("300.0");
    }
    refused(
        "--components 2: --init " + old + " has 3", with(fit, "--init", old, "--components", "2"));
    refused(
        "--factors 2: --update " + old + " has 1", with(fit, "--update", old, "--factors", "2"));
    refused("--forget needs --update", with(fit, "--forget", "0.5"));
    refused("--forget must be from 0 to 1, got 1.5", with(fit, "--update", old, "--forget", "1.5"));
    refused("without --init", with(fit, "--update", old, "--init", old));
    refused("no such file", with(fit, "--init", folder.resolve("none.mfa").toString()));
    refused("--trainer sgd cannot update", with(fit, "--update", old, "--trainer", "sgd"));
    refused("is not for --hierarchical", with(fit, "--init", old, "--hierarchical", "2"));
    String vectors = files.array("v.npy", "|u1", "9, 5", new byte[45]);
    refused("3 components x 1 factors over", "fit", vectors, "-o", next, "--init", old);
  }

  @Test
  void mirrorImagesAreTrainingRowsToo() throws Exception {
    String model = folder.resolve("m.mfa").toString();
    String[] fit = {"fit", "-o", model, "--components", "2", "--factors", "1", "--mirror"};
    Outcome fitted = mixel(with(fit, files.stripes("images.npy"), "--iterations", "1"));
    assertThat(fitted.exitCode()).isZero();
    assertThat(fitted.out()).contains("400 rows of 64 values");
    refused("--mirror: the rows of", with(fit, files.normal("v.npy", 1, 0)));
  }

  @Test
  void missingValuesAreLearnedFromScoredAndCompleted() throws Exception {
    String images = files.stripes("images.npy");
    byte[] hidden = new byte[200 * 64];
    Random random = new Random(2);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = (byte) (random.nextInt(4) == 0 ? 1 : 0);
    }
    String masks = files.array("masks.npy", "|b1", "200, 8, 8", hidden);
    String model = folder.resolve("m.mfa").toString();
    String[] fit = {"fit", images, "-o", model, "--components", "2", "--factors", "1"};
    json(with(fit, "--iterations", "3", "--mask", masks));
    double whole = json("score", model, images).get("mean_log_likelihood").asDouble();
    double part =
        json("score", model, images, "--mask", "center").get("mean_log_likelihood").asDouble();
    assertThat(part).isLessThan(whole).isGreaterThan(0);

    String completed = folder.resolve("c.npy").toString();
    String variance = folder.resolve("v.npy").toString();
    JsonNode document =
        json(
            with(
                new String[] {"inpaint", model, images, "--mask", masks, "-o", completed},
                "--mode",
                "mean",
                "--variance",
                variance));
    assertThat(document.get("variance").asText()).isEqualTo(variance);
    byte[] variances = Files.readAllBytes(Path.of(variance));
    ByteBuffer values = ByteBuffer.wrap(variances).order(ByteOrder.LITTLE_ENDIAN);
    values.position(variances.length - 4 * hidden.length);
    for (byte each : hidden) {
      assertThat(values.getFloat() > 0).isEqualTo(each != 0);
    }

    float[] floats = new float[640];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = random.nextInt(3) == 0 ? Float.NaN : 0.5f;
    }
    String holes = files.images("holes.npy", floats);
    String mosaic = folder.resolve("c.png").toString();
    assertThat(json("inpaint", model, holes, "-o", mosaic).get("mask").isNull()).isTrue();
    assertThat(Path.of(mosaic)).exists();
    json("inpaint", model, holes, "--mask", "left", "--mode", "sample", "-o", completed);
    assertThat(json("score", model, holes).get("log_likelihood").get(0).isNumber()).isTrue();

    refused("no value is missing (NaN)", "inpaint", model, images, "-o", mosaic);
    refused("add --mode mean", "inpaint", model, holes, "-o", mosaic, "--variance", variance);
    refused("200 rows", "score", model, images, "--mask", holes);
    refused("NaN", "ndb", holes, holes, "--bins", "2");
  }

  @Test
  void dequantizedTrainingGivesBetterBitsOfFlatImages() throws Exception {
    byte[] grey = new byte[200 * 64];
    Arrays.fill(grey, (byte) 90);
    String flat = files.images("flat.npy", grey);
    String model = folder.resolve("m.mfa").toString();
    String[] fit = {"fit", flat, "-o", model, "--components", "1", "--factors", "1"};
    fit = with(fit, "--no-refit", "--noise-prior", "0", "--noise-floor", "0.000000001");
    fit = with(fit, "--dequantize");
    double test =
        json(with(fit, "--validation", flat, "--test", flat)).get("test_log_likelihood").asDouble();
    double bits = json("score", model, flat, "--bits-per-dim").get("bits_per_dim").asDouble();
    // Uniform noise has 0 bits; a Gaussian of its variance log2(2 pi e / 12) / 2 = 0.25.
    assertThat(bits).isBetween(0.2, 0.35);
    assertThat(test).isCloseTo(64 * Math.log(2) * (8 - bits), within(1e-6 * test));
    String floats = files.normal("n.npy", 1, 0);
    refused(
        "n.npy: only 8-bit pixels can be dequantised",
        "fit",
        floats,
        "-o",
        folder.resolve("x.mfa").toString(),
        "--dequantize");
  }
}
