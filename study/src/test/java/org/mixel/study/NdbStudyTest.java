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

/** The study of NDB runs to its end, finds what it planted, and writes what the pages show. */
class NdbStudyTest {
  private static final int ROWS = 3600;

  @TempDir private Path folder;

  /** Ten bright pixels on noise, one for each class. */
  private static Samples digits(int[] labels) {
    ImageShape shape = new ImageShape(1, 4, 4);
    byte[] pixels = new byte[ROWS * shape.dims()];
    Random random = new Random(1);
    for (int i = 0; i < pixels.length; i++) {
      boolean bright = i % shape.dims() == labels[i / shape.dims()];
      pixels[i] = (byte) (random.nextInt(60) + (bright ? 180 : 0));
    }
    return StoredSamples.ofBytes("digits", shape, pixels);
  }

  @Test
  void equalSetsAndPlantedFaultsAreTold() throws Exception {
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = i % 10;
    }
    NdbStudy.Options options =
        new NdbStudy.Options(List.of(2, 5), List.of(400), List.of(5, 10), 2, 600, 100, 3);
    List<Block.Table> tables =
        NdbStudy.run(digits(labels), labels, folder, options, "a test", Progress.SILENT);
    assertThat(tables).hasSize(2);
    // Two Gaussian cases and one of digits, at two numbers of bins.
    assertThat(tables.get(0).rows()).hasSize(6);
    List<List<String>> power = tables.get(1).rows();
    assertThat(power.get(0).get(0)).isEqualTo("fresh rows");
    assertThat(power.get(0).get(2)).isEqualTo("0");
    for (int digit = 0; digit < 10; digit++) {
      List<String> lost = power.get(1 + digit);
      assertThat(lost.get(0)).isEqualTo("no " + digit);
      assertThat(Integer.parseInt(lost.get(2))).as(lost.toString()).isPositive();
    }
    List<String> copies = power.get(power.size() - 1);
    assertThat(copies.get(0)).isEqualTo("copies of 60 reference rows");
    assertThat(copies.get(copies.size() - 1)).isEqualTo("yes");

    String text = Files.readString(folder.resolve("report.md"));
    assertThat(text)
        .startsWith("# How far NDB can be trusted")
        .contains("evaluations in held-out mode in which every bin expects 5 rows")
        .contains("| no 7 | ");
    assertThat(folder.resolve("report.html")).content().contains("What NDB sees");
  }
}
