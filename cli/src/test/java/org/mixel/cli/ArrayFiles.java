package org.mixel.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;

/**
 * Makes small NumPy files, named as arguments of commands.
 *
 * @param folder where they are put
 */
record ArrayFiles(Path folder) {
  private static final ImageShape SHAPE = new ImageShape(1, 8, 8);

  /** 400 points in the plane around (center, center). */
  String normal(String name, long seed, double center) {
    Random random = new Random(seed);
    float[] values = new float[800];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (center + random.nextGaussian());
    }
    return write(name, StoredSamples.ofFloats(name, 2, null, values));
  }

  /** 200 noisy pictures of 8x8 pixels with bright rows or columns. */
  String stripes(String name) {
    Random random = new Random(1);
    byte[] pixels = new byte[200 * 64];
    for (int i = 0; i < pixels.length; i++) {
      boolean bright = (i / 64 % 2 == 0 ? i % 8 : i / 8 % 8) % 2 == 0;
      pixels[i] = (byte) ((bright ? 180 : 30) + random.nextInt(40));
    }
    return images(name, pixels);
  }

  /** Pictures of 8x8 pixels. */
  String images(String name, byte[] pixels) {
    return write(name, StoredSamples.ofBytes(name, SHAPE, pixels));
  }

  /** Pictures of 8x8 floats. */
  String images(String name, float[] values) {
    return write(name, StoredSamples.ofFloats(name, SHAPE.dims(), SHAPE, values));
  }

  private String write(String name, Samples rows) {
    Path file = folder.resolve(name);
    SampleWriter.write(file, rows);
    return file.toString();
  }

  /**
   * An array of a kind that Mixel reads but never writes.
   *
   * @param type as NumPy writes it, such as {@code |u1}
   * @param shape the same, without parentheses, such as {@code 200,}
   */
  String array(String name, String type, String shape, byte[] values) {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
    header = header + " ".repeat(117 - header.length()) + "\n";
    String start = "\u0093NUMPY\u0001\0v\0" + header;
    ByteBuffer bytes = ByteBuffer.allocate(start.length() + values.length);
    bytes.put(start.getBytes(StandardCharsets.ISO_8859_1)).put(values);
    try {
      return Files.write(folder.resolve(name), bytes.array()).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
