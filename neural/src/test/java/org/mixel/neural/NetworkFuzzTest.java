package org.mixel.neural;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.InputException;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * Models and checkpoints of networks of any bytes are read, or refused in one plain line that names
 * the file.
 */
@Tag("fuzz")
class NetworkFuzzTest {
  private static final Duration MOST = Duration.ofSeconds(5);

  /** The time of the processor, which others' work does not lengthen. */
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  @BeforeAll
  static void loadTheLibrary() {
    try (NativeScope scope = new NativeScope()) {
      Tensors.of(new float[1], 1);
    }
  }

  @MethodSource("models")
  @FuzzTest
  void model(byte[] bytes) {
    give(closed(bytes), file -> ModelSampler.open(file, false, 1, ComputeDevice.CPU).close());
  }

  @MethodSource("checkpoints")
  @FuzzTest
  void checkpoint(byte[] bytes) {
    give(closed(bytes), file -> TrainingRun.Start.at(file, Map.of()));
  }

  private static void give(byte[] bytes, Consumer<Path> reader) {
    long start = CLOCK.getCurrentThreadCpuTime();
    try (NativeScope scope = new NativeScope()) {
      Path file = Files.createTempFile("network", ".safetensors");
      try {
        Files.write(file, bytes);
        reader.accept(file);
      } catch (InputException refusal) {
        String line = String.valueOf(refusal.getMessage());
        if (!line.contains(file.toString()) || line.chars().anyMatch(Character::isISOControl)) {
          throw new AssertionError("not a plain line that names the file: " + line, refusal);
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Duration taken = Duration.ofNanos(CLOCK.getCurrentThreadCpuTime() - start);
    if (taken.compareTo(MOST) > 0) {
      throw new AssertionError("took " + taken);
    }
  }

  /** A safetensors file from its header, which ends with a zero, and its numbers. */
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

  static Stream<byte[]> models() {
    return Stream.of(
            "adversarial-mfa-of-points.model",
            "vae-of-images.model",
            "vae-dfc-of-images.model",
            "dcgan-of-images.model",
            "began-of-images.model",
            "wgan-of-images.model")
        .map(NetworkFuzzTest::open);
  }

  static Stream<byte[]> checkpoints() {
    return Stream.of("adversarial-mfa-of-points.checkpoint", "wgan-of-points.checkpoint")
        .map(NetworkFuzzTest::open);
  }

  /** A stored file without the length of its header, so that the header may change. */
  private static byte[] open(String name) {
    try (InputStream in = NetworkFuzzTest.class.getResourceAsStream(name)) {
      ByteBuffer file =
          ByteBuffer.wrap(Objects.requireNonNull(in, name).readAllBytes())
              .order(ByteOrder.LITTLE_ENDIAN);
      byte[] header = new byte[(int) file.getLong()];
      file.get(header);
      return ByteBuffer.allocate(header.length + 1 + file.remaining())
          .put(header)
          .put((byte) 0)
          .put(file)
          .array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
