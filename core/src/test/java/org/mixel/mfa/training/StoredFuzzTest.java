package org.mixel.mfa.training;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.metric.FeatureNetwork;
import org.mixel.mfa.MixtureFile;
import org.mixel.ndb.BinsFile;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.VoronoiBins;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * Mixtures, bins, checkpoints and TorchScript files of any bytes are read, or refused in one plain
 * line that names the file.
 */
@Tag("fuzz")
class StoredFuzzTest {
  private static final ComputeDevice CPU = ComputeDevice.CPU;
  private static final Duration MOST = Duration.ofSeconds(5);

  /** The time of the processor, which others' work does not lengthen. */
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private static final Samples ROWS =
      StoredSamples.ofDoubles("rows", 2, new Random(1).doubles(24).toArray());
  private static final Ndb.Options BINNING =
      Ndb.Options.defaults()
          .withBins(List.of(2))
          .withBinning(VoronoiBins.Options.defaults().withRestarts(1).withWhiten(true));
  private static final Map<String, String> RUN = Map.of("trainer", "em", "seed", "1");

  @MethodSource("mixtures")
  @FuzzTest
  void safetensors(byte[] bytes) {
    give(bytes, file -> SafeTensors.read(file));
  }

  @MethodSource("openMixtures")
  @FuzzTest
  void mixture(byte[] bytes) {
    give(closed(bytes), file -> MixtureFile.read(file, CPU, null).close());
  }

  @MethodSource("openBins")
  @FuzzTest
  void bins(byte[] bytes) {
    give(closed(bytes), file -> BinsFile.read(file, ROWS, BINNING, Progress.SILENT));
  }

  @MethodSource("openCheckpoints")
  @FuzzTest
  void checkpoint(byte[] bytes) {
    give(
        closed(bytes),
        file -> TrainingState.load(file, RUN, CPU, Standardization.of(ROWS)).model().close());
  }

  @MethodSource("networks")
  @FuzzTest
  void torchScript(byte[] bytes) {
    give(bytes, file -> FeatureNetwork.load(file).close());
  }

  private static void give(byte[] bytes, Consumer<Path> reader) {
    long start = CLOCK.getCurrentThreadCpuTime();
    try (NativeScope scope = new NativeScope()) {
      withFile(
          file -> {
            Files.write(file, bytes);
            try {
              reader.accept(file);
            } catch (InputException refusal) {
              requirePlain(refusal, file);
            }
          });
    }
    Duration taken = Duration.ofNanos(CLOCK.getCurrentThreadCpuTime() - start);
    if (taken.compareTo(MOST) > 0) {
      throw new AssertionError("took " + taken);
    }
  }

  private static void requirePlain(InputException refusal, Path file) {
    String line = String.valueOf(refusal.getMessage());
    if (!line.contains(file.toString()) || line.chars().anyMatch(Character::isISOControl)) {
      throw new AssertionError("not a plain line that names the file: " + line, refusal);
    }
  }

  /** Works with a file. */
  private interface Work {
    void with(Path file) throws IOException;
  }

  private static void withFile(Work work) {
    try {
      Path file = Files.createTempFile("stored", ".bin");
      try {
        work.with(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] written(Consumer<Path> writer) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    withFile(
        file -> {
          writer.accept(file);
          content.writeBytes(Files.readAllBytes(file));
        });
    return content.toByteArray();
  }

  /** A file whose header ends with a zero, without its length, so that it may change. */
  private static byte[] open(byte[] file) {
    int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return ByteBuffer.allocate(file.length - 7)
        .put(file, 8, header)
        .put((byte) 0)
        .put(file, 8 + header, file.length - 8 - header)
        .array();
  }

  private static byte[] closed(byte[] open) {
    int header = 0;
    while (header < open.length && open[header] != 0) {
      header++;
    }
    int data = Math.min(open.length, header + 1);
    return ByteBuffer.allocate(8 + header + open.length - data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header)
        .put(open, 0, header)
        .put(open, data, open.length - data)
        .array();
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("log_weights", Tensors.of(new float[] {-1, -0.5f}, 2));
    tensors.put("means", Tensors.of(new float[] {0, 1, 2, 3}, 2, 2));
    tensors.put("loadings", Tensors.of(new float[] {1, 0, 0, 1}, 2, 1, 2));
    tensors.put("noise_variance", Tensors.of(new float[] {1, 1, 1, 1}, 2, 2));
    return tensors;
  }

  static Stream<byte[]> mixtures() {
    try (NativeScope scope = new NativeScope()) {
      return Stream.of(
          written(file -> SafeTensors.write(file, tensors(), Map.of())),
          written(file -> SafeTensors.write(file, tensors(), Map.of("image_shape", "1,1,2"))));
    }
  }

  static Stream<byte[]> openMixtures() {
    return mixtures().map(StoredFuzzTest::open);
  }

  static Stream<byte[]> openBins() {
    List<VoronoiBins> bins = Ndb.run(ROWS, List.of(ROWS), BINNING, CPU, Progress.SILENT).bins();
    return Stream.of(open(written(file -> BinsFile.write(file, bins))));
  }

  static Stream<byte[]> openCheckpoints() {
    Map<String, String> position =
        TrainingHistory.EMPTY.with(-3, -4.0, 0).withFirstValidation(-5).toTexts();
    try (NativeScope scope = new NativeScope()) {
      return Stream.of(open(written(file -> new Checkpoint(RUN, position, tensors()).save(file))));
    }
  }

  static Stream<byte[]> networks() {
    try (NativeScope scope = new NativeScope()) {
      JitModule module = new JitModule(new QualifiedName("__torch__.network"));
      module.define("def forward(self, x):\n    return x\n");
      return Stream.of(written(file -> module.save(file.toString())));
    }
  }
}
