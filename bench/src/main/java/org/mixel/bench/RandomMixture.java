package org.mixel.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/**
 * The file of a mixture of random numbers, for cases in which only its size matters, and rows near
 * its means.
 *
 * @param file deleted by {@link #close}
 */
record RandomMixture(Path file, int components, int factors, ImageShape shape, long seed)
    implements AutoCloseable {
  private static final double LOADING = 0.05;
  private static final double NOISE = 0.01;

  /** Writes the file, in the form of safetensors. */
  static RandomMixture write(int components, int factors, ImageShape shape, long seed) {
    int dims = shape.dims();
    long values = (long) components * dims;
    long loadings = values * factors;
    StringBuilder header = new StringBuilder("{");
    header.append("\"__metadata__\":{\"image_shape\":\"").append(shape.toMetadata()).append("\"}");
    long end = tensor(header, "log_weights", "[%d]".formatted(components), 0, components);
    end = tensor(header, "means", "[%d,%d]".formatted(components, dims), end, values);
    end =
        tensor(
            header, "loadings", "[%d,%d,%d]".formatted(components, factors, dims), end, loadings);
    tensor(header, "noise_variance", "[%d,%d]".formatted(components, dims), end, values);
    header.append('}');
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    try {
      Path file = Files.createTempFile("mixel-bench", ".mfa");
      try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
        out.write(
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).flip());
        out.write(ByteBuffer.wrap(text));
        write(out, components, () -> 0);
        SplittableRandom random = new SplittableRandom(seed);
        write(out, values, random::nextDouble);
        write(out, loadings, () -> random.nextDouble(-LOADING, LOADING));
        write(out, values, () -> NOISE * (0.5 + random.nextDouble()));
      }
      return new RandomMixture(file, components, factors, shape, seed);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a mixture: " + e.getMessage(), e);
    }
  }

  private static long tensor(
      StringBuilder header, String name, String shape, long start, long values) {
    long end = start + values * Float.BYTES;
    header
        .append(",\"%s\":{\"dtype\":\"F32\",\"shape\":%s".formatted(name, shape))
        .append(",\"data_offsets\":[%d,%d]}".formatted(start, end));
    return end;
  }

  private static void write(FileChannel out, long values, DoubleSupplier next) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < values; i++) {
      block.putFloat((float) next.getAsDouble());
      if (!block.hasRemaining() || i == values - 1) {
        out.write(block.flip());
        block.clear();
      }
    }
  }

  /** Images near the means: each within a few grey levels of one. */
  Samples rows(String name, int count) {
    int dims = shape.dims();
    SplittableRandom random = new SplittableRandom(seed);
    byte[][] means = new byte[Math.min(count, components)][dims];
    for (byte[] mean : means) {
      for (int j = 0; j < dims; j++) {
        mean[j] = (byte) Math.round(255 * random.nextDouble());
      }
    }
    byte[] pixels = new byte[Math.multiplyExact(count, dims)];
    for (int i = 0; i < count; i++) {
      byte[] mean = means[i % means.length];
      for (int j = 0; j < dims; j++) {
        int value = (mean[j] & 0xff) + random.nextInt(-20, 21);
        pixels[i * dims + j] = (byte) Math.max(0, Math.min(255, value));
      }
    }
    return StoredSamples.ofBytes(name, shape, pixels);
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }
}
