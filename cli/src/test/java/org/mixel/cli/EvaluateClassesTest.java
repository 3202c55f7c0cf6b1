package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mixel.cli.Runs.mixel;
import static org.mixel.cli.Runs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.FisherExactTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;

/** {@code mixel evaluate --labels}: shares of classes, the figures of each, and a lost class. */
class EvaluateClassesTest {
  private static final String FIGURES = "--metrics=ndb,mmd,recall";

  @TempDir private Path folder;
  private Labelled known;
  private Labelled tested;

  /** Paths of rows and of their classes. */
  private record Labelled(String rows, String labels) {}

  /** Four classes, far apart: the known are alike, the tested lack the last and have more of 0. */
  @BeforeEach
  void writeSets() {
    known = classes("known", 1, 80, 80, 80, 80);
    tested = classes("tested", 2, 150, 70, 80, 0);
  }

  /** Rows about the points 0, 20, 40, ... of a line in the plane, so many of each class. */
  private Labelled classes(String name, long seed, int... counts) {
    Random random = new Random(seed);
    int rows = IntStream.of(counts).sum();
    float[] values = new float[2 * rows];
    float[] labels = new float[rows];
    int row = 0;
    for (int label = 0; label < counts.length; label++) {
      for (int i = 0; i < counts[label]; i++, row++) {
        values[2 * row] = (float) random.nextGaussian() + 20 * label;
        values[2 * row + 1] = (float) random.nextGaussian();
        labels[row] = label;
      }
    }
    return new Labelled(
        write(name + ".npy", StoredSamples.ofFloats(name, 2, null, values)),
        labels(name + "-labels.npy", labels));
  }

  private String write(String name, StoredSamples rows) {
    Path file = folder.resolve(name);
    SampleWriter.write(file, rows);
    return file.toString();
  }

  private String labels(String name, float[] labels) {
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    return new ArrayFiles(folder).array(name, "|u1", labels.length + ",", bytes);
  }

  private static String[] evaluate(String... arguments) {
    return with(new String[] {"evaluate", "--bins=8", FIGURES}, arguments);
  }

  private static JsonNode json(String... arguments) throws IOException {
    return Runs.json(evaluate(arguments));
  }

  private static void refused(String because, String... arguments) {
    Runs.refused(because, evaluate(arguments));
  }

  @Test
  void sharesAreThoseOfTheLabels() throws IOException {
    String labels = known.labels() + "," + tested.labels();
    JsonNode result = json(known.rows(), tested.rows(), "--labels", labels).at("/results/0");
    JsonNode classes = result.get("classes");
    assertThat(classes).hasSize(4);
    assertThat(classes.at("/0/rows").asInt()).isEqualTo(150);
    assertThat(classes.at("/0/reference_rows").asInt()).isEqualTo(80);
    assertThat(classes.at("/0/share").asDouble()).isEqualTo(0.5);
    assertThat(classes.at("/0/reference_share").asDouble()).isEqualTo(0.25);
    double p = FisherExactTest.withDefaults().test(new int[][] {{80, 240}, {150, 150}}).getPValue();
    assertThat(classes.at("/0/p").asDouble()).isCloseTo(p, within(1e-12));
    assertThat(classes.findValuesAsText("production"))
        .containsExactly("too much", "alike", "alike", "too little");
    assertThat(result.get("verdict").asText())
        .contains("; too much of class 0; too little of class 3");
    assertThat(classes.at("/2/metrics/ndb-2/value").isNumber()).isTrue();
    assertThat(classes.at("/2/metrics/copies").isNull()).isTrue();
    assertThat(classes.at("/3/metrics").isNull()).isTrue();
    assertThat(mixel(evaluate(known.rows(), tested.rows(), "--labels", labels)).out())
        .contains("figures that differ", "too few rows");
  }

  /** Classes far apart: the figures of a class are those of its rows alone. */
  @Test
  void figuresOfAClassAreThoseOfItsRows() throws IOException {
    Labelled all = classes("all", 3, 60, 50);
    Labelled other = classes("other", 4, 70, 40);
    String labels = all.labels() + "," + other.labels();
    JsonNode classes =
        json(all.rows(), other.rows(), "--labels", labels).at("/results/0/classes/0");
    Labelled first = classes("first", 3, 60);
    Labelled second = classes("second", 4, 70);
    JsonNode alone = json(first.rows(), second.rows(), "--bins=4").at("/results/0/metrics");
    for (String figure : List.of("mmd", "recall", "ndb-4")) {
      assertThat(classes.at("/metrics/" + figure)).as(figure).isEqualTo(alone.get(figure));
    }
  }

  @Test
  void labelsOfTheReferenceAloneAreThoseOfTheNearestRow() throws IOException {
    JsonNode classes =
        json(known.rows(), tested.rows(), "--labels", known.labels()).at("/results/0/classes");
    // Half of the reference gives the classes, the other half is compared.
    int compared = classes.findValues("reference_rows").stream().mapToInt(JsonNode::asInt).sum();
    assertThat(compared).isEqualTo(160);
    assertThat(classes.findValues("rows").stream().map(JsonNode::asInt))
        .containsExactly(150, 70, 80, 0);
    Labelled counted = classes("counted", 5, 40, 30, 50, 20);
    JsonNode others =
        json(
            known.rows(),
            tested.rows(),
            "--labels=" + known.labels(),
            "--counted=" + counted.rows());
    JsonNode byNearest = others.at("/results/0/classes");
    assertThat(byNearest.findValues("reference_rows").stream().map(JsonNode::asInt))
        .containsExactly(40, 30, 50, 20);
    String all = String.join(",", known.labels(), tested.labels(), counted.labels());
    JsonNode given =
        json(known.rows(), tested.rows(), "--labels=" + all, "--counted=" + counted.rows());
    assertThat(given.at("/results/0/classes")).isEqualTo(byNearest);
  }

  @Test
  void pageHasBarsOfTheClasses() throws IOException {
    Path page = folder.resolve("page.html");
    String labels = known.labels() + "," + tested.labels();
    json(known.rows(), tested.rows(), "--labels", labels, "--report", page.toString());
    assertThat(page)
        .content()
        .contains("Classes of " + tested.rows(), "50.0 %", "All figures of each class");
  }

  @Test
  void labelsOfOtherRowsAreRefused() throws IOException {
    String[] sets = {known.rows(), tested.rows(), "--labels"};
    refused("--labels needs a file for", sets[0], sets[1], sets[2], "a.npy,b.npy,c.npy");
    refused("no such file", sets[0], sets[1], sets[2], "none.npy");
    refused("holds 300 labels", sets[0], sets[1], sets[2], tested.labels());
    String one = classes("one", 6, 320).labels();
    refused("give rows of two or more classes", sets[0], sets[1], sets[2], one);
  }
}
