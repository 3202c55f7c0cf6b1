package org.mixel.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;

/**
 * 10,000 damaged {@code .npy} files and 2,000 sound ones: what is read here, NumPy reads as the
 * same values; what NumPy reads and is refused here is refused for one of the reasons that stand
 * below.
 */
class NumpyAgreementTest {
  private static final int DAMAGED = 10_000;
  private static final int SOUND = 2_000;
  private static final int MOST_CHANGES = 3;
  private static final int AGREED_AT_LEAST = 7_500;

  /** By the words of the refusal, why an array that NumPy reads is not taken. */
  private static final Map<String, String> ON_PURPOSE = new LinkedHashMap<>();

  static {
    ON_PURPOSE.put("holds (bool|u?int|complex|values)", "numbers that are no pixels");
    ON_PURPOSE.put("is not an array of plain numbers", "a type that is not written as NumPy does");
    ON_PURPOSE.put("holds no (rows|values)", "nothing in it");
    ON_PURPOSE.put("a single number", "no rows");
    ON_PURPOSE.put("one number per row", "no rows of values");
    ON_PURPOSE.put("data has the shape", "more than four axes");
    ON_PURPOSE.put("has no axis of 1 or 3 channels", "four axes, and no channels");
    ON_PURPOSE.put("can be read in two ways", "channels first or last");
    ON_PURPOSE.put("bytes follow its header", "more bytes than the shape needs");
    ON_PURPOSE.put("is not one that NumPy writes", "a header that NumPy reads and never writes");
    ON_PURPOSE.put("is too large", "a row too large");
  }

  @TempDir Path folder;

  private final Random random = new Random(20);

  @Test
  void everyArrayIsReadOrRefusedAsByNumpy() throws Exception {
    assumeTrue(hasNumpy(), "python3 with numpy is not there");
    byte[][] files = new byte[DAMAGED + SOUND][];
    for (int i = 0; i < files.length; i++) {
      files[i] = i < DAMAGED ? damaged() : sound();
    }
    ByteBuffer verdicts = verdicts(files).order(ByteOrder.LITTLE_ENDIAN);
    Map<String, Integer> damaged = new TreeMap<>();
    Map<String, Integer> sound = new TreeMap<>();
    for (int i = 0; i < files.length; i++) {
      int axes = verdicts.getInt();
      long[] shape = new long[Math.max(0, axes)];
      Arrays.setAll(shape, axis -> verdicts.getLong());
      (i < DAMAGED ? damaged : sound)
          .merge(outcome(files[i], axes, shape, verdicts), 1, Integer::sum);
    }
    System.out.println("of " + DAMAGED + " damaged arrays: " + damaged);
    System.out.println("of " + SOUND + " sound arrays: " + sound);
    assertThat(verdicts.remaining()).isZero();
    assertThat(sound.get("read by both")).isGreaterThan(SOUND / 2);
    int read = damaged.getOrDefault("read by both", 0);
    assertThat(read).isGreaterThan(DAMAGED / 100);
    assertThat(read + damaged.getOrDefault("refused by both", 0)).isGreaterThan(AGREED_AT_LEAST);
  }

  /** Compares, and takes the values off the verdicts. */
  private String outcome(byte[] file, int axes, long[] shape, ByteBuffer verdicts)
      throws IOException {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    double[] values = new double[axes < 0 ? 0 : verdicts.getInt()];
    Arrays.setAll(values, i -> verdicts.getDouble());
    Samples samples;
    try {
      Path path = Files.write(folder.resolve("x.npy"), file);
      samples = DataSource.open(path.toString(), DataOptions.defaults(), Progress.SILENT);
    } catch (InputException refusal) {
      return axes < 0
          ? "refused by both"
          : ON_PURPOSE.entrySet().stream()
              .filter(
                  each -> String.valueOf(refusal.getMessage()).matches(".*" + each.getKey() + ".*"))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElseThrow(() -> new AssertionError(text, refusal));
    }
    assertThat(axes).as(() -> "NumPy refuses " + text).isNotNegative();
    requireEqual(samples, shape, values, text);
    return "read by both";
  }

  private static void requireEqual(Samples samples, long[] shape, double[] values, String text) {
    assertThat((long) samples.rows()).as(text).isEqualTo(shape[0]);
    assertThat(values).as(text).hasSize(samples.rows() * samples.dims());
    ImageShape image = samples.shape().orElse(null);
    boolean channelsLast = shape.length == 4 && (shape[3] == 1 || shape[3] == 3);
    ByteBuffer row = ByteBuffer.allocate(samples.rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < samples.rows(); i++) {
      samples.read(i, 1, row.clear());
      row.flip();
      for (int j = 0; j < samples.dims(); j++) {
        int at = channelsLast && image != null ? lastChannel(j, image) : j;
        double expected = values[i * samples.dims() + at];
        double stored =
            samples.type() == ElementType.UINT8
                ? row.get() & 0xff
                : samples.type() == ElementType.FLOAT32 ? row.getFloat() : row.getDouble();
        double exact = samples.type() == ElementType.FLOAT32 ? (float) expected : expected;
        if (Double.compare(stored, exact) != 0) {
          throw new AssertionError("row %d has %s, not %s: %s".formatted(i, stored, exact, text));
        }
      }
    }
  }

  /** Where value {@code j} of an image lies when its channels come last. */
  private static int lastChannel(int j, ImageShape image) {
    int plane = image.height() * image.width();
    return j % plane * image.channels() + j / plane;
  }

  /** A file of other bytes than a sound one. */
  private byte[] damaged() {
    byte[] whole = sound();
    byte[] file = whole;
    int changes = 1 + random.nextInt(MOST_CHANGES);
    for (int i = 0; i < changes || Arrays.equals(file, whole); i++) {
      file = changed(file);
    }
    return file;
  }

  private byte[] sound() {
    String[] types = {
      "|u1", "<f2", ">f2", "<f4", ">f4", "=f4", "<f8", ">f8", "|b1", "|i1", "<u2", ">i4", "<i8",
      "<u8", "<c8", "|S2", "<U1", "<M8[s]", "|O", "float32", "f4", "u1", "B"
    };
    // Most are of a type that is read.
    String type = types[random.nextInt(random.nextInt(4) > 0 ? 8 : types.length)];
    long[] shape = new long[random.nextInt(8) > 0 ? 2 + random.nextInt(3) : random.nextInt(7)];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(4);
    }
    String tuple = ArrayHeader.text(shape);
    int width = type.matches(".*8.*") ? 8 : type.matches(".*4") ? 4 : type.endsWith("2") ? 2 : 1;
    int bytes = (int) Arrays.stream(shape).reduce(width, (a, b) -> a * b);
    byte[] file = SeedFiles.npy(1 + random.nextInt(3), type, random.nextBoolean(), tuple, bytes);
    byte[] numbers = new byte[bytes];
    random.nextBytes(numbers);
    System.arraycopy(numbers, 0, file, file.length - bytes, bytes);
    return file;
  }

  /** One change; most lie in the header. */
  private byte[] changed(byte[] file) {
    if (file.length == 0) {
      return file;
    }
    int at = random.nextInt(random.nextInt(4) > 0 ? Math.min(file.length, 90) : file.length);
    String text = new String(file, StandardCharsets.ISO_8859_1);
    String changed =
        switch (random.nextInt(9)) {
          case 0 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
          case 1 -> text.substring(0, at) + text.substring(at + 1);
          case 2 -> text.substring(0, at) + (char) (32 + random.nextInt(96)) + text.substring(at);
          case 3 -> text.substring(0, Math.max(1, at));
          case 4 -> text + "x".repeat(1 + random.nextInt(4));
          case 5 -> text.replace("'", "\"");
          case 6 -> text.replaceFirst("[0-9],", random.nextInt(3) + "L,");
          case 7 -> text.replaceFirst(", ", random.nextBoolean() ? "," : " ,\n ");
          default -> text.replaceFirst("'shape'", random.nextBoolean() ? "'form'" : "'descr'");
        };
    return withLength(changed.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Often a header that became longer or shorter says so. */
  private byte[] withLength(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n', 12);
    if (end < 0 || file.length < 12 || random.nextInt(4) == 0) {
      return file;
    }
    if (file[6] == 1) {
      int length = end + 1 - 10;
      file[8] = (byte) length;
      file[9] = (byte) (length >> 8);
    } else {
      int length = end + 1 - 12;
      file[8] = (byte) length;
      file[9] = (byte) (length >> 8);
    }
    return file;
  }

  private static boolean hasNumpy() throws InterruptedException {
    try {
      Process python = new ProcessBuilder("python3", "-c", "import numpy").start();
      return python.waitFor(60, TimeUnit.SECONDS) && python.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private ByteBuffer verdicts(byte[][] files) throws IOException, InterruptedException {
    Path script = folder.resolve("verdicts.py");
    try (InputStream in = getClass().getResourceAsStream("numpy_verdicts.py")) {
      Files.copy(Objects.requireNonNull(in), script);
    }
    Path batch = folder.resolve("batch");
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(batch))) {
      for (byte[] file : files) {
        out.writeInt(Integer.reverseBytes(file.length));
        out.write(file);
      }
    }
    Path answers = folder.resolve("answers");
    Process python =
        new ProcessBuilder("python3", script.toString(), batch.toString(), answers.toString())
            .inheritIO()
            .start();
    assertThat(python.waitFor()).isZero();
    return ByteBuffer.wrap(Files.readAllBytes(answers));
  }
}
