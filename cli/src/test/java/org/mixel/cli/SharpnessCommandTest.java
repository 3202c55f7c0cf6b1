package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.cli.Runs.json;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.refused;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.cli.Runs.Outcome;
import org.mixel.data.ImageShape;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;

/** {@code mixel sharpness} prints one line for each set, of whatever size, and its document. */
class SharpnessCommandTest {
  @TempDir private Path folder;

  @Test
  void severalSetsOfDifferentSizesAreMeasured() throws Exception {
    String small = noise("small.npy", new ImageShape(1, 8, 8), 20, 3);
    String large = noise("large.npy", new ImageShape(3, 12, 10), 30, 0);
    Outcome text = mixel("sharpness", small, large);
    assertThat(text.err()).contains(small + ": 3 of 20 images are constant and were left out");
    assertThat(text.out().lines())
        .hasSize(3)
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).matches("data +images +sharpness +standard error");
              assertThat(lines.get(1)).matches("\\S+small.npy +20 +-\\d\\.\\d{3} +0\\.\\d{3}");
              assertThat(lines.get(2)).matches("\\S+large.npy +30 +-\\d\\.\\d{3} +0\\.\\d{3}");
            });
    JsonNode document = json("sharpness", small, large, "--seed", "5");
    assertThat(document.get("sigma").asDouble()).isEqualTo(1);
    assertThat(document.get("seed").asInt()).isEqualTo(5);
    JsonNode first = document.get("sharpness").get(0);
    assertThat(first.get("data").asText()).isEqualTo(small);
    assertThat(first.get("images").asInt()).isEqualTo(20);
    assertThat(first.get("constant").asInt()).isEqualTo(3);
    assertThat(first.get("standard_error").asDouble()).isPositive();
    assertThat(first).hasSize(5);
    double wide =
        json("sharpness", small, "--sigma", "3")
            .get("sharpness")
            .get(0)
            .get("sharpness")
            .asDouble();
    assertThat(wide).isGreaterThan(first.get("sharpness").asDouble() + 0.1);
    JsonNode few = json("sharpness", large, "--images", "1").get("sharpness").get(0);
    assertThat(few.get("images").asInt()).isEqualTo(1);
    assertThat(few.get("standard_error").isNull()).isTrue();
    assertThat(few.get("sharpness").asDouble()).isCloseTo(-0.4, within(0.4));
  }

  @Test
  void whatHasNoSharpnessIsOneLineAndTwo() throws Exception {
    String constant = noise("constant.npy", new ImageShape(1, 4, 4), 3, 3);
    String rows = folder.resolve("rows.npy").toString();
    SampleWriter.write(Path.of(rows), StoredSamples.ofFloats("rows", 5, null, new float[20]));
    refused("each of 3 images is of one value", mixel("sharpness", constant));
    refused("sharpness needs images", mixel("sharpness", rows));
    refused("images must be at least 1", mixel("sharpness", constant, "--images", "0"));
    refused("sigma must be", mixel("sharpness", constant, "--sigma", "0"));
    refused("DATA", mixel("sharpness"));
  }

  /** A NumPy file of random pixels, the first images of one value. */
  private String noise(String name, ImageShape shape, int images, int constant) {
    byte[] pixels = new byte[images * shape.dims()];
    new Random(1).nextBytes(pixels);
    Arrays.fill(pixels, 0, constant * shape.dims(), (byte) 77);
    Path file = folder.resolve(name);
    SampleWriter.write(file, StoredSamples.ofBytes(name, shape, pixels));
    return file.toString();
  }
}
