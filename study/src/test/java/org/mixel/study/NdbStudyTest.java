package org.mixel.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.report.Block;

/** The study of NDB runs to its end, and writes what the pages show. */
class NdbStudyTest {
  private static final int ROWS = 900;

  @TempDir private Path folder;

  private static Samples noise() {
    ImageShape shape = new ImageShape(1, 4, 4);
    byte[] pixels = new byte[ROWS * shape.dims()];
    new Random(1).nextBytes(pixels);
    return StoredSamples.ofBytes("noise", shape, pixels);
  }

  @Test
  void equalSetsAreTold() throws Exception {
    NdbStudy.Options options =
        new NdbStudy.Options(List.of(2, 5), List.of(400), List.of(5, 10), 2, 3);
    List<Block.Table> tables = NdbStudy.run(noise(), folder, options, "a test", Progress.SILENT);
    assertThat(tables).hasSize(1);
    // Two Gaussian cases and one of images, at two numbers of bins.
    assertThat(tables.get(0).rows()).hasSize(6);

    String text = Files.readString(folder.resolve("report.md"));
    assertThat(text)
        .startsWith("# How far NDB can be trusted")
        .contains("evaluations in held-out mode in which every bin expects at least 5 rows");
    assertThat(folder.resolve("report.html")).content().contains("mixel study power");
  }
}
