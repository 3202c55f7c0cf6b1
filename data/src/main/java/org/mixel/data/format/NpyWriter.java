package org.mixel.data.format;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.mixel.WholeFile;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;

/** Writes {@code .npy} files (version 1 of the format) and {@code .npz} files of one array. */
final class NpyWriter implements RowWriter {
  /** The name of the only array of an {@code .npz} file. */
  private static final String KEY = "samples";

  private static final int ALIGNMENT = 64;

  private final Path place;
  private final WholeFile.Part part;
  private final OutputStream out;
  private final int channels;

  private NpyWriter(Path place, WholeFile.Part part, OutputStream out, int channels) {
    this.place = place;
    this.part = part;
    this.out = out;
    this.channels = channels;
  }

  /**
   * Begins a file beside its place.
   *
   * @param shape the shape of a row, or null when rows are not images
   */
  static NpyWriter create(
      Path place, int rows, int dims, @Nullable ImageShape shape, ElementType type) {
    WholeFile.Part part = WholeFile.begin(place);
    try {
      OutputStream out = new BufferedOutputStream(Files.newOutputStream(part.path()), 1 << 16);
      if (place.toString().toLowerCase(Locale.ROOT).endsWith(".npz")) {
        out = zipped(out);
      }
      out.write(header(rows, dims, shape, type));
      return new NpyWriter(place, part, out, shape == null ? 1 : shape.channels());
    } catch (IOException e) {
      part.close();
      throw WholeFile.failure(place, e);
    }
  }

  private static OutputStream zipped(OutputStream file) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(file);
    zip.setLevel(Deflater.BEST_SPEED);
    ZipEntry entry = new ZipEntry(KEY + ".npy");
    // The same rows make the same file, whenever they are written.
    entry.setLastModifiedTime(FileTime.fromMillis(0));
    zip.putNextEntry(entry);
    return zip;
  }

  private static byte[] header(int rows, int dims, @Nullable ImageShape shape, ElementType type) {
    String axes = Integer.toString(dims);
    if (shape != null) {
      axes = shape.height() + ", " + shape.width() + (shape.channels() == 1 ? "" : ", 3");
    }
    String dictionary =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %s), }"
            .formatted(description(type), rows, axes);
    int start = 10;
    int length = -Math.floorDiv(-(start + dictionary.length() + 1), ALIGNMENT) * ALIGNMENT - start;
    String padded = dictionary + " ".repeat(length - dictionary.length() - 1) + "\n";
    String magic = "\u0093NUMPY\u0001\0" + (char) (length & 0xff) + (char) (length >> 8);
    return (magic + padded).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String description(ElementType type) {
    return switch (type) {
      case UINT8 -> "|u1";
      case FLOAT32 -> "<f4";
      case FLOAT64 -> "<f8";
    };
  }

  @Override
  public void write(byte[] row, ElementType type) {
    try {
      out.write(channels == 1 ? row : channelsLast(row, type.bytes()));
    } catch (IOException e) {
      throw WholeFile.failure(place, e);
    }
  }

  private byte[] channelsLast(byte[] row, int width) {
    byte[] turned = new byte[row.length];
    int plane = row.length / (channels * width);
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < plane; i++) {
        int from = (c * plane + i) * width;
        int to = (i * channels + c) * width;
        for (int b = 0; b < width; b++) {
          turned[to + b] = row[from + b];
        }
      }
    }
    return turned;
  }

  @Override
  public void commit() {
    try {
      out.close();
    } catch (IOException e) {
      throw WholeFile.failure(place, e);
    }
    part.commit();
  }

  @Override
  public void close() {
    try (part) {
      out.close();
    } catch (IOException e) {
      throw WholeFile.failure(place, e);
    }
  }
}
