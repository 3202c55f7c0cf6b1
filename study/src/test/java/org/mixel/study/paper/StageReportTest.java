package org.mixel.study.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.report.Block;
import org.mixel.study.paper.StageRecord.Made;
import org.mixel.study.paper.StageRecord.Training;
import org.mixel.study.stage.Effort;

/** A table that is composed of stages of several machines must not mix what differs. */
class StageReportTest {
  private static final ImageStudy.Description DESCRIPTION = PaperStudies.mnist(Effort.FULL);

  @TempDir private Path folder;

  @Test
  void seedsAreAveragedWithinOneWidthAlone() {
    List<List<String>> rows =
        published(
            stage("dcgan", 32, 0.2), stage("dcgan-2", null, 0.4), stage("dcgan-3", null, 0.6));
    assertThat(rows)
        .extracting(row -> row.get(0))
        .containsExactly("dcgan, width 32", "dcgan, authors' width");
    assertThat(rows).extracting(row -> row.get(1)).containsExactly("0.200", "0.500 ± 0.141");
  }

  @Test
  void seedsOfOneWidthAreARowWithoutIt() {
    List<List<String>> rows = published(stage("wgan", 32, 0.2), stage("wgan-2", 32, 0.4));
    assertThat(rows).extracting(row -> row.get(0)).containsExactly("wgan");
    assertThat(rows.get(0)).startsWith("wgan", "0.300 ± 0.141", "0.16");
  }

  @Test
  void stagesInBinsOfAnotherMachineAreNamed() throws IOException {
    published(stage("vae", 32, 0.2), stage("dcgan", 32, 0.4));
    assertThat(text()).doesNotContain("other bins");
    published(stage("vae", 32, 0.2), stage("dcgan", 32, 0.4, 0.7), stage("wgan", 32, 0.4));
    assertThat(text()).contains("Counted in other bins than vae: dcgan.");
  }

  private String text() throws IOException {
    return Files.readString(folder.resolve("report.md"));
  }

  private List<List<String>> published(StageRecord... stages) {
    Samples all = StoredSamples.ofFloats("all", 1, null, new float[400]);
    List<Block.Table> tables =
        StageReport.write(
            folder,
            DESCRIPTION,
            Split.of(all, DESCRIPTION.shares(), 0),
            new ImageStudy.Images(all, all, null, false),
            List.of(stages),
            "a test",
            0);
    return tables.get(1).rows();
  }

  private static StageRecord stage(String name, @Nullable Integer width, double ndb) {
    return stage(name, width, ndb, 0.5);
  }

  private static StageRecord stage(
      String name, @Nullable Integer width, double ndb, double firstBin) {
    List<StageRecord.Test> tests = new ArrayList<>();
    for (String counting : StageTests.COUNTINGS) {
      for (int k : DESCRIPTION.bins()) {
        List<Double> shares = new ArrayList<>(Collections.nCopies(k, (1 - firstBin) / (k - 1)));
        shares.set(0, firstBin);
        tests.add(
            new StageRecord.Test(
                counting, k, 1000, 1000, ndb, 0.1, 0.1, 0, 0.2, 0.05, shares, shares));
      }
    }
    return new StageRecord(
        name,
        "setting",
        1000,
        new Training(100, 1, width, 1, 100, List.of()),
        tests,
        -2,
        Map.of(),
        List.of(),
        new Made("2026-11-27", "mixel", "cpu"));
  }
}
