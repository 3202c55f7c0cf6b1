package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.with;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.io.DataSource;
import org.mixel.io.SampleWriter;

/** {@code mixel ndb}: which rows are counted, and how the table and the document say so. */
class NdbSetsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private String normal(String name, int rows, @Nullable ImageShape shape, long seed) {
    Random random = new Random(seed);
    int dims = shape == null ? 3 : shape.dims();
    float[] values = new float[rows * dims];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.5 + 0.3 * random.nextGaussian());
    }
    Path file = folder.resolve(name);
    SampleWriter.write(file, StoredSamples.ofFloats(name, dims, shape, values));
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
  void rowsOfAnotherSetAreCounted() throws IOException {
    String reference = normal("reference.npy", 400, null, 1);
    String counted = normal("counted.npy", 250, null, 2);
    String candidate = normal("candidate.npy", 300, null, 3);
    String[] plain = {reference, candidate, "--bins=8", "--counted", counted};
    String saved = folder.resolve("bins.safetensors").toString();
    Path page = folder.resolve("page.html");
    JsonNode document =
        json(with(plain, "--save-bins", saved, "--report", page.toString(), "--alpha=0.5"));
    assertThat(document.at("/reference/rows").asInt()).isEqualTo(400);
    assertThat(document.at("/reference/counted/name").asText()).isEqualTo(counted);
    assertThat(document.at("/reference/counted/rows").asInt()).isEqualTo(250);
    assertThat(document.at("/results/0/reference_rows").asInt()).isEqualTo(250);
    assertThat(document.get("notes").toString()).doesNotContain("rows of the reference itself");
    assertThat(page).content().contains("250 rows of " + counted + " are counted in its place");
    JsonNode again = json(with(plain, "--bins-file", saved, "--alpha=0.5"));
    assertThat(again).isEqualTo(document);
    JsonNode paper = json(with(plain, "--reference=paper", "--alpha=0.5"));
    assertThat(paper.get("results")).isEqualTo(document.get("results"));
    assertThat(paper.get("notes")).isEqualTo(document.get("notes"));

    JsonNode without = json(reference, candidate, "--bins=8");
    assertThat(without.at("/reference/counted/name").asText()).isEqualTo(reference);
    assertThat(without.at("/reference/counted/rows").asInt()).isEqualTo(200);
    assertThat(without.get("notes").toString())
        .contains("rows of the reference itself are counted: a model that was trained on them")
        .contains("that no model has seen (--counted)");
  }

  @Test
  void countedRowsHaveFeaturesAndLimits() throws IOException {
    String reference = normal("reference.npy", 60, null, 1);
    String counted = normal("counted.npy", 50, null, 2);
    String candidate = normal("candidate.npy", 40, null, 3);
    String unseen = normal("unseen.npy", 30, null, 4);
    String[] features = {
      normal("f0.npy", 60, null, 5), normal("f1.npy", 40, null, 6),
      normal("f2.npy", 50, null, 7), normal("f3.npy", 30, null, 8)
    };
    JsonNode document =
        json(
            reference,
            candidate,
            "--bins=4",
            "--counted=" + counted,
            "--unseen=" + unseen,
            "--features=" + String.join(",", features));
    assertThat(document.get("results"))
        .isEqualTo(
            renamed(
                json(features[0], features[1], "--bins=4", "--counted=" + features[2])
                    .get("results"),
                candidate));
    assertThat(document.at("/memorization/0/unseen_rows").asInt()).isEqualTo(30);

    String wide = normal("wide.npy", 30, new ImageShape(1, 2, 2), 9);
    refused(
        "counted set " + wide + " has 4 dims", reference, candidate, "--bins=4", "--counted", wide);
    refused(
        "holds the rows of reference", reference, candidate, "--bins=4", "--counted", reference);
    refused("nowhere.npy: no such file", reference, candidate, "--counted", "nowhere.npy");
  }

  @Test
  void theSizeOfTheDifferenceComesFirst() throws IOException {
    String reference = normal("reference.npy", 400, null, 1);
    String candidate = normal("candidate.npy", 300, null, 3);
    Path page = folder.resolve("page.html");
    JsonNode result =
        json(reference, candidate, "--bins=8", "--report", page.toString()).at("/results/0");
    double excess = result.get("js_excess").asDouble();
    assertThat(excess)
        .isEqualTo(result.get("js").asDouble() - result.get("expected_js").asDouble());
    assertThat(excess)
        .isBetween(
            result.at("/js_excess_interval/0").asDouble(),
            result.at("/js_excess_interval/1").asDouble());
    assertThat(page).content().contains("JS excess");
    String table = mixel(ndb(reference, candidate, "--bins=8", "--quiet")).out();
    assertThat(table.lines().findFirst())
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .matches(
                        "candidate +rows +of reference +bins +JS excess +95% interval +NDB/K"
                            + " +if equal +NDB +Holm +JS +if equal +p +permutation p"));

    JsonNode equal = json(reference, candidate, "--bins=8", "--equal-rows").get("results");
    assertThat(equal.at("/0/rows").asInt()).isEqualTo(200);
    assertThat(equal.at("/0/reference_rows").asInt()).isEqualTo(200);
    JsonNode several = json(reference, candidate, "--bins=8", "--seeds=3");
    double sum = 0;
    for (JsonNode each : several.get("results")) {
      sum += each.get("js_excess").asDouble();
    }
    assertThat(several.at("/summaries/0/js_excess").asDouble()).isEqualTo(sum / 3, within(1e-12));
    assertThat(several.at("/summaries/0/js_excess_deviation").asDouble()).isPositive();
    assertThat(several.at("/summaries/0/reference_rows").asInt()).isEqualTo(200);
    assertThat(mixel(ndb(reference, candidate, "--bins=8", "--seeds=3", "--quiet")).out())
        .contains("JS excess");
  }

  @Test
  void randomRowsAreCentresAndAreNotCounted() throws IOException {
    String reference = normal("reference.npy", 400, null, 1);
    String candidate = normal("candidate.npy", 300, null, 3);
    Path page = folder.resolve("page.html");
    Path exported = folder.resolve("exported");
    JsonNode document =
        json(
            reference,
            candidate,
            "--bins=8,20",
            "--binning=random",
            "--reference=paper",
            "--report=" + page,
            "--export-bins=" + exported);
    assertThat(document.at("/reference/binning").asText()).isEqualTo("random");
    assertThat(document.at("/results/0/reference_rows").asInt()).isEqualTo(392);
    assertThat(document.at("/results/1/reference_rows").asInt()).isEqualTo(380);
    assertThat(document.get("notes").toString()).doesNotContain("paper mode");
    assertThat(page).content().contains("counting all but the centres");
    List<String> rows = Files.readAllLines(exported.resolve("20-bins-seed-0/rows.csv"));
    assertThat(rows.stream().filter(row -> row.matches("0,reference,.*,true,false"))).hasSize(20);
    assertThat(rows.stream().filter(row -> row.matches("0,reference,.*,false,true"))).hasSize(380);
    refused(
        "399 bins about random rows leave no 2 rows",
        reference,
        candidate,
        "--bins=399",
        "--binning=random");
  }

  /** Floats that are rounded give the very figures of the same images kept as bytes. */
  @Test
  void pixelsAreRoundedAsImageFilesKeepThem() throws IOException {
    ImageShape shape = new ImageShape(1, 2, 2);
    String reference = normal("reference.npy", 200, shape, 1);
    String candidate = normal("candidate.npy", 150, shape, 2);
    JsonNode rounded = json(reference, candidate, "--bins=8", "--quantize");
    JsonNode bytes = json(bytes(reference), bytes(candidate), "--bins=8");
    assertThat(rounded.get("results")).isEqualTo(renamed(bytes.get("results"), candidate));
    assertThat(rounded.get("results"))
        .isNotEqualTo(json(reference, candidate, "--bins=8").get("results"));
    assertThat(rounded.get("quantized"))
        .hasToString(JSON.valueToTree(new String[] {reference, candidate}).toString());
    assertThat(rounded.get("notes").toString())
        .contains("pixels were clipped to [0, 1] and rounded to 8 bits (--quantize): " + reference);
    JsonNode one = json(bytes(reference), candidate, "--bins=8", "--quantize");
    assertThat(one.get("quantized")).hasSize(1);
    assertThat(one.get("results")).isEqualTo(rounded.get("results"));

    String vectors = normal("vectors.npy", 50, null, 3);
    String some = "--bins=4";
    refused("--quantize is for images", vectors, vectors, some, "--quantize");
    refused(
        "--quantize is for pixels",
        reference,
        candidate,
        some,
        "--quantize",
        "--features=" + vectors + "," + vectors);
    String signed = scaled("signed.npy", candidate, 2, -1);
    refused(signed + " has pixels from -1 to 1", reference, signed, some, "--quantize");
    String wide = scaled("wide.npy", candidate, 255, 0);
    refused(wide + " has pixels from 0 to 255", wide, candidate, some, "--quantize");
    String hole = scaled("hole.npy", candidate, Float.NaN, 0);
    refused("row 0 holds a value that is NaN", reference, hole, some, "--quantize");
  }

  private String bytes(String file) {
    Samples floats = open(file);
    byte[] pixels = new byte[floats.rows() * 4];
    for (int i = 0; i < pixels.length; i++) {
      float value = Math.min(1, Math.max(0, floats.row(i / 4)[i % 4]));
      pixels[i] = (byte) Math.round(255 * value);
    }
    Path place = Path.of(file + "-bytes.npy");
    SampleWriter.write(place, StoredSamples.ofBytes("b", new ImageShape(1, 2, 2), pixels));
    return place.toString();
  }

  private String scaled(String name, String file, float factor, float shift) {
    Samples floats = open(file);
    float[] values = new float[floats.rows() * 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.min(1, Math.max(0, floats.row(i / 4)[i % 4])) * factor + shift;
    }
    Path place = folder.resolve(name);
    SampleWriter.write(place, StoredSamples.ofFloats(name, 4, new ImageShape(1, 2, 2), values));
    return place.toString();
  }

  private static Samples open(String file) {
    return DataSource.open(file, DataOptions.defaults(), Progress.SILENT);
  }

  private static JsonNode renamed(JsonNode results, String candidate) {
    results.forEach(result -> ((ObjectNode) result).put("candidate", candidate));
    return results;
  }
}
