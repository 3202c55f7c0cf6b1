package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mixel.cli.Runs.json;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.refused;
import static org.mixel.cli.Runs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a mixture is answered, drawn and written, with the promised fields. */
class MixtureCommandsTest {
  @TempDir private Path folder;
  private ArrayFiles files;

  @BeforeEach
  void makeFiles() {
    files = new ArrayFiles(folder);
  }

  @Test
  void aModelIsFittedSampledScoredCompletedAndShown() throws Exception {
    String images = files.stripes("images.npy");
    String model = folder.resolve("m.mfa").toString();
    JsonNode fitted =
        json(
            "fit", images, "-o", model, "--components", "2", "--factors", "1", "--iterations", "3");
    assertFields(fitted, "components", "factors", "rows", "dims", "trainer", "seed", "seconds");
    assertThat(fitted.get("train_log_likelihood").size()).isBetween(1, 3);
    assertThat(fitted.get("model").asText()).isEqualTo(model);

    for (String name : List.of("s.npy", "s.npz", "s.png", "pictures")) {
      String output = folder.resolve(name).toString();
      assertFields(json("sample", model, "-n", "9", "-o", output), "rows", "dims", "output");
      assertThat(Path.of(output)).exists();
    }
    JsonNode scored = json("score", model, images);
    assertThat(scored.get("log_likelihood")).hasSize(scored.get("rows").asInt()).hasSize(200);
    assertThat(mixel("score", model, images, "--quiet").out())
        .startsWith("row,log_likelihood\n0,")
        .hasLineCount(201);
    String completed = folder.resolve("c.png").toString();
    assertFields(json("inpaint", model, images, "--mask", "left", "-o", completed), "mode");
    String shown = folder.resolve("k.png").toString();
    assertThat(json("components", model, "-o", shown).get("weights")).hasSize(2);
    assertThat(Path.of(completed)).exists();
    assertThat(Path.of(shown)).exists();
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all.map(file -> file.getFileName().toString())).noneMatch(n -> n.startsWith("."));
    }
  }

  @Test
  void twoFactorsOfOneComponentAreCountedFromOne() throws Exception {
    String model = folder.resolve("m.mfa").toString();
    json("fit", files.stripes("images.npy"), "-o", model, "--components", "3", "--iterations", "2");
    String shown = folder.resolve("k.png").toString();
    JsonNode grid = json("components", model, "--show", "2,0", "--grid", "1,6", "-o", shown);
    assertThat(grid.get("components").toString()).isEqualTo("[2]");
    assertThat(grid.get("weights")).hasSize(1);
    assertThat(grid.get("factors").toString()).isEqualTo("[1,6]");
    assertThat(json("components", model, "-o", shown).get("factors").isNull()).isTrue();
    assertThat(mixel("components", model, "--grid", "2,1", "--show", "1", "-o", shown).out())
        .isEqualTo(shown + ": component 1, factors 2 and 1\n");
    for (String wrong : List.of("0,1", "1,7", "2,2", "1")) {
      refused(
          "--grid takes two different factors, counted from 1 to 6, such as 1,2; got " + wrong,
          with(new String[] {"components", model, "-o", shown}, "--grid", wrong));
    }
  }

  @Test
  void drawsOfARowStandTogether() throws Exception {
    String images = files.stripes("images.npy");
    String model = folder.resolve("m.mfa").toString();
    json("fit", images, "-o", model, "--components", "2", "--iterations", "2");
    String output = folder.resolve("c.npy").toString();
    String[] inpaint = {"inpaint", model, images, "--mask", "left", "-o", output};
    assertThat(mixel(with(inpaint, "--mode", "sample", "--draws", "3")).out())
        .isEqualTo(output + ": 200 rows, 3 completions each\n");
    byte[] pixels = Files.readAllBytes(Path.of(images));
    byte[] completed = Files.readAllBytes(Path.of(output));
    ByteBuffer values = ByteBuffer.wrap(completed).order(ByteOrder.LITTLE_ENDIAN);
    int start = completed.length - 4 * 600 * 64;
    for (int row = 0; row < 600; row++) {
      // The last pixel is seen, so it is that of the original.
      float last = values.getFloat(start + 4 * (64 * row + 63));
      int original = pixels[pixels.length - 200 * 64 + 64 * (row / 3) + 63] & 0xff;
      assertThat(Math.round(255 * last)).isEqualTo(original);
    }
    assertThat(mixel(inpaint).out()).isEqualTo(output + ": 200 rows completed\n");
    Path black = folder.resolve("black.png");
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "png", black.toFile());
    refused(
        "black.png: hides no value; bright pixels, and numbers that are not zero, are hidden",
        "inpaint",
        model,
        images,
        "--mask",
        black.toString(),
        "-o",
        output);
  }

  @Test
  void rowsAreReconstructed() throws Exception {
    String images = files.stripes("images.npy");
    String model = folder.resolve("m.mfa").toString();
    json("fit", images, "-o", model, "--components", "2", "--factors", "1", "--iterations", "3");
    for (String name : List.of("r.npy", "r.npz", "r.png", "reconstructed")) {
      String output = folder.resolve(name).toString();
      JsonNode document = json("reconstruct", model, images, "-o", output);
      assertThat(document.get("rows").asInt()).isEqualTo(name.equals("r.png") ? 48 : 200);
      assertThat(document.get("dims").asInt()).isEqualTo(64);
      assertThat(document.get("output").asText()).isEqualTo(output);
      // Uniform noise of 40 grey levels, less what factors take.
      assertThat(document.get("mean_squared_error").asDouble()).isBetween(0.0015, 0.0021);
      assertThat(Path.of(output)).exists();
    }
    String output = folder.resolve("again.npy").toString();
    assertThat(mixel("reconstruct", model, images, "-o", output).out())
        .startsWith(output + ": 200 rows reconstructed, mean squared error 0.00");
    refused("rows have 2 values", "reconstruct", model, files.normal("n.npy", 1, 0), "-o", output);
    refused("rows go into", "reconstruct", model, images, "-o", folder.resolve("x.csv").toString());
    refused("is an input", "reconstruct", model, images, "-o", images);
  }

  @Test
  void aThresholdOnNormalRowsMarksOutliers() throws Exception {
    String rows = files.normal("rows.npy", 1, 0);
    String model = folder.resolve("m.mfa").toString();
    json("fit", rows, "-o", model, "--components", "1", "--factors", "1");
    String fresh = files.normal("fresh.npy", 2, 0);
    String[] score = {"score", model, files.normal("far.npy", 3, 9), "--normal", fresh};
    JsonNode document = json(with(score, "--false-alarms", "0.01"));
    assertThat(document.get("false_alarms").asDouble()).isEqualTo(0.01);
    assertThat(document.get("outlier")).hasSize(400).allMatch(JsonNode::asBoolean);
    assertThat(document.get("auroc").asDouble()).isEqualTo(1);
    // 0.01 * 401 is 4 and a little: the fourth smallest, below which three of these rows lie.
    JsonNode same = json("score", model, fresh, "--normal", fresh, "--false-alarms", "0.01");
    List<Double> scores = new ArrayList<>();
    same.get("log_likelihood").forEach(value -> scores.add(value.asDouble()));
    assertThat(same.get("auroc").asDouble()).isEqualTo(0.5);
    assertThat(same.get("threshold").asDouble())
        .isEqualTo(document.get("threshold").asDouble())
        .isEqualTo(scores.stream().sorted().toList().get(3));
    String text =
        mixel("score", model, fresh, "--normal", fresh, "--false-alarms", "0.01", "--quiet").out();
    assertThat(text).startsWith("row,log_likelihood,outlier\n0,").hasLineCount(401);
    assertThat(text.lines().filter(line -> line.endsWith(",1"))).hasSize(3);
    assertThat(text.lines().filter(line -> line.endsWith(",0"))).hasSize(397);
    assertThat(json("score", model, fresh).has("threshold")).isFalse();

    refused("go together", score);
    refused("go together", "score", model, fresh, "--false-alarms", "0.1");
    refused("--false-alarms must be above 0 and below 1, got 0.0", with(score, "--false-alarms=0"));
    refused(
        "--false-alarms 0.001 needs at least 999 rows in --normal, got 400; give more rows",
        with(score, "--false-alarms", "0.001"));
  }

  @Test
  void strangeImagesAreThoseFarFromTheirComponent() throws Exception {
    byte[] pixels = new byte[400 * 64];
    Random random = new Random(3);
    for (int i = 0; i < pixels.length; i++) {
      int image = i / 64;
      pixels[i] = (byte) (100 + 40 * (image % 3) + 10 * (i % 8) + random.nextInt(9));
    }
    String images = files.images("images.npy", pixels);
    for (int i = 7 * 64; i < 8 * 64; i++) {
      pixels[i] = (byte) (200 - 10 * (i % 8));
    }
    String odd = files.images("odd.npy", pixels);
    String model = folder.resolve("m.mfa").toString();
    json("fit", images, "-o", model, "--components", "3", "--factors", "1");
    String[] score = {
      "score", model, odd, "--outliers", "2", "-o", folder.resolve("o.png").toString()
    };
    JsonNode document = json(score);
    assertThat(document.get("familiarity")).hasSize(400);
    assertThat(document.get("outliers").get(0).asInt()).isEqualTo(7);
    assertThat(json(with(score, "--by", "likelihood")).has("familiarity")).isFalse();
    assertThat(mixel(with(score, "--quiet")).out())
        .startsWith("row,log_likelihood,familiarity\n0,")
        .hasLineCount(401);
    String[] alarms = {"score", model, odd, "--normal", images, "--false-alarms", "0.01"};
    assertThat(json(alarms).has("familiarity")).isFalse();
    JsonNode marked = json(with(alarms, "--by", "familiarity"));
    assertThat(marked.get("outlier").get(7).asBoolean()).isTrue();
    assertThat(marked.get("threshold").asDouble()).isBetween(-100.0, 0.0);
    refused("--by must be familiarity or likelihood", with(score, "--by", "x"));
    refused("--by needs --outliers or --false-alarms", "score", model, odd, "--by", "likelihood");
    refused("of whole images", with(score, "--by", "familiarity", "--mask", "left"));
    json("fit", images, "-o", model, "--components", "3", "--factors", "1", "--no-refit");
    refused("has learned no familiarity", with(score, "--by", "familiarity"));
    assertThat(json(score).has("familiarity")).isFalse();
  }

  private static void assertFields(JsonNode document, String... names) {
    for (String name : names) {
      assertThat(document.has(name)).as(name + " in " + document).isTrue();
    }
  }
}
