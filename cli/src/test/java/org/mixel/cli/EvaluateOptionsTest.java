package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.with;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.ImageShape;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;

/**
 * What each option of {@code mixel evaluate} changes, to the digit, and what it makes of sets that
 * hardly are any.
 */
class EvaluateOptionsTest {
  private static final String PAIRS = "--metrics=c2st,mmd,precision,recall,density,coverage";
  private static final String ALL_BUT_BINS = PAIRS + ",pqmass,frechet";

  @TempDir private Path folder;

  private String vectors(String name, int rows, int dims, double mean, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * dims];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + random.nextGaussian());
    }
    return vectors(name, dims, values);
  }

  private String vectors(String name, int dims, float[] values) {
    Path file = folder.resolve(name);
    SampleWriter.write(file, StoredSamples.ofFloats(name, dims, null, values));
    return file.toString();
  }

  private static float[] constant(int rows, float value) {
    float[] values = new float[3 * rows];
    Arrays.fill(values, value);
    return values;
  }

  /** Images of noise, as bytes and as floats that round to them, some of them outside [0, 1]. */
  private String[] images(String name, int rows, long seed) {
    ImageShape shape = new ImageShape(1, 6, 6);
    Random random = new Random(seed);
    byte[] bytes = new byte[rows * shape.dims()];
    float[] floats = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      int value = random.nextInt(256);
      bytes[i] = (byte) value;
      floats[i] = (value + 0.8F * (random.nextFloat() - 0.5F)) / 255;
    }
    Path whole = folder.resolve(name + "-bytes.npy");
    SampleWriter.write(whole, StoredSamples.ofBytes(name, shape, bytes));
    Path real = folder.resolve(name + "-floats.npy");
    SampleWriter.write(real, StoredSamples.ofFloats(name, shape.dims(), shape, floats));
    return new String[] {whole.toString(), real.toString()};
  }

  private static String[] evaluate(String... arguments) {
    return with(new String[] {"evaluate", "--bins=10"}, arguments);
  }

  private static JsonNode json(String... arguments) throws IOException {
    return Runs.json(evaluate(arguments));
  }

  private static JsonNode metrics(String... arguments) throws IOException {
    return metrics(json(arguments));
  }

  /** Without p adjusted for the number of figures, which differs from run to run here. */
  private static JsonNode metrics(JsonNode document) {
    JsonNode metrics = document.at("/results/0/metrics");
    metrics.forEach(
        figure -> {
          if (figure.isObject()) {
            assertThat(((ObjectNode) figure).remove("p_adjusted")).isNotNull();
          }
        });
    return metrics;
  }

  private static void refused(String because, String... arguments) {
    Runs.refused(because, evaluate(arguments));
  }

  @Test
  void countedRowsStandInForTheReferenceWhichPlacesBinsAndIsSearchedForCopies() throws IOException {
    String known = vectors("known.npy", 300, 3, 0, 1);
    String counted = vectors("counted.npy", 200, 3, 0, 2);
    String tested = vectors("tested.npy", 250, 3, 0.5, 3);
    JsonNode document = json(known, tested, "--counted", counted);
    assertThat(document.at("/reference/counted/rows").asInt()).isEqualTo(200);
    assertThat(document.at("/results/0/reference_rows").asInt()).isEqualTo(200);
    JsonNode found = metrics(document);
    JsonNode direct = metrics(counted, tested, ALL_BUT_BINS);
    for (String figure : ALL_BUT_BINS.replace("--metrics=", "").split(",")) {
      assertThat(found.get(figure)).as(figure).isEqualTo(direct.get(figure));
    }
    assertThat(found.at("/copies/exact_copies").asInt()).isZero();
    JsonNode copied = metrics(known, known, "--counted", counted, "--metrics=copies");
    assertThat(copied.at("/copies/exact_copies").asInt()).isEqualTo(300);

    refused("counted set", known, tested, "--counted", vectors("flat.npy", 50, 2, 0, 4));
    refused("give rows that no model was trained on", known, tested, "--counted", known);
    refused("is not unseen", known, tested, "--unseen", known, "--metrics=copies");
  }

  @Test
  void quantizedFloatsAreTheBytes() throws IOException {
    String[] known = images("known", 120, 1);
    String[] tested = images("tested", 90, 2);
    JsonNode rounded = json(known[1], tested[1], "--quantize");
    assertThat(rounded.get("quantized")).hasSize(2);
    JsonNode bytes = metrics(known[0], tested[0]);
    assertThat(bytes.get("sharpness").isNull()).isFalse();
    assertThat(metrics(rounded)).isEqualTo(bytes);
    assertThat(metrics(known[1], tested[1], PAIRS).get("mmd")).isNotEqualTo(bytes.get("mmd"));

    String rows = vectors("rows.npy", 60, 3, 0, 3);
    refused("--quantize is for images", rows, rows, "--quantize");
    refused("give one of the two", known[1], tested[1], "--quantize", "--features=a.npy,b.npy");
  }

  @Test
  void featuresReplaceTheRowsButForSharpness() throws IOException {
    String[] known = images("known", 120, 1);
    String[] tested = images("tested", 90, 2);
    String knownFeatures = vectors("known-features.npy", 120, 4, 0, 3);
    String testedFeatures = vectors("tested-features.npy", 90, 4, 1, 4);
    String features = "--features=" + knownFeatures + "," + testedFeatures;
    JsonNode document = json(known[0], tested[0], features);
    assertThat(document.at("/reference/dims").asInt()).isEqualTo(4);
    JsonNode found = metrics(document);
    JsonNode direct = metrics(knownFeatures, testedFeatures);
    direct
        .fieldNames()
        .forEachRemaining(
            figure -> {
              if (!figure.equals("sharpness")) {
                assertThat(found.get(figure)).as(figure).isEqualTo(direct.get(figure));
              }
            });
    assertThat(found.get("sharpness"))
        .isEqualTo(metrics(known[0], tested[0], "--metrics=sharpness").get("sharpness"));

    refused("--features needs an array for each set: 2", known[0], tested[0], features + ",c.npy");
    String swapped = "--features=" + testedFeatures + "," + knownFeatures;
    refused("has 90 rows, but", known[0], tested[0], swapped);
  }

  /** Shares of the reference's rows are then multiples of one over the rows that were compared. */
  @Test
  void equalRowsComparesAsManyOfBoth() throws IOException {
    String known = vectors("known.npy", 300, 3, 0, 1);
    String tested = vectors("tested.npy", 101, 3, 0.3, 2);
    JsonNode document = json(known, tested, "--equal-rows");
    assertThat(document.at("/results/0/rows").asInt()).isEqualTo(101);
    assertThat(document.at("/results/0/reference_rows").asInt()).isEqualTo(101);
    for (String share : List.of("recall", "coverage")) {
      double rows = 101 * document.at("/results/0/metrics/" + share + "/value").asDouble();
      assertThat(rows).as(share).isCloseTo(Math.rint(rows), within(1e-9));
      double all = 300 * metrics(known, tested, PAIRS).at("/" + share + "/value").asDouble();
      assertThat(all).as(share).isCloseTo(Math.rint(all), within(1e-9));
    }
    JsonNode other = json(tested, known, "--equal-rows", PAIRS);
    assertThat(other.at("/results/0/rows").asInt()).isEqualTo(101);
    double rows = 101 * other.at("/results/0/metrics/precision/value").asDouble();
    assertThat(rows).isCloseTo(Math.rint(rows), within(1e-9));
    assertThat(mixel(evaluate(known, tested, "--equal-rows", "--metrics=mmd")).out())
        .contains("101 rows against 101 of");
  }

  @Test
  void reportIsAPageWithTheVerdictTheFiguresAndTheBins() throws IOException {
    String known = vectors("known.npy", 200, 3, 0, 1);
    String tested = vectors("tested.npy", 200, 3, 2, 2);
    Path page = folder.resolve("page.html");
    JsonNode document = json(known, tested, "--report", page.toString());
    assertThat(page)
        .content()
        .contains(document.at("/results/0/verdict").asText())
        .contains(">js-excess<", ">recall<", "The question of each figure")
        .contains("Bin proportions")
        .contains("Made by mixel evaluate --seed 0.");
    refused("name such a file", known, tested, "--report", folder.resolve("page.txt").toString());
    refused("is an input, too", known, tested, "--report", known);
  }

  /** Rows that only one set has give it away, as rows of the whole sets. */
  @Test
  void rowsThatGiveSetsAwayAreNamed() throws IOException {
    float[] known = new float[3 * 200];
    float[] tested = new float[3 * 260];
    Random random = new Random(7);
    for (int i = 0; i < known.length; i++) {
      known[i] = (float) random.nextGaussian() + (i < 120 ? 30 : 0);
    }
    for (int i = 0; i < tested.length; i++) {
      tested[i] = (float) random.nextGaussian() + (i < 120 ? 60 : 0);
    }
    String reference = vectors("known.npy", 3, known);
    String candidate = vectors("tested.npy", 3, tested);
    Path page = folder.resolve("page.html");
    JsonNode result =
        json(reference, candidate, "--equal-rows", "--report", page.toString()).at("/results/0");
    // The first 40 rows of each set lie where the other has none.
    for (String set : List.of("candidate", "reference")) {
      JsonNode rows = result.at("/giveaways/" + set);
      assertThat(rows).as(set).hasSize(20);
      rows.forEach(row -> assertThat(row.get("row").asInt()).as(set).isLessThan(40));
    }
    assertThat(page).content().contains("Rows that give " + candidate + " away");
    JsonNode copied =
        metrics(reference, reference, "--unseen", candidate, "--metrics=copies,ndb", "--bins=3");
    assertThat(copied.at("/copies/ct").asDouble()).isNegative();
    assertThat(copied.at("/copies/ct_p").asDouble()).isLessThan(1e-4);
  }

  @Test
  void constantRowsHaveDefinedFigures() throws IOException {
    String some = vectors("some.npy", 60, 3, 0, 1);
    String flat = vectors("flat.npy", 3, constant(60, 0.5F));
    String same = vectors("same.npy", 3, constant(50, 0.5F));
    String other = vectors("other.npy", 3, constant(50, 0.7F));
    refused("has too few different rows for 10 bins", flat, some);

    JsonNode equal = metrics(flat, same, ALL_BUT_BINS);
    for (String figure : List.of("mmd", "frechet")) {
      assertThat(equal.at("/" + figure + "/value").asDouble()).as(figure).isZero();
      assertThat(equal.at("/" + figure + "/p").asDouble()).as(figure).isEqualTo(1);
    }
    assertThat(equal.at("/c2st/value").asDouble()).isEqualTo(0.5);
    for (String figure : List.of("precision", "recall", "coverage")) {
      assertThat(equal.at("/" + figure + "/value").asDouble()).as(figure).isEqualTo(1);
    }
    assertThat(equal.at("/density/value").asDouble()).isEqualTo(60 / 5.0);
    assertThat(json(flat, same, ALL_BUT_BINS).at("/results/0/verdict").asText())
        .startsWith("too few rows to tell");

    JsonNode apart = metrics(flat, other, ALL_BUT_BINS);
    assertThat(apart.at("/c2st/value").asDouble()).isEqualTo(1);
    assertThat(apart.at("/frechet/value").asDouble()).isCloseTo(0.12, within(1e-6));
    assertThat(apart.at("/precision/value").asDouble()).isZero();
    JsonNode collapsed = metrics(some, same);
    assertThat(collapsed.at("/recall/value").asDouble()).isLessThan(0.2);
    assertThat(collapsed.at("/ndb-10/p").asDouble()).isLessThan(0.01);
  }

  @Test
  void aCandidateThatIsTheReferenceIsNotTakenForAGoodOne() throws IOException {
    String known = vectors("known.npy", 150, 3, 0, 1);
    JsonNode document = json(known, known);
    JsonNode same = metrics(document);
    assertThat(same.at("/c2st/value").asDouble()).isZero();
    assertThat(same.at("/precision/value").asDouble()).isEqualTo(1);
    assertThat(same.at("/recall/value").asDouble()).isEqualTo(1);
    assertThat(same.at("/frechet/value").asDouble()).isCloseTo(0, within(1e-9));
    assertThat(document.get("notes").toString()).contains("do the sets share rows?");
  }

  @Test
  void rowsThatAreRepeatedHaveDefinedFigures() throws IOException {
    Random random = new Random(5);
    float[] rows = new float[3 * 80];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i < 24 ? (float) random.nextGaussian() : rows[i - 24];
    }
    JsonNode same =
        metrics(vectors("known.npy", 3, rows), vectors("tested.npy", 3, rows), ALL_BUT_BINS);
    assertThat(same.at("/precision/value").asDouble()).isEqualTo(1);
    assertThat(same.at("/coverage/value").asDouble()).isEqualTo(1);
    assertThat(same.at("/mmd/p").asDouble()).isGreaterThan(0.9);
  }

  @Test
  void fewRowsAreComparedByWhatFewRowsCanTell() throws IOException {
    String known = vectors("known.npy", 100, 3, 0, 1);
    String one = vectors("one.npy", 1, 3, 0, 2);
    refused("has fewer than 2 rows", known, one);
    refused("has fewer than 2 rows", one, known);
    String two = vectors("two.npy", 2, 3, 0, 3);
    refused("set --neighbours lower", known, two);
    String few = "--metrics=c2st,mmd,pqmass,frechet";
    assertThat(metrics(known, two, few).at("/mmd/p").asDouble()).isBetween(0.0, 1.0);
    assertThat(metrics(known, two, PAIRS, "--neighbours=1").at("/recall/value").asDouble())
        .isBetween(0.0, 1.0);
    refused("10 bins need at least as many rows", two, known, "--metrics=ndb");
  }
}
