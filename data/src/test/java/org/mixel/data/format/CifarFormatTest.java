package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mixel.data.format.NpyFormatTest.pixels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/** Records come in the order of their batches, from a folder, an archive or one file. */
class CifarFormatTest {
  @TempDir Path folder;

  @Test
  void archiveFolderAndFile() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("cifar-10-batches-bin/batches.meta.txt", new byte[] {1});
    files.put("cifar-10-batches-bin/data_batch_2.bin", records(5, 6));
    files.put("cifar-10-batches-bin/test_batch.bin", records(9));
    files.put("cifar-10-batches-bin/data_batch_1.bin", records(3));
    Path archive = folder.resolve("cifar.tar.gz");
    Files.write(archive, IdxFormatTest.gzip(ImageFilesTest.tar(files)));
    Path batches = Files.createDirectory(folder.resolve("batches"));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(batches.resolve(CifarFormat.fileName(file.getKey())), file.getValue());
    }
    for (Path data : new Path[] {archive, batches}) {
      Samples train = open(data.toString());
      assertThat(train.shape()).contains(new ImageShape(3, 32, 32));
      assertThat(train.rows()).isEqualTo(3);
      assertThat(pixels(train, 0)).startsWith(30, 31);
      assertThat(pixels(train, 1)).startsWith(50, 51);
      assertThat(pixels(train, 2)).startsWith(60, 61);
      assertThat(pixels(open(data + "#test"), 0)).startsWith(90);
      assertThat(CifarFormat.readLabels(data, "train")).containsExactly(3, 5, 6);
      assertThat(CifarFormat.readLabels(data, "test")).containsExactly(9);
      assertRefused(data + "#all", data + ": has the parts train and test, not 'all'");
    }
    assertThat(open(batches.resolve("data_batch_2.bin").toString()).rows()).isEqualTo(2);
  }

  @Test
  void damage() throws IOException {
    Path cut = folder.resolve("data_batch_1.bin");
    Files.write(cut, Arrays.copyOf(records(1, 2), 4000));
    assertRefused(cut.toString(), cut + ": ends early");
    Path other = folder.resolve("other.bin");
    Files.write(other, records(200));
    assertRefused(
        other.toString(), other + ": is not CIFAR-10's binary form: record 0 has the label 200");
  }

  private static byte[] records(int... labels) {
    byte[] records = new byte[labels.length * 3073];
    for (int i = 0; i < labels.length; i++) {
      records[i * 3073] = (byte) labels[i];
      for (int j = 0; j < 3072; j++) {
        records[i * 3073 + 1 + j] = (byte) (10 * labels[i] + j);
      }
    }
    return records;
  }

  private static void assertRefused(String data, String complaint) {
    assertThatThrownBy(() -> open(data))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(complaint)
        .hasMessageNotContaining("\n");
  }

  private static Samples open(String data) {
    return DataSource.open(data, DataOptions.defaults(), Progress.SILENT);
  }
}
