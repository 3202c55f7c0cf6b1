package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mixel.cli.Runs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;

/** {@code mixel evaluate}: its JSON, its verdicts, and one plain line for unusable input. */
class EvaluateCommandTest {
  @TempDir private Path folder;
  private String reference;
  private String equal;
  private String dropped;

  @BeforeEach
  void writeSets() {
    reference = modes("reference.npy", 1200, 5, 1);
    equal = modes("equal.npy", 1000, 5, 2);
    dropped = modes("dropped.npy", 1000, 4, 3);
  }

  /** Rows about some of the points 0, 8, 16, ... on a line in three dimensions. */
  private String modes(String name, int rows, int modes, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() + 8 * (i / 3 % modes);
    }
    Path file = folder.resolve(name);
    SampleWriter.write(file, StoredSamples.ofFloats(name, 3, null, values));
    return file.toString();
  }

  private static String[] evaluate(String... arguments) {
    return with(new String[] {"evaluate", "--bins=10"}, arguments);
  }

  private static JsonNode json(String... arguments) throws IOException {
    return Runs.json(evaluate(arguments));
  }

  private static void refused(String because, String... arguments) {
    Runs.refused(because, evaluate(arguments));
  }

  @Test
  void everyFigureHasItsPlaceAndALostModeShows() throws IOException {
    JsonNode document = json(reference, equal, dropped);
    assertThat(document.at("/reference/rows").asInt()).isEqualTo(1200);
    JsonNode same = document.at("/results/0/metrics");
    assertThat(same.fieldNames())
        .toIterable()
        .containsExactly(
            "ndb-10",
            "js-excess",
            "pqmass",
            "c2st",
            "mmd",
            "frechet",
            "precision",
            "recall",
            "density",
            "coverage",
            "copies",
            "sharpness");
    assertThat(same.get("copies").isNull()).isTrue();
    assertThat(same.get("sharpness").isNull()).isTrue();
    assertThat(same.at("/recall/if_equal")).hasSize(2);
    JsonNode lost = document.at("/results/1/metrics");
    for (String figure : List.of("ndb-10", "js-excess", "recall", "coverage")) {
      assertThat(lost.at("/" + figure + "/p_holm").asDouble())
          .as(figure)
          .isBetween(lost.at("/" + figure + "/p").asDouble(), 0.05);
    }
    assertThat(lost.at("/recall/value").asDouble()).isLessThan(0.85);
    assertThat(lost.at("/precision/value").asDouble()).isGreaterThan(0.9);
  }

  @Test
  void swappedSetsSwapPrecisionAndRecall() throws IOException {
    String only = "--metrics=precision,recall";
    JsonNode one = json(reference, dropped, only).at("/results/0/metrics");
    JsonNode other = json(dropped, reference, only).at("/results/0/metrics");
    assertThat(one.at("/precision/value")).isEqualTo(other.at("/recall/value"));
    assertThat(one.at("/recall/value")).isEqualTo(other.at("/precision/value"));
    assertThat(one.get("mmd").isNull()).isTrue();
  }

  @Test
  void unseenRowsTellCopies() throws IOException {
    String fresh = modes("fresh.npy", 400, 5, 4);
    JsonNode copied =
        json(reference, reference, "--metrics=copies", "--unseen", fresh).at("/results/0");
    assertThat(copied.at("/verdict").asText()).contains("repeats the reference");
    assertThat(copied.at("/metrics/copies/exact_copies").asInt()).isEqualTo(1200);
  }

  @Test
  void unusableInputIsOneLineAndTwo() {
    refused("give them as --unseen", reference, equal, "--metrics=copies");
    refused("sharpness needs images", reference, equal, "--metrics=sharpness");
    refused("no figure is called 'fid'", reference, equal, "--metrics=fid");
    refused("bins are 10; set --bins", reference, equal, "--metrics=ndb-100");
    refused("two candidates are called", reference, equal, equal);
    refused("neighbours must be at least 1", reference, equal, "--neighbours=0");
    String few = modes("few.npy", 4, 2, 5);
    refused("set --neighbours lower", reference, few);
    refused("has fewer than 2 rows", reference, modes("single.npy", 1, 1, 6));
  }
}
