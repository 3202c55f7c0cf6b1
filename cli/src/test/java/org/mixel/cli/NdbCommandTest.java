package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.cli.Runs.Outcome;
import org.mixel.data.ImageShape;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;

/** {@code mixel ndb}: its options reach what they name, and unusable input is one plain line. */
class NdbCommandTest {
  @TempDir private Path folder;
  private String reference;
  private String candidate;

  @BeforeEach
  void writeSets() {
    reference = normal("reference.npy", 400, 3, 1);
    candidate = normal("candidate.npz", 300, 3, 2);
  }

  private String normal(String name, int rows, int dims, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * dims];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return write(name, dims, values);
  }

  private String write(String name, int dims, float... values) {
    Path file = folder.resolve(name);
    SampleWriter.write(file, StoredSamples.ofFloats(name, dims, null, values));
    return file.toString();
  }

  private static String[] ndb(String... arguments) {
    return with(new String[] {"ndb"}, arguments);
  }

  private static JsonNode json(String... arguments) throws IOException {
    return Runs.json(ndb(arguments));
  }

  private static void refused(String because, String... arguments) {
    Runs.refused(because, ndb(arguments));
  }

  @Test
  void unusableInputIsOneLineAndTwo() throws IOException {
    String few = "--bins=5";
    String single = write("single.npy", 3, 1, 2, 3);
    String wide = normal("wide.npy", 50, 4, 3);
    String holes = write("holes.npy", 3, 1, 2, 3, 4, Float.NaN, 6);
    String infinite = write("infinite.npy", 3, 1, 2, 3, 4, Float.POSITIVE_INFINITY, 6);
    String empty = Files.createFile(folder.resolve("empty.npy")).toString();
    String emptyFolder = Files.createDirectory(folder.resolve("nothing")).toString();
    String text = Files.writeString(folder.resolve("text.npy"), "no array").toString();

    refused("candidate " + single + " has fewer than 2 rows", reference, single, few);
    refused("reference " + single + " has fewer than 2 rows", single, candidate, few);
    refused("candidate " + wide + " has 4 dims, the reference 3 dims", reference, wide, few);
    refused("row 1 holds a value that is NaN or infinite", reference, holes, few);
    refused("row 1 holds a value that is NaN or infinite", infinite, candidate, few);
    refused(empty, reference, empty, few);
    refused(emptyFolder, reference, emptyFolder, few);
    refused(text, reference, text, few);
    refused("nowhere.npy: no such file", reference, "nowhere.npy", few);
    refused("201 bins need at least as many rows", reference, candidate, "--bins=201");
    refused("bins must be at least 2, got 1", reference, candidate, "--bins=1");
    refused("bins holds a number twice", reference, candidate, "--bins=5,5");
    refused("two candidates are called", reference, candidate, candidate, few);
    for (String alpha : List.of("0", "1", "-0.1", "NaN")) {
      refused("alpha must lie between 0 and 1", reference, candidate, few, "--alpha=" + alpha);
    }
    refused("candidate-rows must be at least 2", reference, candidate, few, "--candidate-rows=1");
    refused("seeds must be from 1 to 1000, got 0", reference, candidate, few, "--seeds=0");
    refused("binning must be kmeans, ward or random", reference, candidate, few, "--binning=means");
    refused("reference must be held-out or paper", reference, candidate, few, "--reference=all");
    refused("restarts must be at least 1", reference, candidate, few, "--restarts=0");
  }

  @Test
  void bandsAdjustedBinsAndPowerAreToldAndReplay() throws IOException {
    JsonNode result =
        json(reference, candidate, "--bins=8", "--candidate-rows=200").at("/results/0");
    assertThat(result.get("rows").asInt()).isEqualTo(200);
    double low = result.at("/expected_ndb_over_k_band/0").asDouble();
    double high = result.at("/expected_ndb_over_k_band/1").asDouble();
    assertThat(result.get("expected_ndb_over_k").asDouble()).isBetween(low, high);
    assertThat(result.get("expected_js").asDouble())
        .isBetween(
            result.at("/expected_js_band/0").asDouble(),
            result.at("/expected_js_band/1").asDouble());
    assertThat(result.get("permutation_p").asDouble()).isBetween(0.001, 1.0);
    assertThat(result.get("smallest_lost_mode").asDouble()).isBetween(0.01, 0.5);
    assertThat(result.get("p_values")).hasSize(8);
    assertThat(result.get("different_by_holm").size())
        .isLessThanOrEqualTo(result.get("different_by_benjamini_hochberg").size());
    assertThat(json(reference, candidate, "--bins=8", "--candidate-rows=200").at("/results/0"))
        .isEqualTo(result);

    Outcome sparse = mixel(ndb(reference, candidate, "--bins=60"));
    assertThat(sparse.err()).contains("60 bins: ").contains("expect fewer than 5 rows (the least");
    Outcome paper = mixel(ndb(reference, candidate, "--bins=8", "--reference=paper"));
    assertThat(paper.err()).contains("paper mode counts the rows that placed the bins");
    JsonNode ward = json(reference, candidate, "--bins=8", "--binning=ward", "--whiten");
    assertThat(ward.at("/reference/binning").asText()).isEqualTo("ward");
    assertThat(ward.at("/results/0/proportions")).hasSize(8);
  }

  @Test
  void featuresReplaceTheRows() throws IOException {
    String known = normal("known.npy", 400, 2, 5);
    String tested = normal("tested.npy", 300, 2, 6);
    JsonNode document = json(reference, candidate, "--bins=8", "--features", known + "," + tested);
    assertThat(document.at("/reference/dims").asInt()).isEqualTo(2);
    assertThat(document.at("/reference/name").asText()).isEqualTo(reference);
    assertThat(document.at("/reference/features").asText()).isEqualTo(known + "," + tested);
    assertThat(document.at("/results"))
        .isEqualTo(renamed(json(known, tested, "--bins=8").at("/results"), candidate));

    String few = "--bins=8";
    refused("needs an array for each set: 2 for", reference, candidate, few, "--features", known);
    refused("has 300 rows, but", reference, candidate, few, "--features", tested + "," + tested);
    refused("ONNX is not read", reference, candidate, few, "--features", "net.onnx");
    refused("net.pt: no such file", reference, candidate, few, "--features", "net.pt");
    String none = Files.writeString(folder.resolve("none.pt"), "none").toString();
    refused("not a TorchScript network", reference, candidate, few, "--features", none);
  }

  /** Arrays of features may look like images; they are not drawn. */
  @Test
  void featuresOfSeveralAxesAreNumbers() throws IOException {
    String images = images("images.npy", 8, 60);
    String others = images("others.npy", 8, 50);
    String known = images("known.npy", 4, 60);
    String tested = images("tested.npy", 4, 50);
    Path page = folder.resolve("page.html");
    json(
        images,
        others,
        "--bins=3",
        "--features",
        known + "," + tested,
        "--report",
        page.toString());
    assertThat(page).content().contains("The largest and the smallest of 3 bins");
  }

  private String images(String name, int side, int rows) {
    byte[] pixels = new byte[rows * side * side];
    new Random(side).nextBytes(pixels);
    Path file = folder.resolve(name);
    SampleWriter.write(file, StoredSamples.ofBytes(name, new ImageShape(1, side, side), pixels));
    return file.toString();
  }

  @Test
  void severalSeedsAreSummarised() throws IOException {
    JsonNode means = json(reference, candidate, "--bins=5,8", "--seeds=3").get("summaries");
    assertThat(means).hasSize(2);
    assertThat(means.at("/1/bins").asInt()).isEqualTo(8);
    assertThat(means.at("/1/seeds").asInt()).isEqualTo(3);
    assertThat(means.at("/1/js_deviation").asDouble()).isPositive();
    Path page = folder.resolve("page.html");
    mixel(ndb(reference, candidate, "--bins=5", "--seeds=3", "--report", page.toString()));
    assertThat(page).content().contains("Means and standard deviations over the bins of 3 seeds");
  }

  private static JsonNode renamed(JsonNode results, String candidate) {
    results.forEach(
        result ->
            ((com.fasterxml.jackson.databind.node.ObjectNode) result).put("candidate", candidate));
    return results;
  }

  @Test
  void copiesOfTheReferenceAreFoundByUnseenRows() throws IOException {
    String unseen = normal("unseen.npy", 200, 3, 7);
    JsonNode found =
        json(reference, candidate, reference, "--bins=8", "--unseen", unseen).get("memorization");
    assertThat(found).hasSize(2);
    assertThat(found.at("/0/copies").asBoolean()).isFalse();
    assertThat(found.at("/1/copies").asBoolean()).isTrue();
    assertThat(mixel(ndb(reference, reference, "--bins=8", "--unseen", unseen)).out())
        .contains("repeats the reference");
    refused("is not unseen", reference, candidate, "--bins=8", "--unseen", reference);
    String wide = normal("wide.npy", 50, 4, 3);
    refused(
        "unseen set " + wide + " has 4 dims", reference, candidate, "--bins=8", "--unseen", wide);
    JsonNode notes = json(reference, reference, "--bins=40").get("notes");
    assertThat(notes.get(0).asText()).contains("closer to the reference than fresh rows would be");
  }

  @Test
  void binsAreExportedAndReusedAndTheReportIsWritten() throws IOException {
    String saved = folder.resolve("bins.safetensors").toString();
    Path exported = folder.resolve("exported");
    Path page = folder.resolve("report.html");
    Outcome first =
        mixel(
            ndb(
                reference,
                candidate,
                "--bins=8",
                "--save-bins",
                saved,
                "--export-bins",
                exported.toString(),
                "--report",
                page.toString(),
                "--quiet"));
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(exported.resolve("8-bins-seed-0/rows.csv")).isRegularFile();
    assertThat(page).content().contains("a mode that is lost in one bin of average size is found");
    assertThat(mixel(ndb(reference, candidate, "--bins=8", "--bins-file", saved, "--quiet")))
        .isEqualTo(first);
    refused("placed on other data", candidate, reference, "--bins=8", "--bins-file", saved);
    refused("holds no bins placed with", reference, candidate, "--bins=9", "--bins-file", saved);
    refused(
        "holds no bins placed with",
        reference,
        candidate,
        "--bins=8",
        "--binning=ward",
        "--bins-file",
        saved);
    refused(
        "holds something already",
        reference,
        candidate,
        "--bins=8",
        "--export-bins",
        exported.toString());
    refused("is an input, too", reference, candidate, "--bins=8", "--save-bins", reference);
    refused(
        "is written for another option, too",
        reference,
        candidate,
        "--bins=8",
        "--save-bins",
        saved,
        "--report",
        saved);
    refused(
        " is not a folder; name another place",
        reference,
        candidate,
        "--bins=8",
        "--report",
        reference + "/page.html");
    refused(
        "is a directory; name a file",
        reference,
        candidate,
        "--bins=8",
        "--report",
        folder.toString());
    refused("not a file of NDB bins", reference, candidate, "--bins=8", "--bins-file", model());
  }

  /** A safetensors file that holds something else. */
  private String model() throws IOException {
    byte[] header = "{}".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    byte[] file = new byte[8 + header.length];
    file[0] = (byte) header.length;
    System.arraycopy(header, 0, file, 8, header.length);
    return Files.write(folder.resolve("other.safetensors"), file).toString();
  }

  @Test
  void imagesOfDifferentCodingAreNoted() throws IOException {
    String png = pictures("png");
    String jpeg = pictures("jpeg");
    assertThat(mixel(ndb(png, jpeg, "--bins=2")).err())
        .contains(jpeg + " was saved as JPEG or another lossy format, " + png + " was not");
    assertThat(mixel(ndb(png, pictures("bmp"), "--bins=2")).err()).doesNotContain("JPEG");
  }

  private String pictures(String format) throws IOException {
    Path pictures = Files.createDirectory(folder.resolve(format));
    Random random = new Random(4);
    for (int i = 0; i < 12; i++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
      for (int j = 0; j < 64; j++) {
        image.getRaster().setSample(j % 8, j / 8, 0, random.nextInt(256));
      }
      ImageIO.write(image, format, pictures.resolve(i + "." + format).toFile());
    }
    return pictures.toString();
  }

  @Test
  void onlyStudiesThatThereAreCanBeRepeated() {
    Outcome outcome = mixel("study", "moon", "-o", folder.toString());
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo(
            "mixel: no study is called 'moon'; there are ndb, power, toy, mnist, celeba, cifar10, svhn\n");
  }

  @Test
  void otherStudiesRefuseTheExtentOfPower() {
    Outcome outcome = mixel("study", "toy", "--rows", "500", "-o", folder.toString());
    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                2,
                "",
                "mixel: study toy has rows and figures of its own; leave out --rows, --repetitions,"
                    + " --metrics and --model\n"));
    for (String[] wrong :
        new String[][] {
          {"--rows", "199", "--rows must be at least 200, got [199]"},
          {"--repetitions", "0", "--repetitions must be at least 1, got 0"},
          {"--data", "gaussians,gaussians", "--data names a set twice: [gaussians, gaussians]"},
          {"--metrics", "fid", "no figure is called 'fid'"},
          {"--effort", "half", "--effort must be quick or full, got half"},
        }) {
      Outcome refused = mixel("study", "power", wrong[0], wrong[1], "-o", folder.toString());
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).startsWith("mixel: " + wrong[2]).hasLineCount(1);
    }
  }
}
