package org.mixel.data.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.DataOptions.Layout;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.io.DataSource;
import org.mixel.io.Labels;
import org.mixel.io.Masks;

/** Files of arrays of any bytes are read, or refused in one plain line. */
@Tag("fuzz")
class ArrayFuzzTest {
  private static final Samples ROWS =
      StoredSamples.ofBytes("rows", new ImageShape(1, 2, 2), new byte[8]);

  @MethodSource("org.mixel.data.format.SeedFiles#npy")
  @FuzzTest
  void npy(byte[] bytes) {
    HostileBytes.give("x.npy", bytes, ArrayFuzzTest::read);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#npz")
  @FuzzTest
  void npz(byte[] bytes) {
    HostileBytes.give("x.npz", bytes, ArrayFuzzTest::read);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#npy")
  @FuzzTest
  void npyInNpz(byte[] bytes) {
    HostileBytes.give("x.npz", Packed.zip("samples.npy", bytes), ArrayFuzzTest::read);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#idx")
  @FuzzTest
  void idx(byte[] bytes) {
    HostileBytes.give("x-ubyte", bytes, ArrayFuzzTest::read);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#idx")
  @FuzzTest
  void idxInGzip(byte[] bytes) {
    HostileBytes.give("x-ubyte.gz", Packed.gzip(bytes), ArrayFuzzTest::read);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#mat")
  @FuzzTest
  void mat(byte[] bytes) {
    HostileBytes.give("x.mat", bytes, ArrayFuzzTest::readMat);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#mat")
  @FuzzTest
  void packedMat(byte[] bytes) {
    HostileBytes.give("x.mat", Packed.mat(bytes), ArrayFuzzTest::readMat);
  }

  @MethodSource("org.mixel.data.format.SeedFiles#records")
  @FuzzTest
  void cifar(byte[] bytes) {
    HostileBytes.give(
        "data_batch_1.bin",
        bytes,
        file -> {
          read(file);
          LabelFiles.readOriginal(file, "train");
        });
  }

  @MethodSource("org.mixel.data.format.SeedFiles#npy")
  @FuzzTest
  void mask(byte[] bytes) {
    HostileBytes.give(
        "mask.npy", bytes, file -> Masks.read(file.toString(), ROWS, ROWS.shape()).observed(1));
  }

  @MethodSource("org.mixel.data.format.SeedFiles#pngs")
  @FuzzTest
  void maskPicture(byte[] bytes) {
    Optional<ImageShape> shape = Optional.of(new ImageShape(1, 2, 2));
    HostileBytes.give("mask.png", bytes, file -> Masks.read(file.toString(), ROWS, shape));
  }

  @MethodSource("org.mixel.data.format.SeedFiles#labels")
  @FuzzTest
  void labels(byte[] bytes) {
    HostileBytes.give("labels", bytes, file -> Labels.of("rows", file, 2, Progress.SILENT));
  }

  @MethodSource("org.mixel.data.format.SeedFiles#npy")
  @FuzzTest
  void weights(byte[] bytes) {
    HostileBytes.give("weights.npy", bytes, file -> WeightFiles.read(file, "rows", 2));
  }

  private static void readMat(Path file) {
    LabelFiles.readOriginal(file, "train");
    read(file);
  }

  /** Reads all rows, and again with every option. */
  static void read(Path file) {
    touch(DataSource.open(file.toString()));
    DataOptions options =
        DataOptions.defaults()
            .withLayout(Layout.NCHW)
            .withSize(new DataOptions.Size(3, 2))
            .withCrop(new DataOptions.Center());
    touch(DataSource.open(file.toString(), options, Progress.SILENT));
  }

  private static void touch(Samples samples) {
    ByteBuffer row = ByteBuffer.allocate(samples.rowBytes());
    for (int i = 0; i < samples.rows(); i++) {
      samples.read(i, 1, row.clear());
    }
  }
}
