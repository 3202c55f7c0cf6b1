package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mixel.data.format.NpyFormatTest.bytes;
import static org.mixel.data.format.NpyFormatTest.npy;
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
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/** Arrays are found in archives by their keys, and claims are held against the archive. */
class NpzFormatTest {
  @TempDir Path folder;

  @Test
  void theOnlyArrayOrTheChosenOne() throws IOException {
    byte[] first = npy("|u1", false, "(1, 3)", bytes(1, 2, 3));
    Path one = write(Map.of("arr_0.npy", first));
    assertThat(pixels(open(one.toString()), 0)).containsExactly(1, 2, 3);
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("x.npy", first);
    // By columns: (1, 2), (3, 4).
    arrays.put("y.npy", npy("|u1", true, "(2, 2)", bytes(1, 3, 2, 4)));
    Path two = write(arrays);
    assertThat(pixels(open(two + "#y"), 0)).containsExactly(1, 2);
    assertThat(pixels(open(two + "#y"), 1)).containsExactly(3, 4);
    assertThat(open(two + "#y").name()).isEqualTo(two + "#y");
    assertRefused(
        two.toString(), two + ": holds several arrays (x, y); choose one with array.npz#x");
    assertRefused(two + "#z", two + ": holds no array 'z', but x, y");
  }

  @Test
  void liesAndCuts() throws IOException {
    Path lie = write(Map.of("a.npy", npy("<f4", false, "(1000000, 60000)", new byte[12])));
    assertRefused(
        lie.toString(), lie + "#a: its header claims (1000000, 60000), 240000000000 bytes, but");
    Path none = write(Map.of("a.txt", new byte[3]));
    assertRefused(none.toString(), none + ": holds no arrays");
    byte[] whole = ImageFilesTest.zip(Map.of("a.npy", npy("|u1", false, "(1, 3)", bytes(1, 2, 3))));
    Path cut = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(whole, whole.length - 30));
    assertRefused(cut.toString(), cut + ": is damaged");
    Path text = Files.write(folder.resolve("text.npz"), bytes(1, 2, 3));
    assertRefused(text.toString(), text + ": is damaged");
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

  private Path write(Map<String, byte[]> arrays) throws IOException {
    return Files.write(folder.resolve("array.npz"), ImageFilesTest.zip(arrays));
  }
}
