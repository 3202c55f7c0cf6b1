package org.mixel.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.DataOptions;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** What is written is read back exactly, appears whole or not at all, and is what NumPy expects. */
class SampleWriterTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"rows.npy", "rows.npz", "new/place/rows.npy"})
  void everyKindOfRowsReturns(String name) throws IOException {
    ImageShape colour = new ImageShape(3, 2, 4);
    byte[] pixels = new byte[3 * colour.dims()];
    float[] values = new float[3 * colour.dims()];
    for (int j = 0; j < pixels.length; j++) {
      pixels[j] = (byte) (7 * j);
      values[j] = j - 2.5f;
    }
    values[3] = Float.NaN;
    List<Samples> sets =
        List.of(
            StoredSamples.ofBytes("x", colour, pixels),
            StoredSamples.ofBytes("x", new ImageShape(1, 4, 6), pixels),
            StoredSamples.ofFloats("x", colour.dims(), colour, values),
            StoredSamples.ofFloats("x", colour.dims(), null, values));
    Path file = folder.resolve(name);
    for (Samples set : sets) {
      SampleWriter.write(file, set);
      Samples read = open(file);
      assertThat(read.shape()).isEqualTo(set.shape());
      assertThat(DataHash.sha256(read)).isEqualTo(DataHash.sha256(set));
      assertThat(read.row(2)).containsExactly(set.row(2));
    }
    assertThat(list(java.util.Objects.requireNonNull(file.getParent())))
        .containsExactly(file.getFileName().toString());
  }

  @Test
  void arraysAreChannelsLastForNumPy() throws IOException {
    Path file = folder.resolve("x.npy");
    byte[] pixels = {1, 2, 3, 4, 5, 6};
    SampleWriter.write(file, StoredSamples.ofBytes("x", new ImageShape(3, 1, 2), pixels));
    byte[] content = Files.readAllBytes(file);
    assertThat(content.length % 64).isEqualTo(6);
    assertThat(new String(content, 10, content.length - 16, StandardCharsets.US_ASCII))
        .matches("\\{'descr': '\\|u1', 'fortran_order': False, 'shape': \\(1, 1, 2, 3\\), \\} *\n");
    assertThat(content).endsWith(1, 3, 5, 2, 4, 6);
  }

  @Test
  void aLastRowThatCannotBeWrittenLeavesNothing() throws IOException {
    Path out = folder.resolve("pictures");
    ImageShape shape = new ImageShape(1, 1, 1);
    assertThatThrownBy(
            () -> {
              try (SampleWriter writer = SampleWriter.create(out, 2, 1, shape, ElementType.UINT8)) {
                writer.write(new float[] {0});
                Path part =
                    folder.resolve(
                        list(folder).stream()
                            .filter(name -> name.endsWith(".part"))
                            .findAny()
                            .orElseThrow());
                Files.createDirectory(part.resolve("00001.png"));
                writer.write(new float[] {1});
              }
            })
        .isInstanceOf(UncheckedIOException.class);
    assertThat(list(folder)).isEmpty();
  }

  @Test
  void picturesInAFolder() throws IOException {
    Path out = folder.resolve("pictures");
    ImageShape shape = new ImageShape(1, 1, 3);
    try (SampleWriter writer = SampleWriter.create(out, 2, 3, shape, ElementType.FLOAT32)) {
      writer.write(new float[] {-1, 0.5f, 7, 0, 1, Float.NaN});
      assertThat(out).doesNotExist();
    }
    assertThat(list(out)).containsExactly("00000.png", "00001.png");
    Samples read = open(out);
    assertThat(read.row(0)).containsExactly(0, 128 / 255f, 1);
    assertThat(read.row(1)).containsExactly(0, 1, 0);
    assertThat(list(folder)).containsExactly("pictures");
    assertThatThrownBy(() -> SampleWriter.create(out, 1, 3, shape, ElementType.UINT8))
        .isInstanceOf(InputException.class)
        .hasMessage(out + ": holds something already; name a new folder");

    ImageShape colour = new ImageShape(3, 2, 2);
    Samples colours =
        StoredSamples.ofBytes("x", colour, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    Path second = Files.createDirectory(folder.resolve("empty"));
    SampleWriter.write(second, colours);
    assertThat(DataHash.sha256(open(second))).isEqualTo(DataHash.sha256(colours));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows.npy", "rows.npz", "rows"})
  void anUnfinishedWriterLeavesNothing(String name) throws IOException {
    Path out = folder.resolve(name);
    ImageShape shape = new ImageShape(1, 1, 3);
    try (SampleWriter writer = SampleWriter.create(out, 2, 3, shape, ElementType.UINT8)) {
      writer.write(new float[] {0, 0, 0});
    }
    assertThat(list(folder)).isEmpty();
  }

  @Test
  void whereNothingCanBeWritten() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[1]);
    Samples rows = StoredSamples.ofFloats("x", 2, null, new float[] {1, 2});
    assertThatThrownBy(() -> SampleWriter.write(file.resolve("x.npy"), rows))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("cannot write " + file.resolve("x.npy") + ": ");
    Path taken = Files.createDirectory(folder.resolve("taken.npy"));
    assertThatThrownBy(() -> SampleWriter.write(taken, rows))
        .isInstanceOf(InputException.class)
        .hasMessage(taken + ": is a directory; name a file to write");
    assertThatThrownBy(() -> SampleWriter.write(folder.resolve("rows.PNG"), rows))
        .hasMessageEndingWith(
            "rows.PNG: rows do not go into one picture; give a folder, .npy or .npz");
    assertThatThrownBy(() -> SampleWriter.write(folder.resolve("out"), rows))
        .hasMessage(
            folder.resolve("out")
                + ": rows of numbers are not pictures; write them to a .npy or .npz file");
  }

  @Test
  void hashesTellSetsApart() {
    ImageShape shape = new ImageShape(1, 2, 3);
    byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    Samples samples = StoredSamples.ofBytes("a", shape, pixels);
    String hash = DataHash.sha256(samples);
    // SHA-256 of "UINT8 2 x 1 2 3\n" and the twelve bytes, by sha256sum.
    assertThat(hash).isEqualTo("cae3501a5a75907013a764ccf151d42beac3265c90af65fd5fd63105f575f7c1");
    assertThat(DataHash.sha256(samples.named("b"))).isEqualTo(hash);
    assertThat(DataHash.sha256(samples.select(new int[] {1, 0}))).isNotEqualTo(hash);
    Samples turned = StoredSamples.ofBytes("a", new ImageShape(1, 3, 2), pixels);
    assertThat(DataHash.sha256(turned)).isNotEqualTo(hash);
    int[] many = IntStream.range(0, 1 << 18).map(i -> i % 2).toArray();
    assertThat(DataHash.sha256(samples.select(many))).hasSize(64);
  }

  private static Samples open(Path data) {
    return DataSource.open(data.toString(), DataOptions.defaults(), Progress.SILENT);
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
