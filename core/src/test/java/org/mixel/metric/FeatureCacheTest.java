package org.mixel.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;

/** Features are computed once for the same images and network, in bounded space. */
class FeatureCacheTest {
  private static final ImageShape SHAPE = new ImageShape(1, 4, 5);

  /** 30 rows of 4 numbers, their size and the checksum. */
  private static final long FILE_BYTES = 8 + 30 * 4 * 4 + 32;

  @TempDir private Path folder;
  private Path kept;
  private Path network;

  /** The stages that were begun, with the last notes of them. */
  private final List<String> stages = new ArrayList<>();

  private final List<String> notes = new ArrayList<>();

  private final Progress progress =
      (name, steps) -> {
        stages.add(name);
        return new Progress.Stage() {
          @Override
          public void advance(long by) {}

          @Override
          public void note(String text) {
            notes.add(text);
          }

          @Override
          public void close() {}
        };
      };

  @BeforeEach
  void writeNetwork() {
    kept = folder.resolve("kept");
    network = network("network.pt", "x.mean(3)[:, 0]");
  }

  private Path network(String name, String answer) {
    Path file = folder.resolve(name);
    try (NativeScope scope = new NativeScope()) {
      JitModule module = new JitModule(new QualifiedName("__torch__.network"));
      module.define("def forward(self, x):\n    return " + answer + "\n");
      module.save(file.toString());
    }
    return file;
  }

  private static Samples images(String name, long seed) {
    byte[] pixels = new byte[30 * SHAPE.dims()];
    new Random(seed).nextBytes(pixels);
    return StoredSamples.ofBytes(name, SHAPE, pixels);
  }

  private Samples features(Path file, Samples images, long limit) {
    stages.clear();
    notes.clear();
    try (FeatureNetwork loaded = FeatureNetwork.load(file, ComputeDevice.CPU)) {
      return new FeatureCache(kept, limit).features(loaded, images, progress);
    }
  }

  private boolean computes(Path file, Samples images, long limit) {
    features(file, images, limit);
    return stages.contains("features of " + images.name());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(kept)) {
      return all.toList();
    }
  }

  @Test
  void sameImagesMeetTheSameNetworkOnce() {
    Samples first = features(network, images("a", 1), 1 << 20);
    assertThat(stages).contains("features of a");
    assertThat(notes).last().asString().endsWith(" images/s");
    Samples again = features(network, images("b", 1), 1 << 20);
    assertThat(stages).contains("known features of b").doesNotContain("features of b");
    assertThat(again.name()).isEqualTo("b");
    assertThat(again.shape()).isEmpty();
    assertThat(DataHash.sha256(again)).isEqualTo(DataHash.sha256(first));
    assertThat(computes(network, images("a", 2), 1 << 20)).isTrue();
    Path other = network("other.pt", "x.mean(3)[:, 0] + 1");
    assertThat(computes(other, images("a", 1), 1 << 20)).isTrue();
    assertThat(computes(network, images("a", 1), 1 << 20)).isFalse();
  }

  @Test
  void damagedFilesAreComputedAnew() throws IOException {
    Samples right = features(network, images("a", 1), 1 << 20);
    Path file = files().get(0);
    byte[] whole = Files.readAllBytes(file);
    assertThat(whole).hasSize((int) FILE_BYTES);
    byte[] flipped = whole.clone();
    flipped[100] ^= 1;
    for (byte[] damaged : new byte[][] {flipped, new byte[0], new byte[40]}) {
      Files.write(file, damaged);
      Samples found = features(network, images("a", 1), 1 << 20);
      assertThat(stages).contains("features of a");
      assertThat(DataHash.sha256(found)).isEqualTo(DataHash.sha256(right));
      assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }
  }

  @Test
  void whatWasUsedLongestAgoGoesFirst() throws IOException {
    long two = 2 * FILE_BYTES;
    features(network, images("a", 1), two);
    Path first = files().get(0);
    features(network, images("b", 2), two);
    for (Path file : files()) {
      Files.setLastModifiedTime(file, FileTime.fromMillis(file.equals(first) ? 1000 : 2000));
    }
    assertThat(computes(network, images("a", 1), two)).isFalse();
    assertThat(computes(network, images("c", 3), two)).isTrue();
    assertThat(files()).hasSize(2).contains(first);
    assertThat(new FeatureCache(kept, two).bytes()).isEqualTo(two);
    assertThat(computes(network, images("b", 2), two)).isTrue();
    assertThat(computes(network, images("b", 2), FILE_BYTES - 1)).isFalse();
  }

  @Test
  void whatFindsNoRoomIsComputedAndNotKept() throws IOException {
    features(network, images("a", 1), FILE_BYTES - 1);
    assertThat(kept).doesNotExist();
    Files.writeString(kept, "no folder");
    assertThat(features(network, images("a", 1), 1 << 20).rows()).isEqualTo(30);
    assertThat(kept).hasContent("no folder");
    assertThat(new FeatureCache(kept, 1 << 20).bytes()).isZero();
  }

  @Test
  void whatCannotBeComputedIsNotKept() {
    Path broken = network("broken.pt", "x / (x - x)");
    assertThatThrownBy(() -> features(broken, images("a", 1), 1 << 20))
        .isInstanceOf(InputException.class);
    assertThat(kept).doesNotExist();
  }
}
