package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.cli.Runs.Outcome;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/** Each command reaches the code behind it, and its document has the promised fields. */
class CommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void dataListTellsWhereSetsLie() throws Exception {
    JsonNode set = json("data", "list").get("sets").get(0);
    assertThat(set.get("name").asText()).isEqualTo("mnist");
    assertThat(Path.of(set.get("folder").asText())).isAbsolute();
    assertThat(mixel("data", "list").out()).startsWith("mnist (parts train, test)\n");
    assertThat(mixel("data", "get", "mnits").exitCode()).isEqualTo(2);
  }

  @Test
  void benchListsItsCases() throws Exception {
    JsonNode first = json("bench", "--list").get("cases").get(0);
    assertThat(first.get("name").asText()).isEqualTo("kmeans-mnist");
    assertThat(mixel("bench", "nothing").exitCode()).isEqualTo(2);
  }

  @Test
  void ndbToldApartSetsThatDiffer() throws Exception {
    String reference = normal("reference.npy", 1, 0);
    String same = normal("same.npy", 2, 0);
    String moved = normal("moved.npy", 3, 1);
    String saved = folder.resolve("bins.safetensors").toString();
    JsonNode document =
        json("ndb", reference, same, moved, "--bins", "5,10", "--seed", "3", "--save-bins", saved);
    assertThat(document.get("reference").get("rows").asInt()).isEqualTo(400);
    List<Integer> different = new ArrayList<>();
    for (JsonNode result : document.get("results")) {
      assertThat(result.get("seed").asInt()).isEqualTo(3);
      assertThat(result.get("proportions")).hasSize(result.get("bins").asInt());
      different.add(result.get("ndb").asInt());
    }
    assertThat(different.get(0) + different.get(1)).isLessThan(4);
    assertThat(different.get(2)).isGreaterThan(2);
    Outcome again =
        mixel("ndb", reference, moved, "--bins", "5,10", "--seed", "3", "--bins-file", saved);
    assertThat(again.out().lines().skip(1).takeWhile(line -> !line.isEmpty()))
        .hasSize(2)
        .allMatch(line -> line.startsWith(moved));
    assertThat(again.out()).contains("p of all at once");
  }

  @Test
  void aModelIsFittedSampledScoredCompletedAndShown() throws Exception {
    String images = stripes("images.npy");
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
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(n -> n.startsWith("."));
    }
  }

  @Test
  void twoFactorsOfOneComponentAreCountedFromOne() throws Exception {
    String model = folder.resolve("m.mfa").toString();
    json("fit", stripes("images.npy"), "-o", model, "--components", "3", "--iterations", "2");
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
    String images = stripes("images.npy");
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
  }

  @Test
  void rowsAreReconstructed() throws Exception {
    String images = stripes("images.npy");
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
    refused("rows have 2 values", "reconstruct", model, normal("n.npy", 1, 0), "-o", output);
    refused("rows go into", "reconstruct", model, images, "-o", folder.resolve("x.csv").toString());
    refused("is an input", "reconstruct", model, images, "-o", images);
  }

  @Test
  void aThresholdOnNormalRowsMarksOutliers() throws Exception {
    String rows = normal("rows.npy", 1, 0);
    String model = folder.resolve("m.mfa").toString();
    json("fit", rows, "-o", model, "--components", "1", "--factors", "1");
    String fresh = normal("fresh.npy", 2, 0);
    String[] score = {"score", model, normal("far.npy", 3, 9), "--normal", fresh};
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
    String images = numpy("images.npy", "|u1", "400, 8, 8", pixels);
    for (int i = 7 * 64; i < 8 * 64; i++) {
      pixels[i] = (byte) (200 - 10 * (i % 8));
    }
    String odd = numpy("odd.npy", "|u1", "400, 8, 8", pixels);
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

  @Test
  void dequantizedTrainingGivesBetterBitsOfFlatImages() throws Exception {
    byte[] grey = new byte[200 * 64];
    Arrays.fill(grey, (byte) 90);
    String flat = numpy("flat.npy", "|u1", "200, 8, 8", grey);
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
    String floats = normal("n.npy", 1, 0);
    refused(
        "n.npy: only 8-bit pixels can be dequantised",
        "fit",
        floats,
        "-o",
        folder.resolve("x.mfa").toString(),
        "--dequantize");
  }

  @Test
  void quietIsQuietAndNotesAreNoErrors() throws Exception {
    String images = stripes("images.npy");
    String model = folder.resolve("m.mfa").toString();
    // Far more components than stripes: most lose their rows.
    String[] fit = {"fit", images, "-o", model, "--components", "60", "--factors", "1"};
    fit = with(fit, "--noise-prior", "0", "--init", "random", "--iterations", "2");
    assertThat(mixel(with(fit, "--trainer", "em")).err().lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("note: "))
        .anyMatch(line -> line.contains("of 60 components lost their rows"));
    assertThat(mixel(with(fit, "--trainer", "em", "--quiet")).err()).isEmpty();
  }

  @Test
  void theTableOfSizesAndTheLastLineTellTheSame() throws Exception {
    String images = stripes("images.npy");
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
  void missingValuesAreLearnedFromScoredAndCompleted() throws Exception {
    String images = stripes("images.npy");
    byte[] hidden = new byte[200 * 64];
    Random random = new Random(2);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = (byte) (random.nextInt(4) == 0 ? 1 : 0);
    }
    String masks = numpy("masks.npy", "|b1", "200, 8, 8", hidden);
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

    ByteBuffer floats = ByteBuffer.allocate(4 * 640).order(ByteOrder.LITTLE_ENDIAN);
    while (floats.hasRemaining()) {
      floats.putFloat(random.nextInt(3) == 0 ? Float.NaN : 0.5f);
    }
    String holes = numpy("holes.npy", "<f4", "10, 8, 8", floats.array());
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
  void everyWayToTrainEndsInAModel() throws Exception {
    String images = stripes("images.npy");
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
    assertFields(sweep.get("settings").get(0), "components", "bic", "validation_log_likelihood");
    assertThat(sweep.get("validation_rows").asInt()).isEqualTo(200);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("images.npy", "m.mfa");
    }
  }

  @Test
  void waysToTrainThatCannotBeAreRefused() throws Exception {
    String images = stripes("images.npy");
    String model = folder.resolve("m.mfa").toString();
    String[] fit = {"fit", images, "-o", model};
    refused("--components must be a number", with(fit, "--components", "ten"));
    refused("components must be at least 1, got 0", with(fit, "--components", "0"));
    refused("components must be at least 1, got 0", with(fit, "--components", "3,0"));
    refused("trainer must be em,", with(fit, "--trainer", "adam"));
    refused("init must be one of kmeans", with(fit, "--init", "zeros"));
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
  void rowsOfWeightZeroAreLeftOut() throws Exception {
    String images = stripes("images.npy");
    String model = folder.resolve("m.mfa").toString();
    String[] fit = {"fit", images, "-o", model, "--components", "2", "--factors", "1"};
    byte[] weights = new byte[200];
    for (int i = 0; i < 150; i++) {
      weights[i] = (byte) (1 + i % 2);
    }
    String file = numpy("w.npy", "|u1", "200,", weights);
    JsonNode fitted = json(with(fit, "--iterations", "2", "--weights", file));
    assertThat(fitted.get("rows").asInt()).isEqualTo(150);
    refused(
        "--trainer sgd cannot learn from rows with weights",
        with(fit, "--weights", file, "--trainer", "sgd"));
    refused(
        "--weights is not an option of --hierarchical",
        with(fit, "--weights", file, "--hierarchical", "1"));
    String few = numpy("few.npy", "|u1", "3,", new byte[3]);
    refused("holds 3 weights, but " + images + " has 200 rows", with(fit, "--weights", few));
    refused("all are 0", with(fit, "--weights", numpy("0.npy", "|u1", "200,", new byte[200])));
    refused("one number for each row", with(fit, "--weights", images));
  }

  @Test
  void aModelIsTheBeginningOfAnother() throws Exception {
    String images = stripes("images.npy");
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
    String vectors = numpy("v.npy", "|u1", "9, 5", new byte[45]);
    refused("3 components x 1 factors over", "fit", vectors, "-o", next, "--init", old);
  }

  @Test
  void mirrorImagesAreTrainingRowsToo() throws Exception {
    String model = folder.resolve("m.mfa").toString();
    String[] fit = {"fit", "-o", model, "--components", "2", "--factors", "1", "--mirror"};
    Outcome fitted = mixel(with(fit, stripes("images.npy"), "--iterations", "1"));
    assertThat(fitted.exitCode()).isZero();
    assertThat(fitted.out()).contains("400 rows of 64 values");
    refused("--mirror: the rows of", with(fit, normal("v.npy", 1, 0)));
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }

  private static void refused(String because, String... arguments) {
    Outcome outcome = mixel(with(arguments, "--quiet"));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("mixel: ").contains(because).hasLineCount(1);
  }

  @Test
  void unusableFilesEndWithOneLineAndTwo() throws Exception {
    String text = Files.writeString(folder.resolve("x.mfa"), "no model").toString();
    Outcome outcome = mixel("score", text, stripes("images.npy"));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("mixel: " + text).hasLineCount(1);
    assertThat(mixel("fit", "nowhere.npy", "-o", text).err())
        .startsWith("mixel: nowhere.npy: no such file or folder")
        .hasLineCount(1);
  }

  private static void assertFields(JsonNode document, String... names) {
    for (String name : names) {
      assertThat(document.has(name)).as(name + " in " + document).isTrue();
    }
  }

  private JsonNode json(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("--json"));
    all.addAll(List.of(arguments));
    Outcome outcome = mixel(all.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return JSON.readTree(outcome.out());
  }

  private static Outcome mixel(String... arguments) {
    return Runs.run(session -> Answer.of("", ""), arguments);
  }

  /** A NumPy file of 400 points in the plane around (center, center). */
  private String normal(String name, long seed, double center) throws IOException {
    Random random = new Random(seed);
    ByteBuffer values = ByteBuffer.allocate(3200).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      values.putFloat((float) (center + random.nextGaussian()));
    }
    return numpy(name, "<f4", "400, 2", values.array());
  }

  /** A NumPy file of 200 noisy pictures of 8x8 pixels with bright rows or columns. */
  private String stripes(String name) throws IOException {
    Random random = new Random(1);
    byte[] pixels = new byte[200 * 64];
    for (int i = 0; i < pixels.length; i++) {
      boolean bright = (i / 64 % 2 == 0 ? i % 8 : i / 8 % 8) % 2 == 0;
      pixels[i] = (byte) ((bright ? 180 : 30) + random.nextInt(40));
    }
    return numpy(name, "|u1", "200, 8, 8", pixels);
  }

  private String numpy(String name, String type, String shape, byte[] values) throws IOException {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
    header = header + " ".repeat(117 - header.length()) + "\n";
    String start = "\u0093NUMPY\u0001\0v\0" + header;
    ByteBuffer bytes = ByteBuffer.allocate(start.length() + values.length);
    bytes.put(start.getBytes(StandardCharsets.ISO_8859_1)).put(values);
    return Files.write(folder.resolve(name), bytes.array()).toString();
  }
}
